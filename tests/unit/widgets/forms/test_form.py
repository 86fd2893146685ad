"""What all forms do: check, send once, show what went wrong, go away wholly."""

import queue
import threading

import ipywidgets
import pandas as pd
import pytest
from ipywidgets.widgets.widget import _instances

from leia_nb.errors import BadRequest, ConnectionFailed, InvalidInput, LeiaError, ShortNameTaken
from leia_nb.widgets.browser import browser_sync
from leia_nb.widgets.common import shared_layouts
from leia_nb.widgets.common.background import Background
from leia_nb.widgets.fields.simple import SecondsField, TextField
from leia_nb.widgets.forms.form import Form


class Connected:
    connect_code = "leia_nb.connect()"


class Greeting(Form):
    """Sends a greeting; the test decides what comes of it."""

    title = "Greet"
    lead = "Say hello."
    verb = "Send"

    def __init__(self):
        self.sent = []
        self.answer = "hello"
        self.gate = threading.Event()
        self.gate.set()
        super().__init__(
            Connected(),
            [TextField("name", label="Name", tooltip="Who is greeted.", required=True)],
            [SecondsField("ttl", label="Holds", tooltip="ttl: seconds that it holds.")],
        )

    def check_combination(self):
        if self.values.get("name") == "nobody" and "ttl" in self.values:
            return {"ttl": "Nobody needs no ttl."}
        return {}

    def call(self, values):
        self.sent.append(values)
        assert self.gate.wait(60)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def source(self):
        return f"greet({self.fields['name'].literal()})"


@pytest.fixture
def form():
    made = Greeting()
    yield made
    made.close()


def click(form):
    form.submit_button.click()


def ended(form):
    return form._finished.wait(60)


def shown(form):
    """All texts that a person reads, hidden ones left out."""

    def texts(widget):
        if widget.layout.display == "none":
            return
        if isinstance(widget, ipywidgets.HTML):
            yield widget.value
        for child in getattr(widget, "children", ()):
            yield from texts(child)

    return " ".join(texts(form))


# -- filling ---------------------------------------------------------------------------


def test_fill_sets_values_and_returns_the_form(form):
    assert form.fill(name=" ada ", ttl=200) is form
    assert form.values == {"name": "ada", "ttl": 200}


def test_empty_fields_are_left_out(form):
    assert form.fill(name="ada").fill(name=None).values == {}


def test_an_unknown_name_is_refused_and_nothing_is_filled(form):
    with pytest.raises(InvalidInput, match=r"Greeting has no field 'nme'\. Its fields: name, ttl"):
        form.fill(name="ada", nme="x")
    assert form.values == {}


def test_code_is_live_while_it_is_shown(form):
    form.code_button.value = True
    form.fill(name="ada")
    assert "greet(&#x27;ada&#x27;)" in shown(form)
    assert form.code == "import leia_nb\n\nleia = leia_nb.connect()\ngreet('ada')"
    form.code_button.value = False
    assert "greet" not in shown(form)


# -- checking --------------------------------------------------------------------------


def test_a_wrong_field_is_shown_at_its_field_and_nothing_is_sent(form):
    click(form)
    assert form.errors == {"name": "Name is empty. Fill it in."}
    assert 'role="alert">Name is empty. Fill it in.' in shown(form)
    assert form.sent == []
    assert not form.submit_button.disabled


def test_submit_raises_what_is_wrong(form):
    with pytest.raises(InvalidInput, match="Name is empty") as caught:
        form.submit()
    assert caught.value.field == "name"


def test_a_message_goes_when_its_field_is_put_right(form):
    click(form)
    form.fill(name="ada")
    assert form.errors == {}
    assert "is empty" not in shown(form)


def test_a_wrong_field_under_more_opens_more(form):
    form.fill(name="ada", ttl="soon")
    assert not form.more_button.value
    click(form)
    assert form.more_button.value
    assert "must be a whole number of seconds" in shown(form)


def test_fields_that_do_not_fit_together(form):
    form.fill(name="nobody", ttl=3)
    assert form.check() == {"ttl": "Nobody needs no ttl."}
    assert form.fill(ttl=None).check() == {}


# -- sending ---------------------------------------------------------------------------


def test_submit_and_wait_returns_the_result(form):
    assert form.fill(name="ada").submit(wait=True) == "hello"
    assert form.result == "hello"
    assert form.errors == {}
    assert "hello" in shown(form)


