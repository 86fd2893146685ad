"""The calls with which an admin looks after applications, over real HTTP."""

import uuid

import pytest
import requests

from .service_process import Login, wait_until


def _refusal(answer):
    said = answer.json()
    assert answer.status_code == said["status"]
    return said["status"], said["code"], said["field"]


@pytest.fixture
def new(admin, service):
    """Create applications that are deleted after the test; return them logged in."""
    made = []

    def create(**said):
        name = uuid.uuid4().hex
        body = {
            "application_type": "developer",
            "email": f"{name}@example.org",
            "first_name": "Eve",
            "last_name": name,
        }
        answer = admin.post("/admin/application", json=body | said)
        assert answer.status_code == 200, answer.text
        login = Login(service.url, answer.json()["api_key"])
        login.created = answer.json()
        made.append(login)
        return login

    yield create
    for login in made:
        admin.delete(f"/admin/application/{login.id}")
        login.http.close()


def test_the_key_is_told_once(admin, new):
    eve = new(application_name="Eve's", default_job_callback_url="http://127.0.0.1:1/done")
    made = eve.created
    assert len(made["api_key"]) >= 32
    assert made["application_type"] == "developer"
    assert (made["application_name"], made["first_name"]) == ("Eve's", "Eve")
    assert made["default_job_callback_url"] == "http://127.0.0.1:1/done"
    assert made["job_counts"] == {}
    assert (made["dedicated_workers"], made["always_on_schedules"]) == (False, [])
    shown = admin.get(f"/admin/application/{eve.id}").json()
    assert shown == made | {"api_key": None}
    assert eve.get("/whoami").json()["email"] == made["email"]
    assert made["api_key"] not in admin.get("/admin/application").text


def test_what_the_service_decides_itself_is_taken_no_notice_of(new):
    given = {"id": "f" * 24, "api_key": "mine", "creation_time": None, "job_counts": {"x": 1}}
    made = new(**given).created
    assert made["id"] != "f" * 24
    assert made["api_key"] != "mine"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "a" * 300 + "@example.org"}, "email"),
        ({"email": None}, "email"),
        ({"first_name": " "}, "first_name"),
        ({"last_name": "x" * 1001}, "last_name"),
        ({"application_type": "god"}, "application_type"),
        ({"default_job_callback_url": "ftp://x"}, "default_job_callback_url"),
        ({"dedicated_workers_max_models": 0}, "dedicated_workers_max_models"),
        ({"shoe_size": 44}, "shoe_size"),
    ],
)
def test_wrong_applications_are_refused(admin, said, field):
    body = {"application_type": "developer", "email": "w@example.org"}
    body |= {"first_name": "W", "last_name": "W"} | said
    answer = admin.post("/admin/application", json=body)
    assert _refusal(answer) == (400, "invalid_parameter", field)


def test_a_body_is_needed(admin):
    for body in ({}, {"json": {}}, {"data": "{", "headers": {"Content-Type": "application/json"}}):
        assert admin.post("/admin/application", **body).status_code == 400


def test_an_email_belongs_to_one(admin, new):
    eve, other = new(), new()
    for email in (eve.created["email"], eve.created["email"].upper()):
        body = {
            "application_type": "admin",
            "email": email,
            "first_name": "A",
            "last_name": "B",
        }
        answer = admin.post("/admin/application", json=body)
        assert _refusal(answer) == (409, "email_taken", "email")
        answer = admin.patch(f"/admin/application/{other.id}", email=email)
        assert _refusal(answer) == (409, "email_taken", "email")
    same = admin.patch(f"/admin/application/{eve.id}", email=eve.created["email"])
    assert same.status_code == 200


def test_filters_and_sorts(admin, new):
    mark = uuid.uuid4().hex
    made = [
        new(application_name=mark, first_name=first, last_name=last, application_type=kind)
        for first, last, kind in (("C", "X", "developer"), ("A", "Y", "admin"), ("B", "Y", "admin"))
    ]
    admin.patch(f"/admin/application/{made[0].id}", dedicated_workers=True)
    names = {login.id: "cab"[number] for number, login in enumerate(made)}

    def found(**params):
        answer = admin.get("/admin/application", application_name=mark, **params)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Accept-Range"] == "application 1000"
        return "".join(names[row["id"]] for row in answer.json())

    assert found() == "cab"
    assert found(sort="-creation_time") == "bac"
    assert found(sort="first_name") == found(sort="application_name,first_name") == "abc"
    assert found(sort="-last_name,first_name") == "abc"
    assert found(sort="application_type,-first_name") == "bac"
    assert found(sort="-dedicated_workers,-email")[0] == "c"
    assert found(first_name="A") == found(email=made[1].created["email"]) == "a"
    assert found(application_id=made[1].id) == "a"
    assert found(last_name="Y", application_type="admin") == "ab"
    assert found(application_type="developer") == found(dedicated_workers=True) == "c"
    assert found(limit=1, offset=1) == "a"
    assert found(created_before="2020-01-01T00:00:00") == found(first_name="Nobody") == ""
    assert _refusal(admin.get("/admin/application", sort="api_key_hash"))[2] == "sort"
    unknown = admin.get("/admin/application", application_id="0" * 24)
    assert _refusal(unknown) == (404, "unknown_application", "application_id")
    assert unknown.headers["Content-Range"] == "0-0/0"
    assert unknown.headers["Accept-Range"] == "application 1000"


