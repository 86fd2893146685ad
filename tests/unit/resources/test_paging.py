import re
import warnings

import pytest

from leia_nb.errors import IncompleteListing, InvalidInput, UnexpectedAnswer
from tests.unit.faulty_server import DynamicReply, error_reply, json_reply, page, reply

CREATED = "2026-11-23T12:00:00"


def row(number):
    return {"id": f"m{number:04}", "name": "n", "creation_time": CREATED}


class Table:
    """Rows that change while they are read."""

    def __init__(self, count, size=10, after=()):
        self.rows = [row(number) for number in range(count)]
        self.size = size
        self.after = list(after)
        self.asked = []

    def __call__(self, request):
        query = dict(re.findall(r"[?&](\w+)=([^&]*)", request.target))
        self.asked.append(query)
        first = int(query.get("offset", 0))
        limit = min(int(query.get("limit", self.size)), self.size)
        answer = page(
            self.rows[first : first + limit],
            first,
            len(self.rows),
            Accept_Range=f"model {self.size}",
        )
        if self.after:
            self.after.pop(0)(self.rows)
        return answer


def ids(frame):
    return frame.index.tolist()


def listed(server, leia, table, **options):
    server.on("GET", "/admin/model", DynamicReply(table))
    return leia.models.list(progress=False, **options)


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 19, 20, 35])
@pytest.mark.parametrize("size", [1, 2, 10])
def test_all_pages(server, leia, count, size):
    table = Table(count, size)
    assert ids(listed(server, leia, table)) == [r["id"] for r in table.rows]


@pytest.mark.parametrize("limit", [0, 1, 10, 15, 100])
@pytest.mark.parametrize("offset", [None, 0, 3, 12, 99])
def test_limit_and_offset(server, leia, limit, offset):
    table = Table(25)
    start = offset or 0
    frame = listed(server, leia, table, limit=limit, offset=offset)
    assert ids(frame) == [r["id"] for r in table.rows][start : start + limit]
    if limit == 10:
        assert len(table.asked) == 1


def test_rows_added_in_front_come_once(server, leia):
    table = Table(25, after=[lambda rows: rows.insert(0, row(9999))])
    found = ids(listed(server, leia, table))
    assert sorted(found) == [*(f"m{n:04}" for n in range(25)), "m9999"]


def test_a_deletion_between_pages_loses_no_row(server, leia):
    table = Table(25, after=[lambda rows: rows.pop(0)])
    assert ids(listed(server, leia, table)) == [f"m{n:04}" for n in range(1, 25)]


def test_deleting_the_last_row_of_a_page_loses_no_row(server, leia):
    table = Table(25, after=[lambda rows: rows.pop(9)])
    assert ids(listed(server, leia, table)) == [f"m{n:04}" for n in range(25) if n != 9]


def test_a_listing_that_never_holds_still_warns(server, leia):
    table = Table(200, after=[lambda rows: rows.pop(0)] * 100)
    with pytest.warns(IncompleteListing, match="changed while it was being read"):
        listed(server, leia, table)


def test_a_service_that_always_sends_the_first_page_ends(server, leia):
    rows = [row(n) for n in range(10)]
    server.on("GET", "/admin/model", page(rows, 0, 25))
    with pytest.warns(IncompleteListing):
        assert len(leia.models.list(progress=False)) == 10


def test_an_empty_page_ends(server, leia):
    server.on("GET", "/admin/model", page([row(1)], 0, 5), page([], 0, 5))
    with pytest.warns(IncompleteListing):
        leia.models.list(progress=False)


def test_without_content_range(server, leia):
    rows = [row(n) for n in range(3)]
    server.on("GET", "/admin/model", json_reply(rows), json_reply(rows[-1:]))
    assert len(leia.models.list(progress=False)) == 3


@pytest.mark.parametrize(
    "answer",
    [
        page([], 0, 0),
        error_reply(404, Content_Range="0-0/0"),
        reply(b"", 404, Content_Range="0-0/0"),
        reply(b"<html>", 404, Content_Range="0-0/0"),
    ],
)
def test_empty(server, leia, answer):
    server.on("GET", "/admin/model", answer)
    frame = leia.models.list()
    assert len(frame) == 0
    assert str(frame["size"].dtype) == "Int64"


@pytest.mark.parametrize("body", [{}, [1], [{"name": "no id"}], "text"])
def test_something_else_than_rows(server, leia, body):
    server.on("GET", "/admin/model", json_reply(body))
    with pytest.raises(UnexpectedAnswer, match="listing"):
        leia.models.list()


@pytest.mark.parametrize("wrong", [{"limit": -1}, {"offset": -1}, {"limit": 1.5}, {"limit": "x"}])
def test_negative_limits_are_refused(leia, wrong):
    with pytest.raises(InvalidInput):
        leia.models.list(**wrong)


def test_a_bar_only_if_there_is_more_than_one_page(server, leia, capsys):
    server.on("GET", "/admin/model", DynamicReply(Table(10)))
    leia.models.list()
    assert capsys.readouterr().err == ""
    server.on("GET", "/admin/model", DynamicReply(Table(25)))
    leia.models.list()
    assert "25/25" in capsys.readouterr().err


def test_tag_result_goes_out_with_the_first_page_only(server, leia):
    table = Table(25)
    for r in table.rows:
        r["filename"] = "x"
    server.on("GET", "/admin/document", DynamicReply(table))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        leia.documents.list(tag_result="seen", progress=False)
    assert [asked.get("tag_result") for asked in table.asked] == ["seen", None, None]
