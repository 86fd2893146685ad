"""What the resources send, seen by a scripted server."""

import asyncio
import pickle
import threading

import pandas as pd
import pytest

from leia_nb import errors
from leia_nb.client import Client
from leia_nb.enums import JobStatus
from leia_nb.resources.job.handle import Job
from leia_nb.resources.parameters.references import Reference
from tests.unit.conftest import QUICK
from tests.unit.faulty_server import APPLICATION, DROP, DynamicReply, error_reply, json_reply, reply

CREATED = "2026-11-23T12:00:00"
MODEL = {
    "id": "m1", "name": "A", "model_type": "classification", "model_module": "x",
    "model_clazz": "y", "input_types": [], "creation_time": CREATED, "size": 4,
    "application_id": "a9",
}  # fmt: skip
JOB = {
    "id": "j1", "job_type": "predict", "status": "READY", "application_id": "a1",
    "creation_time": CREATED, "document_ids": ["d1"],
}  # fmt: skip
DONE = {
    **JOB, "status": "PROCESSED", "result_type": "classification",
    "result": {"category": "3", "score": 0.5, "accuracy": 0.9},
}  # fmt: skip
APPLY = "/admin/a1/model/m1/apply/d1,d2"


@pytest.fixture
def developer(server):
    login = {"token": "t", "application": {**APPLICATION, "application_type": "developer"}}
    server.on("POST", "/login", json_reply(login))
    with Client(server.url, "canary-key", retry_policy=QUICK) as leia:
        yield leia


def statuses(*some):
    return [json_reply({"j1": status}) for status in some]


def test_apply_sends_free_parameters_in_the_body_and_the_rest_in_the_query(server, leia):
    server.on("POST", APPLY, json_reply(JOB))
    job = leia.models.apply(
        "m1", ["d1", "d2"], format_type="classification", block_processing=True,
        callback_url="https://example.org/x?a=1&b=2", callback_headers={"A": "b"},
        execute_after_id="j0", page_range="0,-1",
        model_params={"top": 3, "tag": "not the tag", "deep": {"a": [1.5, None]}},
    )  # fmt: skip
    sent = server.seen("POST", APPLY)[0]
    assert sent.target.split("?")[1].split("&") == [
        "format_type=classification",
        "execute_after_id=j0",
        "callback_url=https%3A%2F%2Fexample.org%2Fx%3Fa%3D1%26b%3D2",
        "page_range=0%2C-1",
        "block_processing=true",
    ]
    assert sent.json == {
        "model_params": {"top": 3, "tag": "not the tag", "deep": {"a": [1.5, None]}},
        "callback_headers": {"A": "b"},
    }
    assert (job.id, repr(job)) == ("j1", "Job(id='j1', job_type='predict', status='READY')")


def test_apply_without_options_sends_no_body(server, leia):
    server.on("POST", APPLY, json_reply(JOB))
    leia.models.apply("m1", ["d1", "d2"])
    assert server.seen("POST", APPLY)[0].body == b""
    assert "?" not in server.seen("POST", APPLY)[0].target


def test_train(server, leia):
    path = "/admin/a1/model/image_classifier/train/my%20tag"
    server.on("POST", path, json_reply({**JOB, "job_type": "train"}))
    leia.models.train(
        "image_classifier", "my tag", model_name="N", ttl=-1, tags=["a", "b"],
        allow_all_applications=False, model_params={"folds": 3},
    )  # fmt: skip
    sent = server.seen("POST", path)[0]
    assert sent.target.split("?")[1] == (
        "model_name=N&ttl=-1&allow_all_applications=false&tags=a&tags=b"
    )
    assert sent.json == {"model_params": {"folds": 3}}


