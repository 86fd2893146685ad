"""Showing, changing, tagging and deleting annotations, over real HTTP."""

from urllib.parse import quote

import pytest

AS_JSON = {"headers": {"Content-Type": "application/json"}}


def _refusal(answer):
    said = answer.json()
    assert answer.status_code == said["status"]
    return said["status"], said["code"], said["field"]


@pytest.fixture
def said(ada):
    return ada.annotation(ada.document()["id"], "letter")


def _update(login, annotation_id, prediction, **params):
    return login.call("PATCH", f"/annotation/{annotation_id}", params=params, json=prediction)


@pytest.mark.parametrize("kind", ["BOX", "TEXT", "TYPING", "REF"])
def test_get(ada, kind):
    params = {"annotation_type": kind, "name": "n", "tags": ["b", "a"]}
    path = f"/annotation/{ada.document()['id']}"
    made = ada.post(path, params=params, json={"category": 1}).json()
    assert (made["annotation_type"], made["tags"]) == (kind, ["a", "b"])
    assert ada.get(f"/annotation/{made['id']}").json() == made


@pytest.mark.parametrize("prediction", [{"a": [1, None, 2.5]}, [1, "zwei"], "text", 7, True, {}])
def test_update(ada, said, prediction):
    changed = _update(ada, said["id"], prediction).json()
    assert changed == said | {"prediction": prediction}
    named = _update(ada, said["id"], prediction, name="R&D").json()
    assert named == changed | {"name": "R&D"}
    assert _update(ada, said["id"], {}).json()["name"] == "R&D"
    assert _update(ada, said["id"], {}, name="").json()["name"] is None
    assert ada.get(f"/annotation/{said['id']}").json() == said | {"prediction": {}}


def test_wrong_updates_change_nothing(ada, said):
    path = f"/annotation/{said['id']}"
    for body in ('{"a": NaN}', '"\\ud800"', "{", "", "[" * 10**5):
        answer = ada.call("PATCH", path, data=body, **AS_JSON)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")
    deep = "[" * 101 + "]" * 101
    assert _refusal(ada.call("PATCH", path, data=deep, **AS_JSON))[2] == "prediction"
    assert _refusal(_update(ada, said["id"], {}, name="a\x00b"))[2] == "name"
    assert ada.get(path).json() == said


@pytest.mark.parametrize("tag", ["über & co", "a/b", "100%", "a,b", "%2F"])
def test_tag_and_untag(ada, said, tag):
    path = f"/annotation/{said['id']}/tag/{quote(tag, safe='')}"
    for _ in range(2):
        assert ada.post(path).json() == said | {"tags": [tag]}
    listed = ada.get("/annotation", tags=tag, annotation_id=said["id"]).json()
    assert [row["id"] for row in listed] == [said["id"]]
    for _ in range(2):
        answer = ada.delete(path)
        assert (answer.status_code, answer.content) == (200, b"")
    assert ada.get(f"/annotation/{said['id']}").json() == said


def test_what_is_no_tag(ada, said):
    answer = ada.post(f"/annotation/{said['id']}/tag/{quote(' ')}")
    assert _refusal(answer) == (400, "invalid_parameter", "tag")


def test_delete(ada, said):
    answer = ada.delete(f"/annotation/{said['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    for answer in (ada.get(f"/annotation/{said['id']}"), ada.delete(f"/annotation/{said['id']}")):
        assert _refusal(answer) == (404, "unknown_annotation", "annotation_id")
    assert ada.get(f"/document/{said['document_id']}").status_code == 200


def test_they_are_their_owners_alone(bob, admin, said):
    path = f"/annotation/{said['id']}"
    for login in (bob, admin):
        for answer in (
            login.get(path),
            _update(login, said["id"], {}),
            login.post(f"{path}/tag/x"),
            login.delete(f"{path}/tag/x"),
        ):
            assert _refusal(answer) == (404, "unknown_annotation", "annotation_id")
        refused = login.delete(path)
        assert _refusal(refused) == (403, "not_yours", "annotation_id")
        assert refused.json()["message"].endswith("Log in as that application.")


def test_lists_that_ask_for_what_is_not_there(ada, bob, said):
    for login, params, expected in (
        (ada, {"annotation_id": "0" * 24}, (404, "unknown_annotation", "annotation_id")),
        (bob, {"annotation_id": said["id"]}, (404, "unknown_annotation", "annotation_id")),
        (ada, {"document_id": "0" * 24}, (404, "unknown_document", "document_id")),
        (bob, {"document_id": said["document_id"]}, (404, "unknown_document", "document_id")),
    ):
        answer = login.get("/annotation", **params)
        assert _refusal(answer) == expected
        assert answer.headers["Content-Range"] == "0-0/0"
        assert answer.headers["Accept-Range"] == "annotation 1000"
    empty = ada.get("/annotation", annotation_id=said["id"], annotation_type="BOX")
    assert (empty.status_code, empty.json()) == (200, [])
    assert empty.headers["Content-Range"] == "0-0/0"


def test_they_go_with_their_document(ada, said):
    assert ada.delete(f"/document/{said['document_id']}").status_code == 204
    assert ada.get(f"/annotation/{said['id']}").status_code == 404
