"""Who may what: two developers and an admin, over real HTTP, operation by operation."""

import uuid

import pytest
import requests

from tests.contract.facts import read

FACTS = read("operations")["operations"]
OPEN = {"health_check", "login_application", "login_application_post"}
RULES = {
    "conditions": {"text": "x"},
    "jobs": [{"job_type": "transform", "output_type": "text"}],
}
BODIES = {
    "create_annotation": {},
    "update_annotation": {},
    "create_conditional_job": {"rules": {"first": RULES}},
    "admin_create_conditional_job": {"rules": {"first": RULES}},
}
# What names an object in the path, and the code of the refusal when it is unknown.
NAMES = {
    "document_id": "unknown_document",
    "document_ids": "unknown_document",
    "annotation_id": "unknown_annotation",
    "model_id": "unknown_model",
    "job_id": "unknown_job",
    "job_ids": "unknown_job",
    "execute_after_id": "unknown_job",
}


def _refusal(answer):
    said = answer.json()
    assert answer.status_code == said["status"]
    return said["status"], said["code"]


def _named(operation):
    """Return the first parameter of an operation's path that names an object."""
    path = [p["name"] for p in FACTS[operation]["parameters"] if p["in"] == "path"]
    return next((name for name in path if name in NAMES), None)


PLAIN = [name for name, fact in FACTS.items() if "/admin/" not in fact["path"]]
PLAIN_ON_OBJECTS = [name for name in PLAIN if _named(name)]
ADMIN_ON_OBJECTS = [
    name
    for name, fact in FACTS.items()
    if fact["path"].startswith("/admin/{application_id}") and _named(name)
]


@pytest.fixture(scope="module")
def bobs(admin, bob, model_file):
    """What belongs to bob (the model: to the admin), by the name that paths give it."""
    document = bob.document(b"his words", tags=["t"])
    job = bob.post(
        f"/document/{document['id']}/transform/text", params={"block_processing": True}
    ).json()
    model = admin.model(model_file, name="Closed")
    yield {
        "document_id": document["id"],
        "document_ids": document["id"],
        "annotation_id": bob.annotation(document["id"], "letter")["id"],
        "model_id": model["id"],
        "job_id": job["id"],
        "job_ids": job["id"],
        "execute_after_id": job["id"],
        "tag": "x",
        "output_type": "text",
        "job_type": "predict",
        "model_module": "text_classifier",
        "documents_tag": "no-such-tag",
        "always_on_schedule_id": "x",
        "api_key": "wrong",
        "application_id": bob.id,
        "submitter_id": bob.id,
    }
    admin.delete(f"/admin/{admin.id}/model/{model['id']}")


def _call(login, operation, names):
    fact = FACTS[operation]
    query = {"filename": "a.txt", "annotation_type": "TYPING", "name": "A"}
    asked = {p["name"]: query.get(p["name"]) for p in fact["parameters"] if p["in"] == "query"}
    return login.call(
        fact["method"], fact["path"].format(**names), params=asked, json=BODIES.get(operation)
    )


@pytest.mark.parametrize("operation", [name for name in FACTS if name not in OPEN])
def test_every_call_needs_a_login(service, bobs, operation):
    fact = FACTS[operation]
    url = service.url + fact["path"].format(**bobs)
    for headers in ({}, {"token": "wrong"}):
        answer = requests.request(
            fact["method"],
            url,
            headers=headers,
            json=BODIES.get(operation),
            timeout=30,
            params={"filename": "a", "annotation_type": "TYPING", "name": "A"},
        )
        assert _refusal(answer) == (401, "not_logged_in")


@pytest.mark.parametrize(
    "operation", [name for name in FACTS if name not in PLAIN] + ["kill_worker"]
)
def test_developers_make_no_admin_calls(ada, bobs, operation):
    assert _refusal(_call(ada, operation, bobs)) == (401, "not_logged_in")


@pytest.mark.parametrize("operation", PLAIN_ON_OBJECTS)
def test_objects_of_others(ada, bobs, operation):
    expected = (404, NAMES[_named(operation)])
    if "403" in FACTS[operation]["responses"]:
        expected = (403, "not_yours")
    assert _refusal(_call(ada, operation, bobs)) == expected


@pytest.mark.parametrize("operation", PLAIN_ON_OBJECTS)
def test_objects_that_are_not_there(ada, bobs, operation):
    names = bobs | dict.fromkeys(NAMES, "0" * 24)
    assert _refusal(_call(ada, operation, names)) == (404, NAMES[_named(operation)])


