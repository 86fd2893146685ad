"""The model calls over real HTTP."""

import hashlib
import threading
from urllib.parse import quote

import pytest

TAGS = ["plain", "with space", "über & co", "a/b", "100%", "a,b", "?x=1#y", "%2F"]


@pytest.fixture
def new(admin, model_file):
    """Create models that are deleted after the test."""
    made = []

    def create(login=admin, owner=None, **params):
        answer = admin.post(
            f"/admin/{(owner or login).id}/model",
            params={"name": "A model", **params},
            data=model_file.read_bytes(),
        )
        assert answer.status_code == 200, answer.text
        made.append(answer.json())
        return answer.json()

    yield create
    for model in made:
        admin.delete(f"/admin/{model['application_id']}/model/{model['id']}")


def _refusal(answer):
    said = answer.json()
    assert answer.status_code == said["status"]
    return said["status"], said["code"], said["field"]


def test_create_with_everything_and_get(admin, ada, new, model_file):
    made = new(
        name="R&D + more",
        short_name="everything-1",
        description="Reads <b>text</b>",
        ttl=-1,
        allowed_application_ids=[ada.id],
        allow_all_applications="false",
        tags=["b", "a", "a"],
    )
    content = model_file.read_bytes()
    assert made == admin.get(f"/model/{made['id']}").json()
    assert made == admin.get(f"/admin/{admin.id}/model/everything-1").json()
    assert made["name"] == "R&D + more"
    assert made["description"] == "Reads <b>text</b>"
    assert made["ttl"] == -1
    assert made["tags"] == ["a", "b"]
    assert made["allowed_application_ids"] == [ada.id]
    assert made["allow_all_applications"] is False
    assert made["size"] == len(content)
    assert made["md5sum"] == hashlib.md5(content).hexdigest()
    assert made["model_type"] == "classification"
    assert made["input_types"] == ["text"]
    assert made["model_module"] == "text_classifier"
    assert made["model_clazz"] == "DummyClassifier"
    assert made["documentation"] == "A model for tests."
    assert made["output_format"] == {"category": "str"}


def test_defaults(new):
    made = new()
    assert made["ttl"] == 200
    assert made["short_name"] is made["description"] is None
    assert made["tags"] == made["allowed_application_ids"] == []


def test_contents_come_back_whole_and_in_part(admin, new, model_file):
    path = f"/admin/{admin.id}/model/{new()['id']}/file_contents"
    answer = admin.get(path)
    assert answer.content == model_file.read_bytes()
    assert answer.headers["content-type"] == "application/octet-stream"
    part = admin.call("GET", path, headers={"Range": "bytes=2-9"})
    assert (part.status_code, part.content) == (206, model_file.read_bytes()[2:10])


def test_edit_changes_only_what_is_given(admin, ada, new):
    made = new(short_name="before", allowed_application_ids=[ada.id], description="old")
    path = f"/admin/{admin.id}/model/before"
    renamed = admin.patch(path, name="New", ttl=7).json()
    assert renamed == {**made, "name": "New", "ttl": 7}
    cleared = admin.patch(path, allowed_application_ids="", allow_all_applications=True).json()
    assert cleared == {**renamed, "allowed_application_ids": [], "allow_all_applications": True}
    path = f"/admin/{admin.id}/model/{made['id']}"
    assert admin.patch(path, short_name="before").json()["short_name"] == "before"
    assert admin.patch(path, short_name="", description="").json()["short_name"] is None
    assert admin.patch(path).json()["description"] is None
    assert _refusal(admin.patch(path, name=" ")) == (400, "name_empty", "name")


@pytest.mark.parametrize("tag", TAGS)
def test_tags_of_any_characters(admin, new, tag):
    made = new()
    for base in (f"/model/{made['id']}", f"/admin/{admin.id}/model/{made['id']}"):
        path = f"{base}/tag/{quote(tag, safe='')}"
        assert admin.post(path).json()["tags"] == [tag]
        assert admin.post(path).json()["tags"] == [tag]
        found = admin.get("/model", tags=[tag]).json()
        assert [m["id"] for m in found] == [made["id"]]
        for _ in range(2):
            answer = admin.delete(path)
            assert (answer.status_code, answer.content) == (200, b"")
        assert admin.get(base).json()["tags"] == []