def test_job_counts(admin, new):
    eve = new()
    other = new()
    for _ in range(2):
        eve.annotation(eve.document(tags=["few"])["id"], "one")
    assert eve.post("/model/text_classifier/train/none").status_code == 404
    answer = admin.get("/admin/application", application_id=eve.id)
    assert answer.json()[0]["job_counts"] == {}
    first = eve.document(b"words")["id"]
    waits = eve.post(f"/document/{first}/transform/text", params={"block_processing": True})
    assert waits.status_code == 200, waits.text
    done = eve.finished_job(eve.post(f"/document/{first}/transform/text").json())
    assert admin.get(f"/admin/application/{eve.id}").json()["job_counts"] == {
        "BLOCKED": 1,
        done["status"]: 1,
    }
    listed = {row["id"]: row["job_counts"] for row in admin.get("/admin/application").json()}
    assert (sum(listed[eve.id].values()), listed[other.id]) == (2, {})


def test_edit(admin, new):
    path = f"/admin/application/{new().id}"
    said = {
        "application_name": "R&D",
        "first_name": "Ada",
        "last_name": "L",
        "email": f"{uuid.uuid4().hex}@example.org",
        "default_job_callback_url": "https://example.org/done",
        "dedicated_workers": True,
        "dedicated_workers_ttl": 60,
        "dedicated_workers_max_models": 2,
        "reduce_callback_payloads": True,
    }
    shown = admin.patch(path, **said).json()
    assert {name: shown[name] for name in said} == said
    assert admin.patch(path).json() == shown == admin.get(path).json()
    cleared = admin.patch(path, default_job_callback_url="", dedicated_workers=False).json()
    assert (cleared["default_job_callback_url"], cleared["dedicated_workers"]) == (None, False)
    assert cleared["application_name"] == "R&D"
    for params, field in (
        ({"email": "nobody"}, "email"),
        ({"first_name": ""}, "first_name"),
        ({"default_job_callback_url": "nowhere"}, "default_job_callback_url"),
        ({"dedicated_workers_ttl": "long"}, "dedicated_workers_ttl"),
    ):
        assert _refusal(admin.patch(path, **params)) == (400, "invalid_parameter", field)
    unknown = admin.patch(f"/admin/application/{'0' * 24}", first_name="A")
    assert _refusal(unknown) == (404, "unknown_application", "application_id")


def test_schedules(admin, new, model_file):
    eve = new()
    path = f"/admin/application/{eve.id}"
    model = admin.model(model_file, allowed_application_ids=[eve.id])
    given = {
        "always_on_number": 2,
        "always_on_start_days": [5, 1],
        "always_on_start_hour": 8,
        "always_on_stop_hour": 8,
        "always_on_stop_minute": 30,
        "always_on_workers_model_ids": [model["id"]],
    }
    first = admin.patch(path, **given).json()["always_on_schedules"][0]
    assert len(first.pop("id")) == 24
    assert first == {
        "number": 2,
        "start_days": [1, 5],
        "start_hour": 8,
        "start_minute": 0,
        "stop_hour": 8,
        "stop_minute": 30,
        "workers_model_ids": [model["id"]],
    }
    two = admin.patch(path, **given | {"always_on_start_days": "6,7"}).json()
    assert [s["start_days"] for s in two["always_on_schedules"]] == [[1, 5], [6, 7]]
    gone, kept = (s["id"] for s in two["always_on_schedules"])
    assert admin.delete(f"{path}/always_on_schedules/{gone}").status_code == 204
    assert [s["id"] for s in admin.get(path).json()["always_on_schedules"]] == [kept]
    for other in (gone, "x"):
        answer = admin.delete(f"{path}/always_on_schedules/{other}")
        assert _refusal(answer) == (404, "unknown_schedule", "always_on_schedule_id")
    for wrong, field in (
        ({"always_on_number": 0}, "always_on_number"),
        ({"always_on_start_days": [8]}, "always_on_start_days"),
        ({"always_on_stop_minute": 0}, "always_on_stop_hour"),
        ({"always_on_stop_hour": 24}, "always_on_stop_hour"),
        ({"always_on_workers_model_ids": ["nothing"]}, "always_on_workers_model_ids"),
    ):
        assert _refusal(admin.patch(path, **given | wrong)) == (400, "invalid_parameter", field)
    half = admin.patch(path, always_on_number=1)
    assert _refusal(half) == (400, "invalid_parameter", "always_on_start_days")
    admin.delete(f"/admin/{admin.id}/model/{model['id']}")


