"""The field for documents: by tag, chosen from a list, or dropped files."""

import ast
import threading

import pytest

from leia_nb import errors
from leia_nb.widgets.common import styles
from leia_nb.widgets.fields import document_selection as selected_list
from leia_nb.widgets.fields import documents as documents_field
from leia_nb.widgets.fields import documents_by_tag as by_tag
from leia_nb.widgets.fields.documents import BY_TAG, CHOOSE, DROP, DocumentsField


def make(leia, **about):
    return DocumentsField("documents", leia, label="Documents", tooltip="What to read.", **about)


@pytest.fixture
def field(leia):
    made = make(leia, required=True)
    yield made
    made.close()
    styles.close(made.row)


@pytest.fixture
def test_digits(leia):
    return leia.documents.list(tags=["digits-test"])


@pytest.fixture
def fresh(leia):
    """Delete the documents that a test tags with `fresh`."""
    yield
    for document in leia.documents.list(tags=["fresh"]).index:
        leia.documents.delete(document)


def drop(field, name, content, identity="1"):
    """Stand in for the browser: send a file to the drop area in one piece."""
    area = field.dropped.area
    area._handle_custom_msg(
        {"kind": "begin", "file": identity, "name": name, "size": len(content)}, []
    )
    if content:
        area._handle_custom_msg({"kind": "piece", "file": identity, "offset": 0}, [content])


def shown(field):
    return {way: part.layout.display != "none" for way, part in field._parts.items()}


# -- by tag --------------------------------------------------------------------------------


def test_a_tag_stands_for_the_documents_that_carry_it(field, test_digits, until):
    field.fill("digits-test")
    assert field.value == tuple(test_digits.index)
    assert field.check() is None
    assert shown(field) == {BY_TAG: True, CHOOSE: False, DROP: False}
    until(lambda: "20 documents have this tag" in field._hint.value)


def test_the_code_lists_by_the_tag(leia, field, test_digits):
    field.fill("digits-test")
    assert field.literal() == "leia.documents.list(tags=['digits-test'], scope='plain')"
    assert list(eval(field.literal(), {"leia": leia}).index) == list(test_digits.index)


def test_the_code_of_another_application_names_it(leia):
    owner = leia.application.id
    field = make(leia, list_scope=lambda: {"application_id": owner})
    field.fill("digits-test")
    assert field.literal() == (
        f"leia.documents.list(tags=['digits-test'], application_id={owner!r})"
    )


def test_a_tag_that_nothing_carries_is_said(field, until):
    field.fill("no-such-tag")
    message = "No document has the tag 'no-such-tag'. Choose another tag, or upload documents."
    assert field.check() == message
    assert field.value is None
    until(lambda: "No document has the tag" in field._hint.value)


def test_what_is_wrong_stands_there_once(field, until):
    field.fill("no-such-tag")
    until(lambda: field._hint.layout.display is None)
    field.show_message(field.check())
    assert (field._hint.layout.display, field._message.layout.display) == ("none", None)
    field.show_message(None)
    assert (field._hint.layout.display, field._message.layout.display) == (None, "none")


def test_what_helps_stays_beside_what_is_wrong(field, until):
    field.fill("digits-test")
    until(lambda: "20 documents have this tag" in field._hint.value)
    field.show_message("LEIA refuses these.")
    assert (field._hint.layout.display, field._message.layout.display) == (None, None)


def test_a_tag_with_a_slash_is_said(field):
    field.fill("a/b")
    assert field.check() == "The tag 'a/b' contains a '/'. Use a tag without it."


def test_too_many_documents_are_said(field, monkeypatch):
    for module in (by_tag, documents_field):
        monkeypatch.setattr(module, "MOST_DOCUMENTS", 10)
    field.fill("digits-test")
    assert field.check() == (
        "Documents: expected at most 10 documents for one job, got more than 10 documents. "
        "Split them among several jobs."
    )


def test_tags_in_use_are_offered(field, until):
    until(lambda: {"digits-test", "digits-train"} <= set(field.tagged.control.options))


def test_counting_again_finds_new_documents(leia, field, fresh, until):
    field.fill("fresh")
    assert field.value is None
    leia.documents.upload(b"x", filename="x.txt", tags=["fresh"], progress=False)
    field._parts[BY_TAG].children[1].click()
    until(lambda: len(field.value or ()) == 1)


