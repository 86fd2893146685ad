"""The job calls over real HTTP, with real trainings and applications."""

import io

import numpy as np
import pytest
from PIL import Image

from .service_process import wait_until, write_model_file


def _refusal(answer):
    said = answer.json()
    assert answer.status_code == said["status"]
    return said["status"], said["code"], said["field"]


def _picture(category, number):
    """Draw a noisy picture: bright on the left, or on the right."""
    pixels = np.random.default_rng(number).integers(0, 60, (8, 8), dtype=np.uint8)
    half = slice(0, 4) if category == "left" else slice(4, 8)
    pixels[:, half] += 180
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def pictures(ada):
    """24 annotated pictures tagged "sides"; their ids with their categories."""
    known = {}
    for number in range(24):
        category = ("left", "right")[number % 2]
        made = ada.document(_picture(category, number), f"{number}.png", tags=["sides"])
        ada.annotation(made["id"], category)
        known[made["id"]] = category
    return known


@pytest.fixture(scope="module")
def trained(ada, pictures):
    """A model that was trained on the pictures."""
    params = {"short_name": "sides-1", "model_name": "Sides", "tags": ["t"], "ttl": 60}
    answer = ada.post("/model/image_classifier/train/sides", params=params)
    assert answer.status_code == 200, answer.text
    over = ada.finished_job(answer.json())
    assert over["status"] == "PROCESSED", over["reason"]
    assert (over["job_type"], over["result_type"]) == ("train", "model")
    return over["result"]


@pytest.fixture
def blocked(ada, trained, pictures):
    """A job that does not begin by itself."""
    answer = ada.post(
        f"/model/sides-1/apply/{next(iter(pictures))}", params={"block_processing": True}
    )
    assert answer.json()["status"] == "BLOCKED"
    return answer.json()


@pytest.fixture(scope="module")
def extractor(admin, ada, tmp_path_factory):
    """A model that is no classifier."""
    file = write_model_file(
        tmp_path_factory.mktemp("extractor") / "m.zip",
        model_type="key_value_extraction",
        categories=None,
    )
    answer = admin.post(
        f"/admin/{ada.id}/model",
        params={"name": "Extractor", "short_name": "extractor"},
        data=file.read_bytes(),
    )
    return answer.json()


def test_training_makes_the_model_that_was_asked_for(ada, trained):
    assert trained == ada.get("/model/sides-1").json()
    assert (trained["name"], trained["tags"], trained["ttl"]) == ("Sides", ["t"], 60)
    assert trained["application_id"] == ada.id


def test_one_document_is_classified(ada, trained, pictures):
    document, category = next(iter(pictures.items()))
    path = f"/model/sides-1/apply/{document}"
    over = ada.finished_job(ada.post(path, json={"format_type": "classification"}).json())
    assert over["status"] == "PROCESSED", over["reason"]
    assert over["result_type"] == "classification"
    assert over["result"]["category"] == category
    assert 0 <= over["result"]["score"] <= 1
    assert over["document_ids"] == [document]
    assert over["model_id"] == trained["id"]
    assert over["starting_time"] <= over["finished_time"]


@pytest.mark.parametrize("comma", [",", "%2C"])
def test_several_documents_by_either_comma(ada, trained, pictures, comma):
    ids = list(pictures)[:3]
    path = f"/model/{trained['id']}/apply/{comma.join(ids)}?top=1"
    over = ada.finished_job(ada.post(path).json())
    assert over["status"] == "PROCESSED", over["reason"]
    assert over["result_type"] == "dict[object]"
    assert {i: [kv["key"] for kv in said] for i, said in over["result"].items()} == {
        i: [pictures[i]] for i in ids
    }


def test_admin_twin_works_for_the_application(admin, ada, trained, pictures):
    document = next(iter(pictures))
    job = admin.post(f"/admin/{ada.id}/model/sides-1/apply/{document}").json()
    assert job["application_id"] == ada.id
    assert ada.finished_job(job)["status"] == "PROCESSED"
    for prefix in ("", f"/admin/{ada.id}", f"/admin/{admin.id}"):
        assert admin.get(f"{prefix}/job/{job['id']}").json()["id"] == job["id"]