WRONG = {
    "no documents": lambda leia: leia.models.apply("m1", []),
    "tag with two documents": lambda leia: leia.models.apply("m1", ["d1", "d2"], tag="t"),
    "tag empty": lambda leia: leia.models.apply("m1", "d1", tag=""),
    "page_range alone": lambda leia: leia.models.apply("m1", "d1", page_range="0"),
    "page_range malformed": lambda leia: leia.models.apply(
        "m1", "d1", page_range="a", execute_after_id="j"
    ),
    "format_type": lambda leia: leia.models.apply("m1", "d1", format_type="xml"),
    "callback_url": lambda leia: leia.models.apply("m1", "d1", callback_url="example.org"),
    "model_params": lambda leia: leia.models.apply("m1", "d1", model_params={"a": object()}),
    "too many documents": lambda leia: leia.models.apply("m1", [f"{n:024}" for n in range(3000)]),
    "block_processing": lambda leia: leia.models.apply("m1", "d1", block_processing="yes"),
    "name empty": lambda leia: leia.models.create(b"PK", " "),
    "no model file": lambda leia: leia.models.create(b"\x89PNG", "A"),
    "edit name empty": lambda leia: leia.models.edit("m1", name=""),
    "ttl": lambda leia: leia.models.edit("m1", ttl="long"),
    "model unchanged": lambda leia: leia.models.edit("m1", application_id="a7"),
    "document unchanged": lambda leia: leia.documents.edit("d1"),
    "application unchanged": lambda leia: leia.applications.edit("a1"),
    "annotation unchanged": lambda leia: leia.annotations.update("n1"),
    "short name": lambda leia: leia.models.edit("m1", short_name="a b"),
    "documents_tag": lambda leia: leia.models.train("image_classifier", ""),
    "model_module": lambda leia: leia.models.train("", "t"),
    "document ttl": lambda leia: leia.documents.upload(b"", filename="x", ttl=59),
    "filename": lambda leia: leia.documents.upload(b"", filename=""),
    "max_size": lambda leia: leia.documents.contents("d1", max_size=0),
    "jpeg_compression": lambda leia: leia.documents.contents("d1", jpeg_compression=101),
    "annotation_type": lambda leia: leia.annotations.create("d1", "typing", {}),
    "prediction": lambda leia: leia.annotations.create("d1", "TYPING", None),
    "status": lambda leia: leia.jobs.list(status="DONE"),
    "sort": lambda leia: leia.models.list(sort="size"),
    "input_types": lambda leia: leia.models.list(input_types=["images"]),
    "scope": lambda leia: leia.models.get("m1", scope="root"),
    "scope that is a column": lambda leia: leia.models.get("m1", scope=pd.Series(["admin"])),
    "application_type that is a column": lambda leia: leia.applications.create(
        "ada@example.org", "A", "L", application_type=pd.Series(["admin"])
    ),
    "job_type that is missing": lambda leia: leia.jobs.conditional(
        "j1", {"r": {"conditions": {}, "jobs": [{"job_type": pd.NA}]}}
    ),
    "job ids": lambda leia: leia.jobs.wait([]),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_wrong_values_are_refused_before_anything_is_sent(server, leia, wrong):
    with pytest.raises(errors.InvalidInput) as caught:
        wrong(leia)
    assert len(str(caught.value)) > 15
    assert {request.method + request.path for request in server.requests} <= {
        "POST/leia/1.0.0/login"
    }


def test_the_owner_comes_from_the_object_unless_it_is_given(server, leia):
    server.on("GET", "/admin/a9/model/m1", json_reply(MODEL)).on(
        "GET", "/admin/a1/model/m1", json_reply(MODEL)
    )
    server.on("GET", "/admin/a7/model/m1", json_reply(MODEL)).on(
        "GET", "/model/m1", json_reply(MODEL)
    )
    model = leia.models.get("m1")
    leia.models.get(model)
    leia.models.get(model, application_id="a7")
    leia.models.get(model, scope="plain")
    assert [r.path.removeprefix("/leia/1.0.0") for r in server.requests[1:]] == [
        "/admin/a1/model/m1",
        "/admin/a9/model/m1",
        "/admin/a7/model/m1",
        "/model/m1",
    ]


def test_a_developer_uses_the_plain_calls(server, developer):
    server.on("GET", "/model/m1", json_reply(MODEL)).on("GET", "/model", json_reply([]))
    developer.models.get(developer.models.get("m1"))
    assert len(developer.models.list(application_id="a1")) == 0
    assert server.counts == {"POST /login": 1, "GET /model/m1": 2, "GET /model": 1}


def test_what_only_admins_may_is_refused_to_a_developer(developer):
    with pytest.raises(errors.Forbidden, match="admin"):
        developer.models.delete("m1")
    with pytest.raises(errors.InvalidInput, match="another application"):
        developer.models.get("m1", application_id="a2")
    with pytest.raises(errors.InvalidInput, match="another application"):
        developer.models.list(application_id="a2")


def test_an_admin_call_by_a_developer_explains_the_401(server, developer):
    server.on("GET", "/admin/a1/model/m1", error_reply(401, "not_logged_in", "Not an admin."))
    with pytest.raises(errors.NotLoggedIn, match="needs the login of an admin"):
        developer.models.get("m1", scope="admin")


def test_wait_returns_the_result(server, leia):
    server.on("POST", "/admin/a1/model/m1/apply/d1", json_reply(JOB))
    server.on("GET", "/admin/a1/job/j1/status", *statuses("READY", "PROCESSING", "PROCESSED"))
    server.on("GET", "/admin/a1/job/j1", json_reply(DONE))
    job = leia.models.apply("m1", "d1")
    assert job.wait(progress=False).loc["d1", "category"] == "3"
    assert job.result(progress=False).loc["d1", "score"] == 0.5
    assert job.status is JobStatus.PROCESSED
    assert server.counts["GET /admin/a1/job/j1"] == 1


def test_waiting_outlives_faults(server, leia):
    server.on("GET", "/admin/a1/job/j1", json_reply(JOB), json_reply(DONE))
    server.on(
        "GET", "/admin/a1/job/j1/status",
        *[error_reply(502)] * 7, *[DROP] * 7, *statuses("READY", "PROCESSED"),
    )  # fmt: skip
    assert len(leia.jobs.get("j1").wait(progress=False)) == 1


@pytest.mark.parametrize(
    ("status", "error"), [("FAILED", errors.JobFailed), ("CANCELED", errors.JobCanceled)]
)
def test_jobs_that_end_without_a_result(server, leia, status, error):
    server.on(
        "GET", "/admin/a1/job/j1", json_reply({**JOB, "status": status, "reason": "page 2 is torn"})
    )
    with pytest.raises(error, match="page 2 is torn") as caught:
        leia.jobs.get("j1").result()
    assert (caught.value.job_id, caught.value.reason) == ("j1", "page 2 is torn")


def test_interrupting_leaves_the_job_alone_and_prints_the_line_that_resumes(
    server, leia, capsys, monkeypatch
):
    def interrupt(*_):
        raise KeyboardInterrupt

    server.on("GET", "/admin/a1/job/j1", json_reply(JOB))
    server.on("GET", "/admin/a1/job/j1/status", *statuses("PROCESSING"))
    monkeypatch.setattr("leia_nb.resources.job.waiting.sleep_and_refresh", interrupt)
    with pytest.raises(KeyboardInterrupt):
        leia.jobs.get("j1").wait()
    assert "leia.jobs.get('j1').wait()" in capsys.readouterr().out
    assert {request.method for request in server.requests} == {"GET", "POST"}
    assert [r.path for r in server.requests if r.method == "POST"] == ["/leia/1.0.0/login"]


@pytest.mark.parametrize("timeout", ["5", float("nan"), True])
def test_a_timeout_that_is_no_number(server, leia, timeout):
    server.on("GET", "/admin/a1/job/j1", json_reply(JOB))
    for wait in (leia.jobs.get("j1").wait, lambda **how: leia.jobs.wait(["j1"], **how)):
        with pytest.raises(errors.InvalidInput, match="timeout must be"):
            wait(timeout=timeout, progress=False)


def test_what_cannot_be_sent_is_refused_here(server, leia):
    before = len(server.requests)
    for call in (
        lambda: leia.documents.upload(b"x", filename="\ud800", progress=False),
        lambda: leia.documents.tag("d1", "\ud800"),
        lambda: leia.documents.list(created_after="0001-01-01T00:00:00+14:00"),
        lambda: leia.models.edit("m1", ttl=float("inf")),
    ):
        with pytest.raises(errors.InvalidInput):
            call()
    assert len(server.requests) == before


def test_wait_timeout(server, leia):
    server.on("GET", "/admin/a1/job/j1", json_reply(JOB))
    server.on("GET", "/admin/a1/job/j1/status", *statuses("PROCESSING"))
    with pytest.raises(errors.WaitTimeout, match="PROCESSING"):
        leia.jobs.get("j1").wait(timeout=0.05, progress=False)


def test_many_jobs_are_asked_for_100_at_a_time(server, leia):
    ids = [f"j{n:03}" for n in range(250)]
    for start in (0, 100, 200):
        some = ids[start : start + 100]
        answer = dict.fromkeys(some, "FAILED" if start else "PROCESSED")
        server.on("GET", f"/admin/a1/job/{','.join(some)}/status", json_reply(answer))
    jobs = leia.jobs.wait(ids, progress=False)
    assert [job.id for job in jobs] == ids
    assert [job.status for job in jobs].count(JobStatus.FAILED) == 150
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    "several",
    [list, tuple, set, iter, pd.Series, lambda jobs: [jobs], lambda jobs: {"a": jobs[0]}.values()],
)
def test_a_handle_stays_itself_in_whatever_it_comes(server, leia, several):
    server.on("GET", "/job/j1/status", json_reply({"j1": "PROCESSED"}))
    job = Job(leia._session, Reference("j1"), scope="plain")
    (waited,) = leia.jobs.wait(several([job]), progress=False)
    assert waited is job