def test_a_double_click_while_it_works_sends_once(form):
    form.gate.clear()
    form.fill(name="ada")
    click(form)
    click(form)
    form.gate.set()
    assert form.submit(wait=True) == "hello"
    assert len(form.sent) == 1


def test_a_second_click_after_a_quick_success_sends_nothing(form):
    form.fill(name="ada")
    click(form)
    ended(form)
    click(form)
    form.submit(wait=True)
    assert len(form.sent) == 1
    assert form.submit_button.disabled


def test_a_second_click_after_a_quick_failure_sends_nothing(form):
    form.answer = ConnectionFailed("The line broke.")
    form.fill(name="ada")
    click(form)
    ended(form)
    click(form)
    ended(form)
    assert len(form.sent) == 1


def test_a_changed_field_may_be_sent_again(form):
    form.fill(name="ada").submit(wait=True)
    form.fill(name="bob").submit(wait=True)
    assert [values["name"] for values in form.sent] == ["ada", "bob"]


def test_again_sends_the_same_again(form):
    form.fill(name="ada").submit(wait=True)
    assert form.again_button.layout.display is None
    form.again_button.click()
    assert form.again_button.layout.display == "none"
    assert not form.submit_button.disabled
    click(form)
    ended(form)
    assert len(form.sent) == 2


def test_what_is_sent_is_what_stood_there_when_it_was_sent(form):
    form.gate.clear()
    form.fill(name="ada").submit()
    form.fill(name="bob")
    form.gate.set()
    form.submit(wait=True)
    assert form.sent == [{"name": "ada"}]
    assert not form.submit_button.disabled  # bob has not been sent


def test_submit_returns_at_once(form):
    form.gate.clear()
    assert form.fill(name="ada").submit() is None
    assert form.result is None
    form.gate.set()


def test_a_click_waits_for_what_is_still_being_typed(form):
    sync = form.form_layout.copy_button
    asked = queue.SimpleQueue()
    sync.send = asked.put
    sync._on_message(sync, {"kind": "here"}, [])
    form.fill(name="a")
    click(form)
    question = asked.get(timeout=60)
    assert form.fields["name"].control.model_id in question["models"]
    sync._on_message(sync, {"kind": "answer", "number": question["number"] - 1}, [])
    assert not sync._answered.is_set()  # that was the answer to an older question
    assert form.sent == []
    form.fill(name="ada")  # the last keys arrive after the click
    sync._on_message(sync, {"kind": "answer", "number": question["number"]}, [])
    ended(form)
    assert form.sent == [{"name": "ada"}]


def test_a_browser_that_does_not_answer_sends_nothing(form, monkeypatch, until):
    monkeypatch.setattr(browser_sync, "TIMEOUT", 0)
    monkeypatch.setattr(browser_sync, "_NOTICE_AFTER", 0)
    form.form_layout.copy_button._on_message(form.form_layout.copy_button, {"kind": "here"}, [])
    form.fill(name="ada")
    click(form)
    until(lambda: "so nothing was done" in form.errors.get("", ""))
    until(lambda: not form.submit_button.disabled)
    assert form.sent == []
    assert "press the button again" in shown(form)


def test_a_wrong_entry_can_be_put_right_and_clicked_again(form):
    click(form)
    form.fill(name="ada")
    click(form)
    ended(form)
    assert form.sent == [{"name": "ada"}]


def test_the_code_is_ready_to_be_copied(form):
    form.form_layout.copy_button._on_message(form.form_layout.copy_button, {"kind": "here"}, [])
    assert form.form_layout.copy_button.code == form.code
    form.fill(name="ada")
    assert form.form_layout.copy_button.code == form.code


# -- what goes wrong -------------------------------------------------------------------


def test_an_error_of_a_field_is_shown_at_its_field(form):
    form.answer = BadRequest("ttl is too long. Use less.", field="ttl")
    with pytest.raises(BadRequest):
        form.fill(name="ada").submit(wait=True)
    assert form.errors == {"ttl": "ttl is too long. Use less."}
    assert form.more_button.value
    assert shown(form).count("ttl is too long") == 1