def test_blocked_started_and_over(ada, blocked):
    path = f"/job/{blocked['id']}"
    assert ada.get(path).json()["status"] == "BLOCKED"
    assert ada.post(f"{path}/start").json()["status"] == "READY"
    assert ada.post(f"{path}/start").status_code in {200, 403}
    assert ada.finished_job(blocked)["status"] == "PROCESSED"
    assert _refusal(ada.post(f"{path}/start"))[:2] == (403, "job_over")
    assert _refusal(ada.delete(path))[:2] == (404, "job_over")


def test_cancel(ada, blocked):
    path = f"/job/{blocked['id']}"
    answer = ada.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert ada.get(path).json()["status"] == "CANCELED"
    assert _refusal(ada.delete(path))[:2] == (404, "job_over")


def test_chain(ada, trained, pictures):
    ids = list(pictures)
    first = ada.post(
        f"/model/sides-1/apply/{','.join(ids[:4])}", params={"block_processing": True}
    ).json()
    second = ada.post(
        f"/model/sides-1/apply/{ids[0]}",
        params={"execute_after_id": first["id"], "page_range": "1:3"},
    ).json()
    assert second["status"] == "WAITING"
    ada.post(f"/job/{first['id']}/start")
    assert ada.finished_job(second)["document_ids"] == ids[1:3]


def test_a_chain_breaks_with_a_reason(ada, trained, pictures, blocked):
    path = f"/model/sides-1/apply/{next(iter(pictures))}"
    waiting = ada.post(path, params={"execute_after_id": blocked["id"]}).json()
    ada.delete(f"/job/{blocked['id']}")
    over = ada.finished_job(waiting)
    assert over["status"] == "FAILED"
    assert blocked["id"] in over["reason"]


@pytest.mark.parametrize("gone", ["model", "document"])
def test_what_is_deleted_before_its_job_runs_fails_it_in_words(admin, ada, trained, gone):
    document = ada.document(_picture("left", 99), "extra.png")
    contents = admin.get(f"/admin/{ada.id}/model/sides-1/file_contents").content
    model = admin.post(f"/admin/{ada.id}/model", params={"name": "Copy"}, data=contents).json()
    path = f"/model/{model['id']}/apply/{document['id']}"
    job = ada.post(path, params={"block_processing": True}).json()
    doomed = {"model": model, "document": document}[gone]
    assert admin.delete(f"/admin/{ada.id}/{gone}/{doomed['id']}").status_code == 204
    ada.post(f"/job/{job['id']}/start")
    over = ada.finished_job(job)
    assert over["status"] == "FAILED"
    assert doomed["id"] in over["reason"]


def test_listing_and_statuses(admin, ada, bob, trained, blocked):
    def ids(login=ada, path="/job", **params):
        answer = login.get(path, **params)
        assert answer.status_code == 200, answer.text
        return [j["id"] for j in answer.json()]

    job = blocked["id"]
    assert job in ids()
    assert job in ids(status="BLOCKED", sort="-creation_time")
    assert ids(job_id=job) == ids(job_id=job, job_type="predict", model_id="sides-1") == [job]
    assert ids(job_id=job, document_id=blocked["document_ids"][0]) == [job]
    assert ids(job_id=job, job_type="train") == []
    assert ids(sort="status,job_type,document_ids,-finished_time,parent_job_id")
    assert job not in ids(bob)
    assert job not in ids(admin)
    assert ids(admin, "/admin/job", submitter_id=ada.id, job_id=job) == [job]
    assert ids(admin, "/admin/job", application_id=bob.id, job_id=job) == []
    assert _refusal(ada.get("/job", status="PAUSED")) == (400, "invalid_parameter", "status")

    others = [j for j in ids() if j != job][:2]
    said = ada.get(f"/job/{job},unknown,{','.join(others)}/status").json()
    assert set(said) == {job, *others}
    assert said[job] == "BLOCKED"
    assert admin.get(f"/admin/{ada.id}/job/{job}%2C{others[0]}/status").json()[job] == "BLOCKED"
    assert _refusal(ada.get("/job/unknown,other/status"))[:2] == (404, "unknown_job")


