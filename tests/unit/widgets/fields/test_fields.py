"""The common fields: what they hold, what they say, and their part of the form's code."""

import pytest

from leia_nb.errors import InvalidInput
from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.chips import ChipsField
from leia_nb.widgets.fields.json_object import JsonField, PageRangeField
from leia_nb.widgets.fields.simple import (
    BooleanField,
    ChoiceField,
    IntegerField,
    PositiveNumberField,
    SecondsField,
    TextField,
)


def make(kind, *arguments, **options):
    return kind("a_name", *arguments, label="A label", tooltip="What it is.", **options)


def hint(field: Field) -> str:
    return field._hint.value


def message(field: Field) -> str:
    return field._message.value


class TestText:
    def test_spaces_around_do_not_count(self):
        field = make(TextField)
        field.fill("  a text ")
        assert field.value == "a text"
        assert field.literal() == "'a text'"

    @pytest.mark.parametrize("nothing", [None, "", "   "])
    def test_empty_is_none(self, nothing):
        field = make(TextField)
        field.fill(nothing)
        assert field.value is None

    def test_required(self):
        field = make(TextField, required=True)
        assert field.check() == "A label is empty. Fill it in."
        field.fill("x")
        assert field.check() is None

    def test_tells_of_changes(self):
        field = make(TextField)
        told = []
        field.on_change(lambda: told.append(field.value))
        field.fill("x")
        assert told == ["x"]

    def test_messages_are_escaped_and_go_away(self):
        field = make(TextField)
        field.show_message("<b>no</b>")
        assert "&lt;b&gt;" in message(field)
        field.show_message(None)
        assert message(field) == ""


class TestSeconds:
    @pytest.mark.parametrize(
        ("text", "value", "words"),
        [("200", 200, "3 min 20 s"), ("-1", -1, "no limit"), ("0", 0, "0 s")],
    )
    def test_words_beside_the_number(self, text, value, words):
        field = make(SecondsField)
        field.control.value = text
        assert field.value == value
        assert words in hint(field)

    @pytest.mark.parametrize("text", ["soon", "1.5", "3 min"])
    def test_no_whole_number_is_said_at_once(self, text):
        field = make(SecondsField)
        field.control.value = text
        expected = f"A label must be a whole number of seconds, e.g. 200, got '{text}'."
        assert field.check() == expected
        assert "must be a whole number" in message(field)
        assert field.value is None

    def test_empty_is_none(self):
        field = make(SecondsField)
        field.fill(200)
        field.fill(None)
        assert field.value is None
        assert field.check() is None
        assert hint(field) == ""


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "value"), [("2", 2.0), ("0.5", 0.5), (".5", 0.5), ("1.", 1.0)]
    )
    def test_amounts(self, text, value):
        field = make(PositiveNumberField)
        field.control.value = text
        assert field.value == value
        assert field.check() is None

    @pytest.mark.parametrize("text", ["much", "0", "-1", "1e3", "nan", "1,5"])
    def test_amounts_that_are_none(self, text):
        field = make(PositiveNumberField)
        field.control.value = text
        assert message(field)
        assert field.check()

    def test_whole_numbers(self):
        field = make(IntegerField, least=0)
        field.fill(3)
        assert field.value == 3
        for text, words in (
            ("1.5", "must be an integer"),
            ("-1", "must be at least 0, got -1"),
        ):
            field.control.value = text
            assert words in field.check()

    def test_filled_as_people_write_it(self):
        field = make(PositiveNumberField)
        field.fill(2.0)
        assert field.control.value == "2"
        field.fill(None)
        assert field.value is None
        assert field.check() is None
        with pytest.raises(InvalidInput):
            field.fill(0)


class TestChoice:
    def test_one_of_the_choices(self):
        field = make(ChoiceField, [("one", 1), ("two", 2)], empty="none")
        assert field.value is None
        field.fill(2)
        assert field.value == 2
        field.fill(None)
        assert field.value is None

    def test_another_value_is_refused_in_words(self):
        field = make(ChoiceField, [("one", 1), ("two", 2)], empty="none")
        with pytest.raises(InvalidInput, match=r"a_name cannot be 3\. Choose from 1, 2\."):
            field.fill(3)

    def test_yes_no_or_neither(self):
        field = make(BooleanField, empty="LEIA decides")
        for value in (True, False, None):
            field.fill(value)
            assert field.value is value
        with pytest.raises(InvalidInput, match="Choose from True, False"):
            field.fill("maybe")


