"""Logins, and a service that goes away, seen by the client."""

import pytest

from leia_nb import errors
from leia_nb.client import Client

from .clients import connected


def test_whoami_and_application(service):
    with connected(service) as leia:
        assert "not logged in yet" in repr(leia)
        assert leia.whoami() == leia.application
        assert leia.application.is_admin
        assert leia.application.application_name in repr(leia)
        assert service.key not in repr(leia)


def test_health(service):
    with Client(service.url, "wrong") as leia:
        assert leia.health()["status"] == "ok"


def test_logout_and_go_on(service):
    with connected(service) as leia:
        leia.logout()
        leia.whoami()
        token = leia._session._login.token
        leia.logout()
        assert leia.whoami().is_admin
        assert leia._session._login.token != token


def test_a_token_that_the_service_forgot_is_renewed(service):
    with connected(service) as leia, connected(service) as other:
        leia.whoami()
        other._session._login = leia._session._login
        other.logout()
        document = leia.documents.upload(b"some text", filename="x.txt", progress=False)
        leia.documents.delete(document)


def test_wrong_key(service):
    with Client(service.url, "wrong") as leia, pytest.raises(errors.LoginFailed, match="key"):
        leia.models.list()


@pytest.mark.parametrize("path", ["", "/leia", "/leia/1.0.0/model"])
def test_wrong_path(service, path):
    root = service.url.removesuffix("/leia/1.0.0")
    with Client(root + path, service.key) as leia, pytest.raises(errors.LeiaError) as caught:
        leia.models.list()
    assert isinstance(caught.value, errors.UnexpectedAnswer)


def test_a_service_that_has_gone_and_one_that_comes_back(fresh_service):
    running = fresh_service()
    with connected(running) as leia:
        document = leia.documents.upload(b"some text", filename="x.txt", progress=False)
    restarts = []

    def restart():
        restarts.append(fresh_service())
        return restarts[-1].url

    with (
        Client(running.url, running.key) as alone,
        Client(running.url, running.key, restart=restart) as reviving,
    ):
        assert alone.documents.get(document) == reviving.documents.get(document)
        running.terminate()
        with pytest.raises(errors.ConnectionFailed, match="Cannot connect"):
            alone.documents.tag(document, "late")
        assert reviving.documents.tag(document, "late").tags == ("late",)
        assert reviving.url == restarts[0].url