def test_an_unreachable_service_is_said(unreachable):
    field = make(unreachable)
    field.fill("digits-test")
    assert field.check() == (
        "The documents could not be listed: Nobody answers there. Is LEIA running?"
    )


# -- chosen --------------------------------------------------------------------------------


def test_ids_records_and_listings_are_taken_in_their_order(leia, field, test_digits):
    some = list(test_digits.index[:3])[::-1]
    record = leia.documents.get(some[0])
    for given in (some, tuple(some), test_digits.loc[some], [record, *some[1:]]):
        field.fill(given)
        assert field.value == tuple(some)
        assert field.control.value == CHOOSE
        assert ast.literal_eval(field.literal()) == some
        assert field.check() is None


def test_one_id_is_a_document_and_no_tag(field, test_digits):
    field.fill(test_digits.index[0])
    assert (field.control.value, field.value) == (CHOOSE, (test_digits.index[0],))


def test_what_is_no_document_is_refused(leia, field):
    with pytest.raises(errors.InvalidInput, match="Expected a document"):
        field.fill(leia.models.get("digits-v1"))


def test_none_and_an_empty_list_empty_the_field(field, test_digits):
    for nothing in (None, [], ()):
        field.fill(test_digits)
        field.fill(nothing)
        assert field.value is None
        assert (
            field.check()
            == "Documents: none selected. Enter a tag, select documents, or drop files."
        )


def test_the_filter_hides_but_does_not_unchoose(field, until):
    field.control.value = CHOOSE
    choice = field.selected
    until(lambda: len(choice._list.options) >= 120)
    choice._filter.value = "digit-0000"
    ((_, first),) = choice._list.options
    choice._list.value = (first,)
    choice._filter.value = "digits-test"
    assert len(choice._list.options) == 20
    second = choice._list.options[0][1]
    choice._list.value = (second,)
    assert set(field.value) == {first, second}
    choice._filter.value = ""
    assert set(choice._list.value) == {first, second}
    assert "2 documents selected" in field._hint.value


def test_all_shown_and_none(field, until):
    field.control.value = CHOOSE
    choice = field.selected
    until(lambda: len(choice._list.options) >= 120)
    choice._filter.value = "DIGITS-TEST"
    choice._all.click()
    assert len(field.value) == 20
    choice._none.click()
    assert field.value is None


def test_documents_beyond_the_list_can_be_given(leia, test_digits, monkeypatch):
    monkeypatch.setattr(selected_list, "MOST_LISTED", 1)
    field = make(leia)
    field.fill(test_digits)
    assert len(field.value) == 20
    assert any(label == "digit-0100.png · digits-test" for label, _ in field.selected._list.options)


def test_a_list_that_cannot_be_read_says_why(unreachable, until):
    field = make(unreachable)
    field.control.value = CHOOSE
    until(lambda: "could not be listed: Nobody answers there" in field._hint.value)


# -- dropped -------------------------------------------------------------------------------


def test_dropped_files_are_uploaded_with_the_tag(leia, field, fresh, until):
    field.control.value = DROP
    field.dropped.tag.value = "fresh"
    drop(field, "one.txt", b"first", "1")
    drop(field, "two.txt", b"second", "2")
    assert field.dropped.wait(60)
    found = leia.documents.list(tags=["fresh"])
    assert set(field.value) == set(found.index)
    assert sorted(found["filename"]) == ["one.txt", "two.txt"]
    assert leia.documents.contents(field.value[0]) == b"first"
    assert field.check() is None
    until(lambda: "2 files uploaded: one.txt, two.txt" in field._hint.value)
    assert ast.literal_eval(field.literal()) == list(field.value)


def test_the_browsers_copy_is_removed_and_the_users_file_is_not(field, fresh, tmp_path):
    field.control.value = DROP
    field.dropped.tag.value = "fresh"
    own = tmp_path / "own.txt"
    own.write_bytes(b"mine")
    field.dropped.receive("own.txt", own)
    drop(field, "theirs.txt", b"theirs")
    assert field.dropped.wait(60)
    assert own.exists()
    assert len(field.value) == 2
    assert list(field.dropped.area._folder.iterdir()) == []