def test_a_new_key_ends_the_old_one_and_its_logins_at_once(admin, new, service):
    eve = new()
    path = f"/admin/application/{eve.id}/reset_api_key"
    again = admin.post(path).json()
    assert again["api_key"] not in (None, eve.created["api_key"])
    assert eve.get("/whoami").status_code == 401
    old = requests.post(
        f"{service.url}/login", json={"api_key": eve.created["api_key"]}, timeout=10
    )
    assert old.status_code == 403
    login = Login(service.url, again["api_key"])
    assert login.id == eve.id
    login.http.close()
    for identifier, expected in (
        (admin.id, (403, "own_application")),
        ("0" * 24, (404, "unknown_application")),
        ("eve", (400, "invalid_parameter")),
    ):
        answer = admin.post(f"/admin/application/{identifier}/reset_api_key")
        assert _refusal(answer)[:2] == expected


def test_the_kept_key_of_the_first_admin_follows_a_reset(fresh_service):
    running = fresh_service()
    first = running.login()
    body = {"application_type": "admin", "email": "b@x", "first_name": "B", "last_name": "B"}
    second = running.login(first.post("/admin/application", json=body).json()["api_key"])
    old = running.key
    key = second.post(f"/admin/application/{first.id}/reset_api_key").json()["api_key"]
    assert running.key == key != old
    assert running.login().id == first.id
    assert second.delete(f"/admin/application/{first.id}").status_code == 200
    assert not running.settings.admin_key.exists()
    assert second.get("/admin/application").headers["Content-Range"] == "0-0/1"


def test_deleting_takes_everything_it_owns(admin, ada, new, service, model_file):
    eve = new()
    document = eve.document(b"mine", tags=["t"])
    eve.annotation(document["id"], "letter")
    mine = admin.post(
        f"/admin/{eve.id}/model", params={"name": "Eve's"}, data=model_file.read_bytes()
    ).json()
    opened = admin.model(model_file, allowed_application_ids=[eve.id, ada.id])
    job = eve.post(
        f"/document/{document['id']}/transform/text", params={"block_processing": True}
    ).json()
    for_ada = ada.document(b"hers")
    eves = admin.post(
        f"/admin/{eve.id}/document/{document['id']}/transform/text",
        params={"block_processing": True},
    ).json()
    assert {document["id"], mine["id"]} <= set(service.blobs)

    answer = admin.delete(f"/admin/application/{eve.id}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert not {document["id"], mine["id"]} & set(service.blobs)
    assert eve.get("/whoami").status_code == 401
    assert admin.get(f"/model/{opened['id']}").json()["allowed_application_ids"] == [ada.id]
    for path in (
        f"/admin/application/{eve.id}",
        f"/job/{job['id']}",
        f"/job/{eves['id']}",
        f"/document/{document['id']}",
        f"/model/{mine['id']}",
    ):
        assert admin.get(path).status_code == 404
    assert ada.get(f"/document/{for_ada['id']}").status_code == 200
    again = admin.delete(f"/admin/application/{eve.id}")
    assert _refusal(again) == (404, "unknown_application", "application_id")
    admin.delete(f"/admin/{admin.id}/model/{opened['id']}")


def test_jobs_that_a_deleted_admin_submitted_for_others_stay(admin, ada, new):
    boss = new(application_type="admin")
    document = ada.document(b"hers")
    job = boss.post(
        f"/admin/{ada.id}/document/{document['id']}/transform/text",
        params={"block_processing": True},
    ).json()
    assert admin.delete(f"/admin/application/{boss.id}").status_code == 200
    assert ada.get(f"/job/{job['id']}").json()["status"] == "BLOCKED"
    assert [row["id"] for row in ada.get("/job", job_id=job["id"]).json()] == [job["id"]]
    assert ada.delete(f"/job/{job['id']}").status_code == 204


def test_nobody_deletes_himself(admin):
    answer = admin.delete(f"/admin/application/{admin.id}")
    assert _refusal(answer) == (403, "own_application", "application_id")


def test_an_upload_whose_application_goes_meanwhile_is_refused(admin, new, service):
    eve, other = new(), new()
    before = service.blobs

    def body(doomed):
        yield bytes(2**20)
        assert admin.delete(f"/admin/application/{doomed.id}").status_code == 200
        yield bytes(2**20)

    answer = eve.post("/document", params={"filename": "a"}, data=body(eve))
    assert _refusal(answer)[:2] == (401, "not_logged_in")
    path = f"/admin/{other.id}/document"
    answer = admin.post(path, params={"filename": "a"}, data=body(other))
    assert _refusal(answer)[:2] == (404, "unknown_application")
    wait_until(lambda: set(service.blobs) <= set(before))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("POST", ""),
        ("GET", "/{id}"),
        ("PATCH", "/{id}"),
        ("DELETE", "/{id}"),
        ("POST", "/{id}/reset_api_key"),
        ("DELETE", "/{id}/always_on_schedules/x"),
    ],
)
def test_they_are_for_admins(ada, bob, method, path):
    answer = ada.call(method, f"/admin/application{path.format(id=bob.id)}")
    assert _refusal(answer) == (401, "not_logged_in", None)
    assert bob.get("/whoami").status_code == 200
