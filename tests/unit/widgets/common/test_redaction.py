"""Secrets among what is filled in are neither in a widget's state nor in the code."""

import json
import os
from types import SimpleNamespace

import pytest

import leia_nb
from leia_nb import errors
from leia_nb.widgets.common import redaction, styles

URL = "https://me:canary-1@example.org/hook?token=canary-2&page=1"
HEADERS = {"Authorization": "Bearer canary-3", "X-Project": "digits"}
PARAMS = {"top": 2, "store": {"api_key": "canary-4", "max_tokens": 5}}


def in_state(form):
    states = [(one, json.dumps(one.get_state(), default=str)) for one in styles.tree(form)]
    return [one for one, state in states if "canary" in state]


@pytest.fixture
def form(leia):
    made = leia.forms.apply(model="digits-v1", documents="digits-test")
    yield made
    made.close()


def test_they_are_sent_and_not_shown(form):
    form.fill(callback_url=URL, callback_headers=HEADERS, model_params=PARAMS)
    assert form.values["callback_url"] == URL
    assert form.values["callback_headers"] == HEADERS
    assert form.values["model_params"] == PARAMS
    assert form.check() == {}
    form.code_button.value = True
    assert "canary" not in form.code + repr(form)
    assert in_state(form) == []


def test_the_code_takes_them_from_the_environment(form, monkeypatch):
    form.fill(callback_url=URL, callback_headers=HEADERS, model_params=PARAMS)
    names = {
        "CALLBACK_URL_PASSWORD": "canary-1",
        "CALLBACK_URL_TOKEN": "canary-2",
        "CALLBACK_HEADERS_AUTHORIZATION": "Bearer canary-3",
        "MODEL_PARAMS_STORE_API_KEY": "canary-4",
    }
    assert all(name in form.code.split("# secrets, from the environment: ")[1] for name in names)
    for name, secret in names.items():
        monkeypatch.setenv(name, secret)
    given = {}

    class Models:
        def apply(self, *_objects, **values):
            given.update(values)

    program = f"import os\n{form.code.partition('environment: ')[2].partition(chr(10))[2]}"
    documents = form.leia.documents
    exec(
        program.partition("\njob.")[0],
        {"leia": SimpleNamespace(models=Models(), documents=documents)},
    )
    assert given["callback_url"] == URL
    assert given["callback_headers"] == HEADERS
    assert given["model_params"] == PARAMS


def test_what_is_typed_is_hidden_and_can_be_edited(form):
    control = form.fields["callback_headers"].control
    control.value = '{"Authorization": "Bearer canary", "X-Project": "a"}'
    assert control.value == '{"Authorization": "•••", "X-Project": "a"}'
    control.value = control.value.replace('"a"', '"b"')
    assert form.values["callback_headers"] == {"Authorization": "Bearer canary", "X-Project": "b"}
    control.value = '{"Authorization": "canary again"}'
    assert form.values["callback_headers"] == {"Authorization": "canary again"}
    control.value = ""
    assert form.fields["callback_headers"].secrets == {}


def test_a_text_without_secrets_stays_as_it_was_typed(form):
    typed = '{\n  "X-Project":   "digits"\n}'
    form.fields["callback_headers"].control.value = typed
    assert form.fields["callback_headers"].control.value == typed
    assert "os" not in form.code.split("leia_nb")[0].replace("import leia_nb", "")


def test_a_message_does_not_repeat_them(form):
    form.fill(callback_url="ftp://me:canary@example.org")
    assert "canary" not in form.check()["callback_url"]
    form.fill(callback_url=URL)
    form._show_failure(errors.BadRequest("callback_url is wrong ('canary-1' was given)"))
    assert form.errors == {"": "callback_url is wrong ('•••' was given)"}
    assert in_state(form) == []


@pytest.mark.parametrize(
    "name",
    [
        "X-Api-Key",
        "cookie",
        "access_token",
        "client_secret",
        "Auth",
        "accessToken",
        "X-CSRFToken",
        "licenseKey",
        "api.key",
        "pwd",
        "sig",
        "jwt",
    ],
)
def test_names_of_secrets(name):
    assert redaction.in_json({name: "x"}, lambda *_: "•") == {name: "•"}


@pytest.mark.parametrize("name", ["X-Project", "author", "max_tokens", "keyword", "tokenizer"])
def test_names_of_no_secrets(name):
    assert redaction.in_json({name: "x"}, lambda *_: "•") == {name: "x"}


RANDOM = "aB3dE5fG7hI9jK1lM3nO5pQ7"


@pytest.mark.parametrize(
    "value", ["Bearer canary", "basic bWU6cHc=", "token canary123", RANDOM, f"ghp_{RANDOM}"]
)
def test_what_looks_like_a_secret(form, value):
    form.fill(callback_headers={"X-Hook": value}, model_params={"hooks": [value, "plain"]})
    assert value not in form.code + form.fields["callback_headers"].control.value
    assert form.values["callback_headers"] == {"X-Hook": value}
    assert form.values["model_params"] == {"hooks": [value, "plain"]}
    form.fields["model_params"].control.value = '{"hooks": ["•••", "changed"]}'
    assert form.values["model_params"] == {"hooks": [value, "changed"]}


@pytest.mark.parametrize(
    "value",
    [
        "0660f793e2a79eaca0f2f3f3",
        "d41d8cd98f00b204e9800998ecf8427e",
        "Basic research",
        "My-Project-Experiment-2026-November",
        "1d0f7a52-93c5-4ba0-8f0a-2d2a8f8b1f10",
        "digits",
    ],
)
def test_what_does_not_look_like_a_secret(value):
    assert redaction.in_json({"X-Project": value}, lambda *_: "•") == {"X-Project": value}


@pytest.mark.parametrize(
    "address, masked",
    [
        ("https://canary@example.org/x", "https://•••@example.org/x"),
        (f"https://example.org/hooks/T0/{RANDOM}", "https://example.org/hooks/T0/•••"),
        (f"https://example.org/{RANDOM}/{RANDOM[::-1]}?a=1", "https://example.org/•••/•••?a=1"),
        ("https://example.org/#access_token=canary", "https://example.org/#access_token=•••"),
        ("https://example.org/?a=1;sig=canary", "https://example.org/?a=1;sig=•••"),
    ],
)
def test_secrets_in_an_address(form, monkeypatch, address, masked):
    field = form.fields["callback_url"]
    form.fill(callback_url=address)
    assert field.control.value == masked
    assert field.value == address
    for path, secret in field.secrets.items():
        monkeypatch.setenv(redaction.variable("callback_url", path), secret)
    assert eval(field.literal(), {"os": os}) == address


def test_an_address_to_log_in_at_hides_its_password_too():
    form = leia_nb.login_form("http://me:canary@leia.example/leia")
    assert in_state(form) == []
    assert "canary" not in form.code + str(form.check())
    form.close()