@pytest.mark.parametrize("operation", ADMIN_ON_OBJECTS)
def test_admin_calls_look_among_what_the_application_owns(admin, ada, bobs, operation):
    answer = _call(admin, operation, bobs | {"application_id": ada.id})
    assert answer.status_code in {403, 404}
    assert str(answer.status_code) in FACTS[operation]["responses"]


@pytest.mark.parametrize(
    "operation", [name for name, fact in FACTS.items() if "{application_id}" in fact["path"]]
)
def test_admin_calls_for_an_application_that_is_not_there(admin, bobs, operation):
    answer = _call(admin, operation, bobs | {"application_id": "0" * 24})
    assert _refusal(answer) == (404, "unknown_application")


def test_bobs_things_are_as_they_were(bob, bobs):
    assert bob.get(f"/document/{bobs['document_id']}").json()["tags"] == ["t"]
    assert bob.get(f"/annotation/{bobs['annotation_id']}").json()["tags"] == []
    assert bob.get(f"/job/{bobs['job_id']}").json()["status"] == "BLOCKED"


def test_a_model_is_used_by_those_it_is_opened_to(admin, ada, bob, model_file):
    mark = uuid.uuid4().hex
    model = admin.model(model_file, name=mark, allowed_application_ids=[ada.id])
    path = f"/admin/{admin.id}/model/{model['id']}"

    def seen(login, **params):
        return [row["id"] for row in login.get("/model", name=mark, **params).json()]

    def applied(login, prefix=""):
        document = login.document(b"words")
        answer = login.post(f"{prefix}/model/{model['id']}/apply/{document['id']}")
        return answer.status_code

    assert (seen(ada), seen(bob), seen(admin)) == ([model["id"]], [], [model["id"]])
    assert (applied(ada), applied(bob)) == (200, 403)
    assert seen(ada, only_mine=True) == []
    assert seen(admin, only_mine=True) == [model["id"]]
    everyone = {"name": mark}
    assert admin.get("/admin/model", **everyone, only_mine=True).json()[0]["id"] == model["id"]
    assert admin.get("/admin/model", **everyone, application_id=ada.id).json() == [model]
    for params in ({"only_mine": True}, {"model_id": "0" * 24}):
        answer = admin.get("/admin/model", **everyone, application_id=ada.id, **params)
        assert (answer.status_code, answer.json()) == (200, [])
        assert answer.headers["Content-Range"] == "0-0/0"
    admin.patch(path, allow_all_applications=True, allowed_application_ids="")
    assert seen(bob) == [model["id"]]
    assert applied(bob) == 200
    admin.patch(path, allow_all_applications=False)
    assert (seen(ada), seen(bob)) == ([], [])
    assert (applied(ada), applied(bob)) == (403, 403)
    admin.delete(path)


def test_what_a_model_wants_to_have(admin, model_file):
    model = admin.model(model_file, cores=0.5, memory=1.25, always_on_workers=2)
    wants = ("cores", "memory", "always_on_workers")
    assert [model[name] for name in wants] == [0.5, 1.25, 2]
    path = f"/admin/{admin.id}/model/{model['id']}"
    changed = admin.patch(path, cores=2, always_on_workers=0).json()
    assert [changed[name] for name in wants] == [2.0, 1.25, 0]
    assert admin.get(path).json() == changed
    for params in (
        {"cores": 0},
        {"cores": -1},
        {"memory": 0},
        {"memory": "nan"},
        {"memory": "inf"},
        {"always_on_workers": -1},
        {"always_on_workers": 1.5},
    ):
        answer = admin.patch(path, **params)
        assert (*_refusal(answer), answer.json()["field"]) == (
            400,
            "invalid_parameter",
            next(iter(params)),
        )
        made = admin.post(
            f"/admin/{admin.id}/model",
            params={"name": "A", **params},
            data=model_file.read_bytes(),
        )
        assert made.status_code == 400
    assert [admin.model(model_file, name="Plain")[name] for name in wants] == [None] * 3
    admin.delete(path)


def test_lists_in_paths_take_both_commas(ada):
    first, second = ada.document(b"one"), ada.document(b"two")
    for comma in (",", "%2C", "%2c"):
        path = f"/document/{first['id']}{comma}{second['id']}/transform/text"
        job = ada.post(path, params={"block_processing": True}).json()
        assert job["document_ids"] == [first["id"], second["id"]]
        statuses = ada.get(f"/job/{job['id']}{comma}{'0' * 24}/status").json()
        assert statuses == {job["id"]: "BLOCKED"}
        ada.delete(f"/job/{job['id']}")
