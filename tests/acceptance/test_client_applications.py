"""Applications with the client: accounts, their keys, their schedules."""

import pytest

from leia_nb import errors
from leia_nb.client import Client

from .clients import connected


@pytest.fixture(scope="module")
def leia(service):
    with connected(service) as leia:
        yield leia


@pytest.fixture
def made(leia, request):
    application = leia.applications.create(
        f"{request.node.name}@example.org", "Grace", "Hopper", application_name="Compilers",
        default_job_callback_url="https://example.org/done",
    )  # fmt: skip
    yield application
    leia.applications.delete(application)


def test_a_new_application_logs_in_with_its_key(service, leia, made):
    assert made.application_type == "developer"
    with Client(service.url, made.api_key) as grace:
        assert grace.whoami().id == made.id
        document = grace.documents.upload(b"x", filename="x.txt", progress=False)
        assert document.application_id == made.id
        with pytest.raises(errors.Forbidden, match="admin"):
            grace.applications.list()
        with pytest.raises(errors.NotLoggedIn, match="admin"):
            grace.documents.get(document, scope="admin")


def test_the_key_is_told_once_and_shown_nowhere(leia, made):
    assert made.api_key
    for shown in (repr(made), str(made), made._repr_html_(), leia.applications.list().to_html()):
        assert made.api_key not in shown
    assert leia.applications.get(made).api_key is None


def test_a_new_key_ends_the_old_one(service, leia, made):
    new = leia.applications.reset_api_key(made)
    assert new.api_key not in (None, made.api_key)
    with Client(service.url, made.api_key) as old, pytest.raises(errors.LoginFailed):
        old.whoami()
    with Client(service.url, new.api_key) as grace:
        assert grace.whoami().id == made.id


def test_the_older_login(service, made):
    with Client(service.url, made.api_key, key_in_url=True) as grace:
        assert grace.whoami().id == made.id
    with (
        Client(service.url, "no-key", key_in_url=True) as nobody,
        pytest.raises(errors.LoginFailed),
    ):
        nobody.whoami()


def test_listing_and_filters(leia, made):
    listed = leia.applications.list(
        application_id=made, email=made.email, application_name="Compilers", first_name="Grace",
        last_name="Hopper", application_type="developer", dedicated_workers=False,
        created_after=made.creation_time, sort="-creation_time,email",
    )  # fmt: skip
    assert listed.index.tolist() == [made.id]
    assert listed.loc[made.id, "default_job_callback_url"] == "https://example.org/done"
    assert leia.applications.get(listed) == leia.applications.get(made.id)
    assert len(leia.applications.list(email="nobody@example.org")) == 0


def test_edit(leia, made):
    edited = leia.applications.edit(
        made, application_name="Bugs", first_name="G", last_name="H", email="g@example.org",
        dedicated_workers=True, dedicated_workers_ttl=60, dedicated_workers_max_models=3,
        reduce_callback_payloads=True,
    )  # fmt: skip
    assert (edited.application_name, edited.first_name, edited.last_name, edited.email) == (
        "Bugs", "G", "H", "g@example.org",
    )  # fmt: skip
    assert (edited.dedicated_workers, edited.dedicated_workers_ttl) == (True, 60)
    assert (edited.dedicated_workers_max_models, edited.reduce_callback_payloads) == (3, True)
    assert leia.applications.get(made) == edited


def test_schedules_of_always_on_workers(leia, made):
    edited = leia.applications.edit(
        made, always_on_number=2, always_on_start_days=[1, 5], always_on_start_hour=8,
        always_on_start_minute=30, always_on_stop_hour=18,
    )  # fmt: skip
    (schedule,) = edited.always_on_schedules
    assert (schedule["number"], schedule["start_days"], schedule["start_minute"]) == (2, [1, 5], 30)
    assert schedule["id"] in edited._repr_html_()
    leia.applications.delete_schedule(made, schedule)
    assert leia.applications.get(made).always_on_schedules == ()
    with pytest.raises(errors.UnknownSchedule):
        leia.applications.delete_schedule(made, schedule["id"])


def test_an_email_is_taken_once(leia, made):
    with pytest.raises(errors.EmailTaken, match=made.email) as caught:
        leia.applications.create(made.email, "G", "H")
    assert caught.value.status_code == 409


def test_what_one_may_not_do_to_oneself(leia):
    for call in (leia.applications.reset_api_key, leia.applications.delete):
        with pytest.raises(errors.Forbidden) as caught:
            call(leia.application)
        assert caught.value.code == "own_application"


def test_deleting_takes_everything_along(service, leia):
    made = leia.applications.create("short-lived@example.org", "S", "L")
    with Client(service.url, made.api_key) as short_lived:
        document = short_lived.documents.upload(b"x", filename="x.txt", progress=False)
        leia.applications.delete(made)
        with pytest.raises(errors.LoginFailed):
            short_lived.whoami()
    with pytest.raises(errors.NotFound):
        leia.documents.get(document)
    with pytest.raises(errors.UnknownApplication):
        leia.applications.get(made)