def test_jobs_are_their_owners_alone(admin, bob, blocked):
    path = f"/job/{blocked['id']}"
    for answer in (
        bob.get(path),
        bob.delete(path),
        bob.post(f"{path}/start"),
        bob.get(f"{path}/status"),
        admin.get(f"/admin/{bob.id}{path}"),
        admin.delete(f"/admin/{bob.id}{path}"),
    ):
        assert _refusal(answer)[:2] == (403, "not_yours")
    for answer in (
        bob.get("/job/unknown"),
        bob.delete("/job/unknown"),
        bob.post("/job/unknown/start"),
        admin.get(f"/admin/{bob.id}{path}/status"),
    ):
        assert _refusal(answer)[:2] == (404, "unknown_job")


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("job_id", "unknown_job"),
        ("execute_after_id", "unknown_job"),
        ("parent_job_id", "unknown_job"),
        ("application_id", "unknown_application"),
        ("submitter_id", "unknown_application"),
        ("model_id", "unknown_model"),
        ("document_id", "unknown_document"),
    ],
)
def test_a_listing_by_what_does_not_exist_is_refused(admin, ada, field, code):
    logins = [(admin, "/admin/job")] + ([(ada, "/job")] if field != "submitter_id" else [])
    for login, path in logins:
        answer = login.get(path, **{field: "no such id"})
        assert _refusal(answer) == (404, code, field)
        assert answer.headers["Content-Range"] == "0-0/0"
        assert answer.headers["Accept-Range"] == "job 1000"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"page_range": "1"}, (400, "page_range_without_job", "page_range")),
        (
            {"page_range": "1;2", "execute_after_id": "x"},
            (400, "page_range_malformed", "page_range"),
        ),
        ({"execute_after_id": "x"}, (404, "unknown_job", "execute_after_id")),
        ({"format_type": "poem"}, (400, "invalid_parameter", "format_type")),
        ({"callback_url": "ftp://x"}, (400, "invalid_parameter", "callback_url")),
        ({"callback_url": "http://"}, (400, "invalid_parameter", "callback_url")),
        ({"model_params": "[1]"}, (400, "invalid_parameter", "model_params")),
        ({"block_processing": "maybe"}, (400, "invalid_parameter", "block_processing")),
        ({"unheard_of": "1"}, (400, "invalid_model_params", "model_params")),
        ({"top": "many"}, (400, "invalid_model_params", "model_params")),
        ({"tag": "nothing"}, (404, "no_documents", "tag")),
    ],
)
def test_wrong_applies(ada, trained, pictures, params, expected):
    before = ada.get("/job").headers["Content-Range"]
    path = f"/model/sides-1/apply/{next(iter(pictures))}"
    assert _refusal(ada.post(path, params=params)) == expected
    if "unheard_of" not in params and "top" not in params:
        assert _refusal(ada.post(path, json=params)) in {
            expected,
            (400, "invalid_parameter", expected[2]),
        }
    assert ada.get("/job").headers["Content-Range"] == before


def test_more_wrong_applies(ada, bob, trained, extractor, pictures):
    first, second, *_ = pictures
    path = f"/model/sides-1/apply/{first},{second}"
    assert _refusal(ada.post(path, params={"tag": "t"})) == (400, "tag_needs_one_document", "tag")
    missing = ada.post(f"/model/sides-1/apply/{first},gone")
    assert _refusal(missing) == (404, "unknown_document", "document_ids")
    assert "gone" in missing.json()["message"]
    assert _refusal(ada.post("/model/sides-1/apply/,")) == (
        400,
        "invalid_parameter",
        "document_ids",
    )
    assert _refusal(ada.post(f"/model/nothing/apply/{first}")) == (404, "unknown_model", "model_id")
    assert _refusal(bob.post(path))[:2] == (403, "not_yours")
    text = ada.document(b"words")
    wrong_kind = ada.post(f"/model/sides-1/apply/{text['id']}")
    assert _refusal(wrong_kind) == (400, "unusable_documents", "document_ids")
    form = {"format_type": "classification"}
    no_classifier = ada.post(f"/model/extractor/apply/{text['id']}", params=form)
    assert _refusal(no_classifier) == (403, "not_a_classifier", "format_type")


