"""What happens when two threads of a kernel hear the browser, or a cell changes what a person does.

Where kernels have subshells, messages of one form are heard by the main thread and by another.
"""

import sys
import threading

import pytest

from leia_nb.errors import ConnectionFailed
from leia_nb.widgets import ModelsView
from leia_nb.widgets.browser.file_drop import DropArea
from leia_nb.widgets.common.actions import Actions
from leia_nb.widgets.fields.api_key import ApiKeyField
from leia_nb.widgets.fields.document_selection import Listed, SelectedDocuments
from leia_nb.widgets.fields.file import FileField
from leia_nb.widgets.fields.simple import TextField
from leia_nb.widgets.forms.edit import EditForm
from leia_nb.widgets.views.sorting import Sorting
from leia_nb.widgets.views.table import Column, Row, Table
from tests.unit.widgets.forms.test_form import Greeting

ROUNDS = 100
ROWS = [Row(one, one, (one,)) for one in "abc"]


@pytest.fixture(autouse=True)
def restless():
    """Let threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def at_once(*works):
    """Do several things at the same time; raise what one of them raises."""
    start, raised = threading.Barrier(len(works)), []

    def run(work):
        start.wait(60)
        try:
            work()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert raised == []


@pytest.fixture
def form():
    made = Greeting()
    yield made
    made.close()


class TestOnce:
    def test_a_button_of_a_view(self):
        for _round in range(ROUNDS):
            done = []
            actions = Actions(lambda _words, _kind: None)
            button = actions.button("Delete", "", lambda: done.append(1))  # noqa: B023
            at_once(button.click, button.click)
            actions.wait()
            assert done == [1]
            button.close()

    def test_the_button_of_a_form_that_is_refused(self, form):
        form.answer = ConnectionFailed("Nobody answers there.")
        form.fill(name="ada")
        at_once(form.submit_button.click, form.submit_button.click)
        form._finished.wait(60)
        assert form.sent == [{"name": "ada"}]


class TestTicks:
    def test_none_is_lost_while_rows_arrive(self):
        table = Table([Column("name")])
        table.show(ROWS, "")

        def tick():
            for _round in range(ROUNDS):
                table.set_state({"selected": ["a", "gone"]})
                table.set_state({"selected": ["a", "b"]})
                assert table.selected == ["a", "b"]

        def arrive():
            for _round in range(ROUNDS):
                table.show(ROWS, "")

        at_once(tick, arrive)
        table.close()

    def test_a_page_that_is_turned_back_while_it_is_read(self, leia, monkeypatch):
        view = ModelsView(leia).wait()
        view.select(view.frame)
        selected = view.table.selected
        list_models, turned = leia.models.list, []

        def read_and_turn_back(**parameters):
            if parameters["offset"] and not turned:
                turned.append(view.previous_button.click())
            return list_models(**parameters)

        monkeypatch.setattr(leia.models, "list", read_and_turn_back)
        view.next_button.click()
        assert list(view.wait().frame.index) == selected
        assert list(view.selected.index) == selected
        assert turned
        view.close()

    def test_documents_that_are_chosen_while_their_list_arrives(self):
        selected = SelectedDocuments(None, dict)
        listed = {one: Listed(one, one) for one in "abc"}
        selected._reading._found = listed
        selected._update_list()

        def choose():
            for _round in range(ROUNDS):
                selected._list.set_state({"index": []})
                selected._list.set_state({"index": [1]})
                assert selected.ids == ("b",)

        def arrive():
            for _round in range(ROUNDS):
                selected._update_list()

        at_once(choose, arrive)
        selected.box.close()


class TestNewest:
    def test_code_that_was_made_earlier_is_not_shown_later(self, form, monkeypatch):
        begun, go, source = threading.Event(), threading.Event(), form.source

        def slow():
            code = source()
            begun.set()
            assert go.wait(60)
            return code

        monkeypatch.setattr(form, "source", slow)
        late = threading.Thread(target=form._show_code)
        late.start()
        assert begun.wait(60)
        monkeypatch.setattr(form, "source", source)
        form.fill(name="ada")
        go.set()
        late.join(60)
        assert "greet('ada')" in form.form_layout.copy_button.code

    def test_what_is_changed_while_it_is_saved_stays(self, leia, monkeypatch):
        form = EditForm(leia, "digits-v1")
        description, edit = form.record.description, leia.models.edit

        def edit_slowly(*arguments, **given):
            record = edit(*arguments, **given)
            typed = threading.Thread(target=form.fill, kwargs={"description": "newer"})
            typed.start()
            typed.join(60)
            return record

        monkeypatch.setattr(leia.models, "edit", edit_slowly)
        form.fill(description="older").submit(wait=True)
        assert form.values == {"model": "digits-v1", "description": "newer"}
        assert not form.submit_button.disabled
        leia.models.edit("digits-v1", description=description or "")
        form.close()

    def test_a_change_beside_what_another_thread_presents_is_the_persons(self, form):
        form.fill(name="ada").submit(wait=True)
        with form.loading():
            at_once(lambda: form.fill(name="eve"))
        assert not form.submit_button.disabled

    def test_a_key_that_is_typed_counts_more_than_one_that_came_late(self):
        field = ApiKeyField("api_key", label="Key", tooltip="It.")
        field.control._handle_custom_msg({"kind": "key", "key": "late"}, [])
        field.control.set_state({"typed": True})
        assert field.is_in_browser
        assert field.take() is None
        field.close()

    def test_a_file_that_comes_while_another_is_sent_stays(self):
        field = FileField("file", label="File", tooltip="It.")
        field.fill(b"sent")
        sent = field.value
        field.fill(b"newer")
        field.sent(sent)
        assert field.check() is None
        assert field.value.read_bytes() == b"newer"
        field.close()

    def test_sorting_that_is_chosen_while_the_table_follows(self):
        sorting, table = Sorting({"name": "name", "size": "size"}, "name"), Table([])
        sorting.link(table)
        sorting._following = threading.get_ident()
        at_once(lambda: setattr(sorting.field, "value", "size"))
        assert table.sort == "size"
        sorting.close()
        table.close()


def test_a_file_is_on_its_way_until_it_is_handed_over():
    seen = []

    def take(_file):
        at_once(lambda: seen.append(area.busy))
        seen.append(area.busy)

    area = DropArea(take)
    area._handle_custom_msg({"kind": "begin", "file": "1", "name": "x", "size": 1}, [])
    area._handle_custom_msg({"kind": "piece", "file": "1", "offset": 0}, [b"x"])
    assert seen == [True, False]
    assert not area.busy
    area.close()


def test_a_message_is_shown_whoever_takes_another_away():
    field = TextField("name", label="Name", tooltip="It.")
    for _round in range(ROUNDS):
        at_once(lambda: field.show_message("wrong"), lambda: field.show_message(None))
        assert bool(field._message.value) == (field._message.layout.display != "none")
    field.close()