def test_an_error_of_the_whole_form_is_shown_below(form):
    form.answer = ShortNameTaken("digits is taken.", field="short_name")  # no field of this form
    with pytest.raises(ShortNameTaken):
        form.fill(name="ada").submit(wait=True)
    assert form.errors == {"": "digits is taken."}
    assert 'role="alert">digits is taken.' in shown(form)
    assert form.again_button.description == "Try again"


def test_an_error_of_any_kind_is_shown(form):
    form.answer = ZeroDivisionError("division by zero")
    with pytest.raises(LeiaError, match="ZeroDivisionError: division by zero"):
        form.fill(name="ada").submit(wait=True)
    assert "ZeroDivisionError" in shown(form)


def test_submit_tries_again_after_a_failure(form):
    form.answer = ConnectionFailed("The line broke.")
    with pytest.raises(ConnectionFailed):
        form.fill(name="ada").submit(wait=True)
    form.answer = "hello"
    assert form.submit(wait=True) == "hello"
    assert "The line broke" not in shown(form)


def test_what_is_shown_is_escaped(form):
    form.answer = ConnectionFailed("<script>alert(1)</script>")
    with pytest.raises(ConnectionFailed):
        form.fill(name="ada").submit(wait=True)
    assert "<script>" not in shown(form)


def test_a_frame_is_shown_as_a_table(form):
    form.answer = pd.DataFrame({"score": [0.5, 0.25]})
    form.fill(name="ada").submit(wait=True)
    assert "<table" in shown(form)
    assert "2 rows" in shown(form)


# -- the end ---------------------------------------------------------------------------


def test_close_leaves_no_widget_behind():
    before = set(_instances)
    form = Greeting()
    form.fill(name="ada").submit(wait=True)
    form.close()
    assert all(shared_layouts.is_shared(_instances[one]) for one in set(_instances) - before)


def test_a_closed_form_sends_nothing(form):
    form.fill(name="ada").close()
    with pytest.raises(InvalidInput, match="closed"):
        form.submit()


def test_closing_while_it_works_is_no_error(form):
    form.gate.clear()
    form.fill(name="ada").submit()
    form.close()
    form.gate.set()
    assert form.submit(wait=True) == "hello"


# -- people ----------------------------------------------------------------------------


def test_every_control_has_label_and_tooltip(form):
    for field in form.fields.values():
        assert field.control.description
        assert field.control.tooltip
    assert form.fields["name"].control.description == "Name *"


def test_buttons_say_what_they_do(form):
    for button in (form.submit_button, form.again_button, form.more_button, form.code_button):
        assert button.description
        assert button.tooltip


# -- where there is no browser ---------------------------------------------------------


def test_the_form_reads_as_a_text(form):
    assert repr(form) == "Greeting · Greet: run this cell in JupyterLab to use this form."


def test_every_shape_of_the_form_is_readable(form):
    shapes = form._repr_mimebundle_()
    assert shapes["text/plain"] == repr(form)
    assert repr(form) in shapes["text/html"]
    assert shapes["application/vnd.jupyter.widget-view+json"]["model_id"] == form.model_id


def test_a_notebook_gets_the_text_and_the_form(form, monkeypatch):
    put_out = []
    monkeypatch.setattr(
        "leia_nb.widgets.common.static_fallback.display",
        lambda shapes, raw: put_out.append(set(shapes)),
    )
    form._ipython_display_()
    view = "application/vnd.jupyter.widget-view+json"
    assert put_out == [{"text/plain", "text/html"}, {view}]


# -- a slow LEIA -------------------------------------------------------------------------


def test_typing_in_a_browser_does_not_wait_for_leia(form, until):
    form.form_layout.copy_button._on_message(form.form_layout.copy_button, {"kind": "here"}, [])
    gate = threading.Event()
    source = form.source
    form.source = lambda: gate.wait(60) and source()
    form.fields["name"].control.value = "ada"  # returns, though the code has to wait
    assert "ada" not in form.form_layout.copy_button.code
    gate.set()
    until(lambda: "greet('ada')" in form.form_layout.copy_button.code)


def test_messages_follow_in_a_browser_too(form, until):
    click(form)
    form.form_layout.copy_button._on_message(form.form_layout.copy_button, {"kind": "here"}, [])
    form.fields["name"].control.value = "ada"
    until(lambda: form.errors == {})


def test_work_that_fails_does_not_keep_anybody_waiting():
    def fail():
        raise RuntimeError("no")

    background = Background(fail, "example")
    background.request()
    background.wait()