@pytest.mark.parametrize(
    "path",
    [
        "/model/sides-1/apply/{document}",
        "/model/image_classifier/train/sides",
        "/document/{document}/transform/trim",
        "/job/conditional/{job}",
    ],
)
def test_every_call_that_starts_jobs_treats_what_they_share_alike(ada, blocked, pictures, path):
    path = path.format(document=next(iter(pictures)), job=blocked["id"])
    rules = {
        "always": {"conditions": {}, "jobs": [{"job_type": "transform", "output_type": "trim"}]}
    }
    said = {"rules": rules} if "conditional" in path else {}
    before = ada.get("/job").headers["Content-Range"]
    for name, wrong in (("callback_url", "ftp://x"), ("callback_headers", {"X": "a\r\nb"})):
        refused = ada.post(path, json={**said, name: wrong})
        assert _refusal(refused) == (400, "invalid_parameter", name)
    assert ada.get("/job").headers["Content-Range"] == before
    waits = {} if "conditional" in path else {"execute_after_id": blocked["id"]}
    job = ada.post(path, json={**said, **waits, "callback_url": "http://127.0.0.1:9/done"}).json()
    assert (job["status"], job["execute_after_id"]) == ("WAITING", blocked["id"])
    assert job["callback_url"] == "http://127.0.0.1:9/done"
    assert ada.delete(f"/job/{job['id']}").status_code == 204


def test_query_and_body_together(ada, trained, pictures):
    path = f"/model/sides-1/apply/{next(iter(pictures))}"
    contradiction = ada.post(path, params={"tag": "a"}, json={"tag": "b"})
    assert _refusal(contradiction) == (400, "invalid_parameter", "tag")
    contradiction = ada.post(path, params={"top": 1}, json={"model_params": {"top": 2}})
    assert _refusal(contradiction) == (400, "invalid_parameter", "model_params")
    typing_error = ada.post(path, json={"formattype": "classification"})
    assert _refusal(typing_error) == (400, "invalid_parameter", "formattype")
    headers = ada.post(path, json={"callback_headers": {"X": "a\r\nb"}})
    assert _refusal(headers) == (400, "invalid_parameter", "callback_headers")
    same = ada.post(
        path,
        params={"format_type": "classification", "block_processing": "true"},
        json={"format_type": "classification", "model_params": {"top": 1}},
    )
    assert same.json()["status"] == "BLOCKED"
    ada.delete(f"/job/{same.json()['id']}")
    for options in ({"data": b""}, {"json": {}}, {"json": None}):
        assert ada.post(path, params={"block_processing": 1}, **options).status_code == 200


@pytest.mark.parametrize(
    ("path", "params", "expected"),
    [
        ("image_classifier/train/no such tag", {}, (404, "no_documents", "documents_tag")),
        ("astrologer/train/sides", {}, (404, "unknown_model_module", "model_module")),
        ("image_classifier/train/bare", {}, (400, "unusable_documents", "documents_tag")),
        ("image_classifier/train/sides", {"model_name": ""}, (400, "name_empty", "model_name")),
        (
            "image_classifier/train/sides",
            {"short_name": "sides-1"},
            (400, "short_name_taken", "short_name"),
        ),
        (
            "image_classifier/train/sides",
            {"short_name": "a b"},
            (400, "short_name_invalid", "short_name"),
        ),
        (
            "image_classifier/train/sides",
            {"folds": "many"},
            (400, "invalid_model_params", "model_params"),
        ),
        (
            "image_classifier/train/sides",
            {"execute_after_id": "x"},
            (404, "unknown_job", "execute_after_id"),
        ),
    ],
)
def test_wrong_trainings(ada, trained, path, params, expected):
    ada.document(_picture("left", 7), "bare.png", tags=["bare"])
    assert _refusal(ada.post(f"/model/{path}", params=params)) == expected


def test_train_path_and_body_must_agree(ada, trained):
    answer = ada.post("/model/image_classifier/train/sides", json={"documents_tag": "other"})
    assert _refusal(answer) == (400, "invalid_parameter", "documents_tag")


def test_a_training_can_wait_for_documents_to_come(ada, trained, blocked):
    answer = ada.post(
        "/model/image_classifier/train/yet/to come".replace(" ", "%20"),
        params={"execute_after_id": blocked["id"]},
    )
    assert answer.json()["status"] == "WAITING"
    ada.delete(f"/job/{blocked['id']}")
    assert ada.finished_job(answer.json())["status"] == "FAILED"


def test_a_running_job_is_canceled(ada, trained):
    job = ada.post(
        "/model/image_classifier/train/sides", params={"short_name": "never", "folds": 10}
    ).json()
    wait_until(lambda: ada.get(f"/job/{job['id']}").json()["status"] not in {"READY", "WAITING"})
    answer = ada.delete(f"/job/{job['id']}")
    if answer.status_code == 204:
        assert ada.get(f"/job/{job['id']}").json()["status"] == "CANCELED"
        assert ada.get("/model/never").status_code == 404