@pytest.mark.parametrize("tag", ["%20", "%00", "x" * 300, ""])
def test_tags_that_cannot_be(admin, new, tag):
    path = f"/model/{new()['id']}/tag/{tag}"
    assert _refusal(admin.post(path)) == (400, "invalid_parameter", "tag")


def test_delete(admin, new, service):
    made = new()
    path = f"/admin/{admin.id}/model/{made['id']}"
    assert made["id"] in service.blobs
    answer = admin.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert made["id"] not in service.blobs
    for answer in (admin.delete(path), admin.get(path), admin.get(f"{path}/file_contents")):
        assert _refusal(answer) == (404, "unknown_model", "model_id")


def test_listing_filters(admin, ada, new):
    first = new(name="Filter one", short_name="f.1", description="Über ALLES 100%", tags=["x", "y"])
    second = new(name="Filter two", description="nothing", tags=["x"], owner=ada)

    def ids(**params):
        said = admin.get("/admin/model", **params)
        assert said.status_code == 200, said.text
        return [m["id"] for m in said.json() if m["name"].startswith("Filter")]

    assert ids() == [first["id"], second["id"]]
    assert ids(sort="-name") == [second["id"], first["id"]]
    assert ids(sort="model_type,-creation_time,-name") == [second["id"], first["id"]]
    for params in (
        {"model_id": first["id"]},
        {"model_id": "f.1"},
        {"short_name": "f.1"},
        {"name": "Filter one"},
        {"description": "über alles"},
        {"description": "100%"},
        {"tags": ["x", "y"]},
        {"application_id": admin.id, "only_mine": True},
        {"only_mine": True},
    ):
        assert ids(**params) == [first["id"]], params
    assert ids(tags="x", input_types="text", model_type="classification") == ids()
    assert ids(input_types=["text", "image"]) == ids(tags=["x", "z"]) == ids(description="_") == []
    assert ids(application_id=ada.id) == [second["id"]]
    assert [m["id"] for m in ada.get("/model", name="Filter two").json()] == [second["id"]]


def test_listing_by_time(admin, new):
    made = new(name="Timed")
    when = made["creation_time"]

    def found(**params):
        return bool(admin.get("/model", name="Timed", **params).json())

    assert found(created_after=when)
    assert not found(created_before=when)
    assert found(created_before="2999-01-01T00:00:00+02:00", created_after="2020-01-01")
    path = "/model?name=Timed&created_after="
    assert admin.get(f"{path}{when}+00:00").json(), "an unescaped + arrives as a space"
    assert _refusal(admin.get("/model", created_after="soon")) == (
        400,
        "invalid_parameter",
        "created_after",
    )


def test_pages(admin, new):
    ids = [new(name=f"Page {i}", tags=["pages"])["id"] for i in range(5)]

    def page(**params):
        answer = admin.get("/admin/model", tags="pages", **params)
        return [m["id"] for m in answer.json()], answer.headers["Content-Range"]

    assert page() == (ids, "0-4/5")
    assert page(offset=1, limit=2) == (ids[1:3], "1-2/5")
    assert page(offset=4, limit=100000) == (ids[4:], "4-4/5")
    assert page(offset=9) == page(limit=0) == ([], "0-0/5")
    empty = admin.get("/model", tags="no such tag")
    assert (empty.status_code, empty.json(), empty.headers["Content-Range"]) == (200, [], "0-0/0")
    assert empty.headers["Accept-Range"] == "model 1000"


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"offset": -1}, "offset"),
        ({"limit": -1}, "limit"),
        ({"limit": 10**30}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"sort": "colour"}, "sort"),
        ({"sort": "name,"}, "sort"),
        ({"model_type": "ModelTypes.CLASSIFICATION"}, "model_type"),
        ({"input_types": "smell"}, "input_types"),
        ({"only_mine": "perhaps"}, "only_mine"),
        ({"tag": "typing error"}, "tag"),
    ],
)
def test_wrong_list_parameters_name_themselves(admin, params, field):
    for path in ("/model", "/admin/model"):
        assert _refusal(admin.get(path, **params)) == (400, "invalid_parameter", field)


