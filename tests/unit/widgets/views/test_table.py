"""The parts that views are made of: table, sorting, filters, buttons, threads."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from leia_nb import errors
from leia_nb.widgets.common.actions import Actions
from leia_nb.widgets.common.background import Background, Repeater
from leia_nb.widgets.fields.simple import TextField
from leia_nb.widgets.views.filters import Filters, IdField, MultipleChoiceField, TimeField
from leia_nb.widgets.views.panels import Drawer, Entry, Panels, Question
from leia_nb.widgets.views.resource_filters import make_filters
from leia_nb.widgets.views.sorting import Sorting
from leia_nb.widgets.views.table import Column, Row, Table

SEEN = Row("5f", "Digits", ("Digits", "image"))


def field(kind=TextField, name="name", *arguments):
    return kind(name, *arguments, label="Name", tooltip="What it is called")


class TestTable:
    def test_rows_go_out_as_plain_data(self):
        table = Table([Column("name", "name"), Column("reads", whole=True)])
        table.show([SEEN], "1 model")
        assert table.columns[1] == {"label": "reads", "sort": "", "whole": True}
        assert table.rows == [
            {"id": "5f", "label": "Digits", "cells": ["Digits", "image"], "tone": ""}
        ]
        assert table.caption == "1 model"

    def test_what_is_chosen_stays_chosen_while_it_is_there(self):
        table = Table([Column("name")])
        table.show([SEEN, Row("60", "Other", ("Other",))], "")
        table.selected = ["60", "5f"]
        table.show([SEEN], "")
        assert table.selected == ["5f"]

    def test_its_script_puts_texts_in_as_text(self):
        assert "innerHTML" not in Table._esm
        assert "textContent" in Table._esm
        assert "http" not in str(Table._esm) + str(Table._css)


class TestSorting:
    @pytest.fixture
    def table(self):
        return Table([Column("name", "name")])

    @pytest.fixture
    def sorting(self, table):
        sorting = Sorting({"creation_time": "created", "name": "name"}, "-creation_time")
        sorting.link(table)
        return sorting

    def test_lists_decide_the_order(self, sorting, table):
        assert table.sort == "-creation_time"
        sorting.field.value = "name"
        assert table.sort == "-name"
        sorting.direction.value = ""
        assert table.sort == "name"

    def test_a_click_on_a_head_is_followed_once(self, sorting, table):
        heard = []
        table.observe(lambda change: heard.append(change["new"]), "sort")
        table.sort = "name"
        assert (sorting.field.value, sorting.direction.value) == ("name", "")
        assert heard == ["name"]


class TestFilters:
    def test_fill_values_and_clear(self):
        filters = make_filters("model")
        filters.fill(name="Digits", tags=["a", "b"], only_mine=False, input_types="image")
        assert filters.values == {
            "name": "Digits",
            "tags": ("a", "b"),
            "only_mine": False,
            "input_types": ("image",),
        }
        filters.clear_button.click()
        assert filters.values == {}

    def test_unknown_filter(self):
        with pytest.raises(
            errors.InvalidInput, match=r"This view has no filter 'nam'\. Its filters: "
        ):
            make_filters("model").fill(nam="Digits")

    def test_changes_are_told(self):
        heard = []
        filters = make_filters("model")
        filters.on_change(lambda: heard.append(filters.values))
        filters.fill(model_type="classification")
        assert heard == [{"model_type": "classification"}]

    def test_typed_text_counts_when_it_is_whole(self):
        assert Filters([name := field()]).fields == {"name": name}
        assert name.control.continuous_update is False

    def test_more_filters_open_and_close(self):
        filters = make_filters("model")
        filters.more_button.value = True
        assert filters.more_button.description == "Fewer filters"
        assert filters._rest.layout.display is None
        filters.more_button.value = False
        assert filters._rest.layout.display == "none"

    def test_a_wrong_time_is_told(self):
        filters = make_filters("model").fill(created_after="yesterday")
        assert filters.check() == {
            "created_after": "Created from 'yesterday' is not a valid time. Enter a date such as "
            "2026-11-23, or a time such as 2026-11-23T12:00."
        }
        assert "yesterday" in filters.fields["created_after"]._message.value
        assert filters.fill(created_after=None).check() == {}

    @pytest.mark.parametrize(
        ("given", "value"),
        [
            ("2026-11-23", "2026-11-23"),
            (datetime(2026, 11, 23, 12, tzinfo=UTC), "2026-11-23T12:00:00+00:00"),
            (
                datetime(2026, 11, 23, 12, tzinfo=timezone(timedelta(hours=2))),
                "2026-11-23T12:00:00+02:00",
            ),
        ],
    )
    def test_times(self, given, value):
        moment = field(TimeField)
        moment.fill(given)
        assert moment.value == value
        assert moment.check() is None

    def test_an_id_that_is_none(self):
        one = field(IdField, "model_id", "model")
        one.fill(None)
        assert one.check() is None
        one.control.value = "a/b"
        assert one.check() == "'a/b' is not a valid model id. Pass the id that LEIA shows."

    def test_a_word_that_is_not_among_the_known_ones(self):
        some = field(MultipleChoiceField, "input_types", ["image", "text"])
        with pytest.raises(
            errors.InvalidInput, match=r"Name 'sound' is unknown\. Choose from image"
        ):
            some.fill(["sound"])


class TestActions:
    @pytest.fixture
    def said(self):
        return []

    @pytest.fixture
    def actions(self, said):
        return Actions(lambda words, kind: said.append((words, kind)))

    def test_a_button_works_in_a_thread_and_says_so(self, actions, said):
        threads = []

        def work():
            threads.append(threading.current_thread())
            return "Done."

        button = actions.button("Do", "Do it", lambda: actions.run("doing", work))
        button.click()
        actions.wait()
        assert said == [("doing …", "lead"), ("Done.", "lead")]
        assert threads != [threading.current_thread()]

    def test_a_double_click_does_it_once(self, actions):
        done = []
        button = actions.button("Do", "Do it", lambda: done.append(1))
        button.click()
        button.click()
        actions.wait()
        assert done == [1]

    def test_what_goes_wrong_is_said(self, actions, said):
        def fail():
            raise errors.JobOver("Job 5f is over.")

        actions.button("Do", "Do it", fail).click()
        actions.button("Count", "Count", lambda: 1 / 0).click()
        actions.wait()
        assert sorted(said) == [
            ("Job 5f is over.", "failed"),
            ("ZeroDivisionError: division by zero", "failed"),
        ]

    def test_one_thing_at_a_time(self, actions):
        def twice():
            actions.run("again", str)

        with pytest.raises(errors.NotReady, match="Another action of this view is running"):
            actions.run("doing", lambda: twice() or "")
        actions.run("doing", str)


class TestPanels:
    def test_one_is_open_at_a_time(self):
        panels = Panels()
        first, second = (panels.add(Drawer(panels.show)) for _ in range(2))
        panels.show(first)
        panels.show(second)
        assert (first.layout.display, second.layout.display) == ("none", None)
        second.close_button.click()
        assert second.layout.display == "none"

    def test_a_drawer_ends_what_was_in_it(self):
        drawer = Drawer(lambda: drawer.empty())
        drawer.fill(first := Table([]))
        drawer.fill(second := Table([]))
        assert drawer.content is second
        assert first.comm is None
        drawer.close_button.click()
        assert drawer.content is None

    def test_a_question_is_text(self):
        actions = Actions(lambda *_: None)
        question = Question(actions.button("Yes", "", str), actions.button("No", "", str))
        question.ask("Delete <script>?")
        assert "Delete &lt;script&gt;?" in question.text

    def test_what_is_wrong_with_a_field_stands_beside_it(self):
        def refuse(value):
            raise errors.InvalidInput(f"{value!r} is no name.", field="name")

        entry = Entry(field(), [])
        entry.field.fill("?")
        entry.use(refuse)
        assert "&#x27;?&#x27; is no name." in entry.field._message.value
        entry.use(lambda value: None)
        assert entry.field._message.value == ""


class TestBackground:
    def test_wanted_meanwhile_is_done_once_more(self):
        started, go_on, done = threading.Event(), threading.Event(), []

        def work():
            done.append(1)
            started.set()
            go_on.wait(60)

        background = Background(work, "test")
        background.request()
        started.wait(60)
        for _ in range(5):
            background.request()
        go_on.set()
        background.wait()
        assert done == [1, 1]

    def test_a_beat_goes_on_until_it_is_stopped(self, until):
        beats = []
        beat = Repeater(lambda: beats.append(1) or 0.001, "test")
        assert not beat.is_running
        beat.start()
        beat.start()
        until(lambda: len(beats) > 2)
        beat.stop()
        assert not beat.is_running

    def test_a_beat_can_stop_itself_and_start_again(self, until):
        beats = []
        beat = Repeater(lambda: beats.append(1), "test")
        for count in (1, 2):
            beat.start()
            until(lambda: not beat.is_running)
            assert len(beats) == count
