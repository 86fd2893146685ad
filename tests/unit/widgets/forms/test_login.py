"""The login form without a browser: what it connects to, and where the key never is."""

import socket
import traceback
from unittest import mock

import pytest

import leia_nb
from leia_nb import embedded, errors
from leia_nb.widgets.common import styles
from leia_nb.widgets.fields.api_key import ApiKeyInput

NOBODY = "http://127.0.0.1:1/leia/1.0.0"
CANARY = "canary-5d0c2f"


@pytest.fixture
def service(leia_of_examples):
    return leia_of_examples.url


@pytest.fixture
def key(leia_of_examples, pytestconfig):
    folder = leia_of_examples.connect_code.split("'")[1]
    return embedded.admin_key(embedded.data_folder(folder))


def browser(form, key):
    """Stand in for the browser: answer when the form asks for the key."""
    control = form.fields["api_key"].control
    asked = []

    def send(content, *_rest):
        asked.append(content)
        control._handle_custom_msg({"kind": "key", "key": key}, [])
        control.typed = False

    control.send = send
    control.typed = True
    return asked


@pytest.fixture
def nobody():
    """An address where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"http://127.0.0.1:{port}/leia/1.0.0"


def wait(form):
    form._finished.wait(30)


def test_it_opens_from_the_package_and_goes_by_name():
    form = leia_nb.login_form(NOBODY)
    assert form.values == {"url": NOBODY}
    assert type(form) is leia_nb.widgets.LoginForm


def test_log_in_without_a_browser(service, key):
    form = leia_nb.login_form().fill(url=service, api_key=key)
    leia = form.submit(wait=True)
    assert leia is form.leia is form.result
    assert leia.whoami().application_type == "admin"
    assert form.fields["api_key"].take() is None
    assert form.submit_button.disabled


def test_log_in_by_click(service, key):
    form = leia_nb.login_form(service)
    asked = browser(form, key)
    form.submit_button.click()
    wait(form)
    assert form.leia.url == service
    assert asked == [{"kind": "ask"}]


def test_log_in_by_enter(service, key):
    form = leia_nb.login_form(service)
    browser(form, key)
    form.fields["api_key"].control._handle_custom_msg({"kind": "enter"}, [])
    wait(form)
    assert form.leia.url == service


def test_second_click_asks_nothing(service, key):
    form = leia_nb.login_form(service)
    asked = browser(form, key)
    form.submit_button.click()
    form.submit_button.click()
    wait(form)
    assert len(asked) == 1


def test_embedded_service_needs_no_key(monkeypatch):
    connect = mock.Mock()
    monkeypatch.setattr(leia_nb, "connect", connect)
    form = leia_nb.login_form()
    assert form.submit(wait=True) is connect.return_value
    connect.assert_called_once_with(None, None)


def test_address_from_the_environment(monkeypatch):
    monkeypatch.setenv("LEIA_API_URL", NOBODY)
    assert leia_nb.login_form().values == {"url": NOBODY}


def test_an_invalid_url_is_shown_before_the_key_is_requested():
    form = leia_nb.login_form("leia.example")
    asked = browser(form, CANARY)
    form.submit_button.click()
    assert "not a valid HTTP(S) URL" in form.errors["url"]
    assert asked == []
    form.fill(url=NOBODY)
    assert form.errors == {}


def test_key_is_missing():
    form = leia_nb.login_form(NOBODY)
    with pytest.raises(errors.InvalidInput, match="API key is empty") as caught:
        form.submit()
    assert caught.value.field == "api_key"


def test_key_is_in_the_browser():
    form = leia_nb.login_form(NOBODY)
    form.fields["api_key"].control.typed = True
    with pytest.raises(errors.InvalidInput, match="Press Log in"):
        form.submit(wait=True)


def test_wrong_key(service):
    form = leia_nb.login_form().fill(url=service, api_key=CANARY)
    with pytest.raises(errors.LoginFailed, match="rejected the API key"):
        form.submit(wait=True)
    assert list(form.errors) == ["api_key"]
    assert form.leia is None


def test_nobody_listens_there(nobody):
    form = leia_nb.login_form(nobody).fill(api_key=CANARY)
    with pytest.raises(errors.ConnectionFailed, match="Check the URL"):
        form.submit(wait=True)
    assert list(form.errors) == ["url"]


def test_new_key_makes_the_button_ready_again(service):
    form = leia_nb.login_form(service).fill(api_key=CANARY)
    with pytest.raises(errors.LoginFailed):
        form.submit(wait=True)
    assert form.submit_button.disabled
    form.fields["api_key"].control.typed = True
    assert not form.submit_button.disabled
    assert form.errors == {}


@pytest.mark.parametrize("by_browser", [False, True])
def test_key_is_nowhere(service, by_browser):
    form = leia_nb.login_form(service)
    if by_browser:
        browser(form, CANARY)
        form.submit_button.click()
        wait(form)
    else:
        form.fill(api_key=CANARY)
        with pytest.raises(errors.LoginFailed):
            form.submit(wait=True)
    shown = traceback.TracebackException.from_exception(form._failure, capture_locals=True)
    states = [widget.get_state() for widget in styles.tree(form)]
    everything = [repr(form), form.code, form.values, form.errors, states, *shown.format()]
    assert CANARY not in repr(everything)


def test_code_has_neither_a_key_nor_an_address_that_holds_one():
    assert leia_nb.login_form().code.endswith("leia_nb.connect()")
    assert leia_nb.login_form(NOBODY).code.endswith(f"leia_nb.connect({NOBODY!r})")
    assert CANARY not in leia_nb.login_form(f"http://me:{CANARY}@leia.example/leia").code


def test_state_of_the_key_input_only_says_whether_something_is_typed():
    state = ApiKeyInput(description="API key").get_state()
    own = {name for name in state if not name.startswith("_")}
    assert own == {
        "description", "label_width", "layout", "placeholder", "tabbable", "tooltip", "typed"
    }  # fmt: skip