def test_await_does_not_block_the_loop(server, leia):
    server.on("GET", "/admin/a1/job/j1", json_reply(JOB), json_reply(DONE))
    server.on("GET", "/admin/a1/job/j1/status", *statuses("READY", "PROCESSED"))
    ticks = []

    async def main():
        async def tick():
            while True:
                ticks.append(1)
                await asyncio.sleep(0.005)

        ticking = asyncio.create_task(tick())
        result = await leia.jobs.get("j1")
        ticking.cancel()
        return result

    assert asyncio.run(main()).loc["d1", "category"] == "3"
    assert len(ticks) > 3


def test_a_handle_shows_itself_without_asking(server, leia):
    assert repr(Job(leia._session, leia.jobs._handle("j1").reference)) == "Job(id='j1')"
    assert server.requests == []


def test_cancel_and_start(server, leia):
    server.on("DELETE", "/admin/a1/job/j1", reply(b"", 204))
    server.on("POST", "/admin/a1/job/j1/start", json_reply({**JOB, "status": "WAITING"}))
    assert leia.jobs.cancel("j1") is None
    assert repr(leia.jobs.start("j1")).endswith("status='WAITING')")


def test_results_of_every_type(server, leia):
    document = {"id": "d1", "filename": "f", "application_id": "a1", "creation_time": CREATED}
    results = {
        "model": (MODEL, lambda r: r.name == "A"),
        "document": (document, lambda r: r.filename == "f"),
        "list[document]": ([document], lambda r: r.index.tolist() == ["d1"]),
        "object": ([{"key": "k", "value": 1}], lambda r: r.loc["d1", "k"] == 1),
        "conditional": ({"rule": []}, lambda r: r == {"rule": []}),
        "a new type": ([1], lambda r: r == [1]),
    }
    for result_type, (result, check) in results.items():
        done = {**DONE, "result_type": result_type, "result": result}
        server.on("GET", "/admin/a1/job/j1", json_reply(done))
        assert check(leia.jobs.get("j1").result()), result_type


