"""Logging in by typing, and where the typed key is afterwards: nowhere."""

import json

import pytest
from playwright.sync_api import expect

from leia_nb import embedded

FORM = "import leia_nb\nform = leia_nb.login_form()\nform"
WRONG = "canary-0b7e1d-wrong"


@pytest.fixture
def login(open_notebook):
    """A notebook with the login form."""
    notebook = open_notebook(FORM)
    notebook.run_all()
    return notebook


def log_in(form, url, key):
    form.fill("Address", url)
    form.fill("API key", key)
    form.click("Log in")


def test_log_in(login, leia, admin_key):
    form = login.form(0)
    log_in(form, leia.url, admin_key)
    form.expect_text(leia.url)
    told = login.run_cell(login.add_cell("form.leia.whoami().application_type.value"))
    expect(told).to_contain_text("admin")


def test_key_is_cleared_at_once(login, leia, admin_key):
    form = login.form(0)
    log_in(form, leia.url, admin_key)
    expect(form.field("API key")).to_have_value("")
    expect(form.field("API key")).to_have_attribute("type", "password")


def test_wrong_key_and_wrong_address_are_said_in_words(login, leia):
    form = login.form(0)
    log_in(form, "leia.example", WRONG)
    form.expect_message("not a valid HTTP(S) URL")
    form.fill("Address", leia.url)
    form.field("API key").press("Enter")
    form.expect_message("rejected the API key")


def test_typed_keys_are_nowhere(login, leia, lab, admin_key):
    form = login.form(0)
    log_in(form, leia.url, WRONG)
    form.expect_message("rejected the API key")
    login.run_cell(login.add_cell("%xmode Verbose\nraise form._failure"))
    assert "rejected the API key" in "".join(login.errors())
    form.fill("API key", admin_key)
    form.click("Log in")
    form.expect_text(leia.url)
    login.run_cell(login.add_cell("form, form.leia, form.values, form.code"))

    saved = save_with_widget_state(login)
    service_log = (embedded.data_folder() / "service.log").read_text(encoding="utf-8")
    for place in (saved, lab.said(), service_log):
        assert WRONG not in place
        assert admin_key not in place


def save_with_widget_state(notebook):
    notebook.menu("Settings", "Save Widget State Automatically")
    try:
        saved = notebook.save()
    finally:
        notebook.menu("Settings", "Save Widget State Automatically")
    states = json.loads(saved)["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]
    assert "API key" in [model["state"].get("description") for model in states["state"].values()]
    return saved