def test_a_file_on_its_way_is_waited_for(field):
    field.control.value = DROP
    field.dropped.area._handle_custom_msg(
        {"kind": "begin", "file": "1", "name": "slow.txt", "size": 10}, []
    )
    assert field.check() == "Files are still being uploaded. Wait a moment."
    assert "uploading more" in field._hint.value


def test_documents_stand_in_the_order_they_were_dropped(field, fresh, until):
    field.control.value = DROP
    field.dropped.tag.value = "fresh"
    area = field.dropped.area
    names = [f"{number}.txt" for number in range(3)]
    files = [{"file": name, "name": name, "size": 1} for name in names]
    area._handle_custom_msg({"kind": "begin", "files": files}, [])
    for name in ("1.txt", "2.txt", "0.txt"):  # as two threads of a kernel may hear them
        area._handle_custom_msg({"kind": "piece", "file": name, "offset": 0}, [b"x"])
    until(lambda: not field.dropped.busy)
    assert [document.filename for document in field.dropped.documents] == names
    assert field.value == field.dropped.ids


def test_a_drop_is_heard_whatever_stands_in_its_list(field):
    area = field.dropped.area
    files = ["no file", {"file": "1"}, {"file": "2", "name": "whole.txt", "size": 4}]
    area._handle_custom_msg({"kind": "begin", "files": files}, [])
    assert list(area._incoming) == ["2"]


def test_a_file_that_is_refused_is_said_until_started_over(field, unreachable):
    field.control.value = DROP
    field.dropped._leia = unreachable
    drop(field, "lost.txt", b"lost")
    assert field.dropped.wait(60)
    assert field.check() == (
        "lost.txt was not uploaded: Nobody answers there. Is LEIA running? Drop it again, or "
        "select Start over to continue without it."
    )
    field.dropped.box.children[-1].click()
    assert (
        field.check() == "Documents: none selected. Enter a tag, select documents, or drop files."
    )


def test_a_file_that_does_not_arrive_is_said(field):
    field.control.value = DROP
    area = field.dropped.area
    area._handle_custom_msg({"kind": "begin", "file": "1", "name": "torn.txt", "size": 10}, [])
    area._handle_custom_msg({"kind": "broken", "file": "1", "why": "It cannot be read."}, [])
    assert field.check().startswith("torn.txt was not uploaded: It cannot be read. Drop it again")


def test_changing_the_way_changes_what_is_meant(field, test_digits):
    told = []
    field.on_change(lambda: told.append(field.value))
    field.fill("digits-test")
    field.control.value = CHOOSE
    assert field.value is None
    field.control.value = BY_TAG
    assert len(field.value) == 20
    assert len(told) >= 3


def test_a_list_that_arrives_changes_nothing(leia, test_digits, until):
    field = make(leia)
    field.fill("digits-test")
    told = []
    field.on_change(lambda: told.append(field.value))
    field.refresh()
    until(lambda: not field.selected._reading.busy and "20 documents" in field._hint.value)
    assert told == []


def test_a_list_that_arrives_meanwhile_unchooses_nothing(leia, field, test_digits):
    choice = field.selected
    choice._reading.value  # noqa: B018 - waits
    updating = threading.Thread(target=lambda: [choice._update_list() for _ in range(200)])
    updating.start()
    for number in range(100):
        field.fill(test_digits[: 1 + number % 20])
        assert len(field.value) == 1 + number % 20
    updating.join()
    assert len(field.value) == 20


def test_closing_while_files_are_uploaded_ends_it(leia, until):
    field = DocumentsField("documents", leia, label="Documents", tooltip="What to read.")
    for number in range(20):
        drop(field, f"closed-{number}.txt", b"text")
    field.close()
    assert field.dropped.wait(60)
    assert len(field.dropped.documents) < 20


def test_a_fault_while_uploading_is_said(field, monkeypatch):
    def fault(*_arguments, **_keywords):
        raise RuntimeError("disk on fire")

    field.control.value = DROP
    monkeypatch.setattr(field.dropped._leia.documents, "upload", fault)
    drop(field, "lost.txt", b"lost")
    assert field.dropped.wait(60)
    assert field.check().startswith("lost.txt was not uploaded: RuntimeError: disk on fire")