def test_one_client_serves_many_threads(server, leia):
    def stored(request):
        size = len(request.body)
        return json_reply({"id": request.body.decode(), "filename": "f", "application_id": "a1",
                     "creation_time": CREATED, "size": size})  # fmt: skip

    server.on("POST", "/admin/a1/document", DynamicReply(stored))
    found = {}

    def upload(number):
        found[number] = leia.documents.upload(
            f"d{number}".encode(), filename="f", progress=False
        ).id

    threads = [threading.Thread(target=upload, args=(n,)) for n in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: f"d{n}" for n in range(32)}
    assert server.logins == 1


def test_the_client_shows_address_and_application_but_no_secret(server, leia):
    assert "not logged in yet" in repr(leia)
    leia.application  # noqa: B018 - logs in
    assert repr(leia) == f"Client('{server.url}', application 'Tests')"
    for one in (leia, leia.models, leia._session):
        assert "canary-key" not in repr(one)
        assert "token-1" not in repr(one)


def test_the_client_cannot_be_pickled(leia):
    with pytest.raises(TypeError, match="Connect again"):
        pickle.dumps(leia)


def test_health_needs_no_login(server, leia):
    server.on("GET", "/health", json_reply({"status": "ok"}), reply(b""))
    assert leia.health() == {"status": "ok"}
    assert leia.health() == {}
    assert server.logins == 0


def test_a_change_of_nothing_says_what_can_be_changed(leia):
    with pytest.raises(errors.InvalidInput, match="at least one of filename, rotation_angle, ttl"):
        leia.documents.edit("d1")


@pytest.mark.parametrize(
    ("wrong", "called"),
    [
        (lambda leia: leia.documents.list(tag="a"), r"leia\.documents\.list\(\)"),
        (lambda leia: leia.models.apply("m1", "d1", wait=True), r"leia\.models\.apply\(\)"),
        (lambda leia: leia.jobs.get(), r"leia\.jobs\.get\(\)"),
    ],
)
def test_a_wrong_keyword_is_told_of_the_method_that_people_call(leia, wrong, called):
    with pytest.raises(TypeError, match=f"^{called}"):
        wrong(leia)


def test_an_estimator_is_to_be_packed_first(server, leia):
    class Pipeline:
        def fit(self, rows):
            return self

    with pytest.raises(errors.InvalidInput, match=r"Pipeline.*leia_nb\.packaging\.pack"):
        leia.models.create(Pipeline(), "x")
    assert not server.seen("POST", "/admin/a1/model")


def test_a_refused_model_file_is_named_where_its_path_is_known(server, leia, tmp_path):
    told = "The file is no model: it has no member leia-model.json."
    path = tmp_path / "pages.zip"
    path.write_bytes(b"PK")
    server.on("POST", "/admin/a1/model", *[error_reply(400, "invalid_model_file", told)] * 3)
    with pytest.raises(errors.InvalidModelFile) as caught:
        leia.models.create(path, "x", progress=False)
    assert str(caught.value).startswith(f"{path} is no model: it has no member")
    assert caught.value.status_code == 400
    with path.open("rb") as file, pytest.raises(errors.InvalidModelFile, match=r"pages\.zip is no"):
        leia.models.create(file, "x", progress=False)
    with pytest.raises(errors.InvalidModelFile, match=r"^The file is no model"):
        leia.models.create(b"PK", "x", progress=False)