def test_who_may_what(admin, ada, bob, new):
    closed, opened = new(), new(short_name="opened", allow_all_applications=True)
    granted = new(allowed_application_ids=[ada.id])
    assert ada.get(f"/model/{closed['id']}").status_code == 404
    for login, model in ((ada, opened), (bob, opened), (ada, granted)):
        assert login.get(f"/model/{model['id']}").json() == model
        assert _refusal(login.post(f"/model/{model['id']}/tag/x"))[:2] == (404, "unknown_model")
        assert _refusal(login.delete(f"/model/{model['id']}/tag/x"))[:2] == (404, "unknown_model")
        path = f"/admin/{login.id}/model/{model['id']}"
        assert admin.get(path).status_code == 200
        assert admin.get(f"{path}/file_contents").status_code == 200
        for answer in (
            admin.patch(path, name="x"),
            admin.delete(path),
            admin.post(f"{path}/tag/x"),
        ):
            assert _refusal(answer) == (404, "unknown_model", "model_id")
    assert _refusal(bob.get(f"/model/{granted['id']}"))[:2] == (404, "unknown_model")
    mine = {closed["id"], opened["id"], granted["id"]}

    def seen(login, path="/model", **params):
        return {m["id"] for m in login.get(path, **params).json()} & mine

    assert seen(ada) == {opened["id"], granted["id"]}
    assert seen(bob) == {opened["id"]}
    assert seen(ada, only_mine=True) == set()
    assert seen(admin, "/admin/model", application_id=ada.id) == {opened["id"], granted["id"]}


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"name": ""}, (400, "name_empty", "name")),
        ({"name": None}, (400, "invalid_parameter", "name")),
        ({"short_name": "ä"}, (400, "short_name_invalid", "short_name")),
        ({"short_name": ".."}, (400, "short_name_invalid", "short_name")),
        ({"short_name": "x" * 101}, (400, "short_name_invalid", "short_name")),
        ({"short_name": "0" * 24}, (400, "short_name_invalid", "short_name")),
        ({"short_name": "taken"}, (400, "short_name_taken", "short_name")),
        ({"ttl": "long"}, (400, "invalid_parameter", "ttl")),
        ({"ttl": 10**12}, (400, "invalid_parameter", "ttl")),
        ({"tags": ["ok", "\x07"]}, (400, "invalid_parameter", "tags")),
        (
            {"allowed_application_ids": ["nobody"]},
            (400, "invalid_parameter", "allowed_application_ids"),
        ),
    ],
)
def test_wrong_words_are_refused_and_nothing_is_kept(
    admin, new, service, model_file, params, expected
):
    new(short_name="taken")
    before = service.blobs
    answer = admin.post(
        f"/admin/{admin.id}/model",
        params={"name": "Never", **params},
        data=model_file.read_bytes() + bytes(5 * 2**20),
    )
    assert _refusal(answer) == expected
    assert service.blobs == before
    assert admin.get("/admin/model", name="Never").json() == []


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"not a model" * 10**6], ids=["empty", "pk", "text"]
)
def test_a_file_that_is_no_model(admin, service, content):
    before = service.blobs
    answer = admin.post(f"/admin/{admin.id}/model", params={"name": "Never"}, data=content)
    assert _refusal(answer) == (400, "invalid_model_file", "body")
    assert "leia.models.download or leia_nb.packaging.pack" in answer.json()["message"]
    assert service.blobs == before


def test_of_two_with_the_same_short_name_one_wins(admin, service, model_file, new):
    before = service.blobs
    answers = []

    def create():
        answers.append(
            admin.post(
                f"/admin/{admin.id}/model",
                params={"name": "Race", "short_name": "race"},
                data=model_file.read_bytes(),
            )
        )

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [a.json() for a in answers if a.status_code == 200]
    assert len(made) == 1
    refused = {_refusal(a) for a in answers if a.status_code != 200}
    assert refused == {(400, "short_name_taken", "short_name")}
    assert service.blobs == sorted([*before, made[0]["id"]])
    admin.delete(f"/admin/{admin.id}/model/race")