class TestWords:
    def test_chips_and_what_is_typed_count_each_once(self):
        field = make(ChipsField)
        field.control.set_state({"words": ["invoice"], "text": "rec, invoice"})
        assert field.value == ("invoice", "rec")
        assert field.literal() == "['invoice', 'rec']"

    def test_it_tells_once_when_what_is_typed_becomes_a_chip(self):
        field = make(ChipsField)
        told = []
        field.on_change(lambda: told.append(field.value))
        field.control.text = "keys"
        field.control.set_state({"words": ["keys"], "text": ""})
        assert field.value == ("keys",)
        assert told == [("keys",)]

    def test_it_tells_when_a_word_is_taken_out(self):
        field = make(ChipsField)
        field.fill(["a", "b"])
        told = []
        field.on_change(lambda: told.append(field.value))
        field.control.words = ["b"]
        assert field.value == ("b",)
        assert told == [("b",)]

    def test_fill_replaces_what_is_typed_too(self):
        field = make(ChipsField)
        field.control.set_state({"words": ["a"], "text": "b"})
        told = []
        field.on_change(lambda: told.append(field.value))
        field.fill(["c"])
        assert field.control.text == ""
        assert told == [("c",)]

    def test_label_and_tooltip_are_sent(self):
        state = make(ChipsField, required=True).control.get_state()
        assert (state["description"], state["tooltip"]) == ("A label *", "What it is.")

    def test_words_with_commas_and_doubles(self):
        field = make(ChipsField)
        field.fill(["a,b", "c", "c", " "])
        assert field.value == ("a,b", "c")
        assert field.literal() == "['a,b', 'c']"

    def test_a_single_text_is_one_word(self):
        field = make(ChipsField)
        field.fill("a b")
        assert field.value == ("a b",)


class TestJson:
    def test_an_object(self):
        field = make(JsonField)
        field.fill({"top": 3, "name": "é"})
        assert field.value == {"top": 3, "name": "é"}
        assert field.check() is None

    def test_the_place_of_a_mistake(self):
        field = make(JsonField)
        field.control.value = '{"top": 3,\n "x" 4}'
        assert (
            field.check() == "A label: invalid JSON at line 2, column 6: Expecting ':' delimiter."
        )
        assert "line 2, column 6" in message(field)
        assert field.value is None

    @pytest.mark.parametrize("text", ["[1]", "3", '"x"', "null"])
    def test_anything_but_an_object(self, text):
        field = make(JsonField)
        field.control.value = text
        assert field.check() == 'A label must be a JSON object, e.g. {"top": 3}.'
        assert field.value is None

    @pytest.mark.parametrize("text", ['{"x": NaN}', '{"x": Infinity}'])
    def test_numbers_that_json_does_not_have(self, text):
        field = make(JsonField)
        field.control.value = text
        assert "is not valid JSON. Use finite numbers" in field.check()

    def test_empty_is_none(self):
        field = make(JsonField)
        assert field.value is None
        assert field.check() is None


class TestPageRange:
    def test_a_live_reading(self):
        field = make(PageRangeField)
        field.set_total(10)
        field.control.value = "0,2:5"
        assert "pages 1, 3, 4, 5 of 10" in hint(field)

    def test_without_a_known_total_it_gives_an_example(self):
        field = make(PageRangeField)
        field.control.value = "0"
        assert "of 10 pages it would select: page 1" in hint(field)

    def test_which_part_is_wrong(self):
        field = make(PageRangeField)
        field.control.value = "0,two"
        assert "'two' (at character 3) is neither a page nor a slice" in field.check()
        assert "at character 3" in message(field)
        assert hint(field) == ""

    def test_nothing_picked(self):
        field = make(PageRangeField)
        field.set_total(3)
        field.control.value = "7"
        assert "no page of 3" in hint(field)

    def test_many_pages_are_shortened(self):
        field = make(PageRangeField)
        field.set_total(100_000)
        field.control.value = ":"
        assert len(hint(field)) < 300
        assert "100000 pages" in hint(field)


def test_a_choice_that_is_taken_back_still_names_what_is_left():
    field = BooleanField("a", label="A", tooltip="", empty="any")
    for take_back in (lambda: field.fill(None), lambda: field.control.set_state({"index": 0})):
        field.fill(True)
        assert (field.value, field.control.label) == (True, "yes")
        take_back()
        assert (field.value, field.control.label, field.control.index) == (None, "any", 0)
