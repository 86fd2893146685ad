"""Transforms, conditional jobs, applications, workers, annotations: what the client sends."""

import io
import zipfile

import pytest

from leia_nb import errors
from leia_nb.client import Client
from leia_nb.enums import JobStatus
from tests.unit.conftest import QUICK
from tests.unit.faulty_server import APPLICATION, error_reply, json_reply, page, reply, truncated

CREATED = "2026-11-23T12:00:00"
DOCUMENT = {"id": "d1", "filename": "f.txt", "application_id": "a1", "creation_time": CREATED}
ANNOTATION = {
    "id": "n1", "document_id": "d1", "annotation_type": "TYPING", "application_id": "a1",
    "creation_time": CREATED, "prediction": {"category": "x"},
}  # fmt: skip
JOB = {
    "id": "j1", "job_type": "transform", "status": "READY", "application_id": "a1",
    "creation_time": CREATED, "document_ids": ["d1"],
}  # fmt: skip
RULES = {"r": {"conditions": {"score": {"$gt": 0.5}}, "jobs": [
    {"job_type": "transform", "output_type": "text"}]}}  # fmt: skip
TRANSFORM = "/admin/a1/document/d1,d2/transform/split"


@pytest.fixture
def developer(server):
    login = {"token": "t", "application": {**APPLICATION, "application_type": "developer"}}
    server.on("POST", "/login", json_reply(login))
    with Client(server.url, "canary-key", retry_policy=QUICK) as leia:
        yield leia


def query(server, method, path):
    return server.seen(method, path)[-1].target.partition("?")[2].split("&")


def packed(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def test_transform_sends_params_in_the_body_and_the_rest_in_the_query(server, leia):
    server.on("POST", TRANSFORM, json_reply(JOB))
    job = leia.documents.transform(
        ["d1", "d2"], "split", output_tag="c&d", execute_after_id="j0", page_range="::2",
        block_processing=False, callback_url="https://example.org/", callback_headers={"A": "b"},
        transform_params={"split_size": 10},
    )  # fmt: skip
    assert query(server, "POST", TRANSFORM) == [
        "output_tag=c%26d",
        "execute_after_id=j0",
        "callback_url=https%3A%2F%2Fexample.org%2F",
        "page_range=%3A%3A2",
        "block_processing=false",
    ]
    assert server.seen("POST", TRANSFORM)[0].json == {
        "transform_params": {"split_size": 10},
        "callback_headers": {"A": "b"},
    }
    assert job.id == "j1"


def test_transform_of_one_document_that_says_whose_it_is(server, leia):
    server.on("GET", "/admin/a9/document/d1", json_reply({**DOCUMENT, "application_id": "a9"}))
    server.on("POST", "/admin/a9/document/d1/transform/text", json_reply(JOB))
    document = leia.documents.get("d1", application_id="a9")
    leia.documents.transform(document, "text", input_tag="pages")
    sent = server.seen("POST", "/admin/a9/document/d1/transform/text")[0]
    assert sent.target.endswith("?input_tag=pages")
    assert sent.body == b""


def test_a_job_made_in_one_scope_keeps_it(server, leia):
    server.on("POST", "/document/d1/transform/text", json_reply(JOB))
    server.on("GET", "/job/j1/status", json_reply({"j1": "PROCESSED"}))
    done = {**JOB, "status": "PROCESSED", "result_type": "document", "result": DOCUMENT}
    server.on("GET", "/job/j1", json_reply(done))
    job = leia.documents.transform("d1", "text", scope="plain")
    assert job.wait(progress=False).filename == "f.txt"


def test_scope_of_the_jobs_calls(server, leia):
    server.on("GET", "/job/j1/status", json_reply({"j1": "PROCESSED"}))
    server.on("POST", "/job/j1/start", json_reply(JOB)).on("DELETE", "/job/j1", reply(b"", 204))
    server.on("POST", "/admin/a5/job/j1/start", json_reply(JOB))
    assert leia.jobs.statuses("j1", scope="plain") == {"j1": JobStatus.PROCESSED}
    assert [job.id for job in leia.jobs.wait("j1", progress=False, scope="plain")] == ["j1"]
    leia.jobs.start("j1", scope="plain")
    leia.jobs.start("j1", submitter_id="a5")
    leia.jobs.cancel("j1", scope="plain")
    assert server.counts["GET /job/j1/status"] == 2


def test_conditional(server, leia):
    path = "/admin/a1/job/conditional/j0"
    server.on("POST", path, json_reply({**JOB, "job_type": "conditional"}))
    leia.jobs.conditional(
        "j0", RULES, callback_url="https://example.org", callback_headers={"A": "b"},
        block_processing=True,
    )  # fmt: skip
    assert query(server, "POST", path) == [
        "callback_url=https%3A%2F%2Fexample.org",
        "block_processing=true",
    ]
    assert server.seen("POST", path)[0].json == {"rules": RULES, "callback_headers": {"A": "b"}}


def test_a_developer_makes_plain_calls(server, developer):
    server.on("POST", "/job/conditional/j0", json_reply(JOB))
    server.on("POST", "/document/d1/transform/text", json_reply(JOB))
    server.on("GET", "/document/tag", json_reply(["a"]))
    server.on("PATCH", "/document/d1", json_reply(DOCUMENT))
    developer.jobs.conditional("j0", RULES)
    developer.documents.transform("d1", "text")
    assert developer.documents.tags() == ["a"]
    developer.documents.edit("d1", filename="g", rotation_angle=90, ttl=60)
    assert query(server, "PATCH", "/document/d1") == ["filename=g", "rotation_angle=90", "ttl=60"]


def test_result_of_a_conditional_job(server, leia):
    said_of = {"category": "x", "score": 0.9, "accuracy": 0.8}
    result = {
        "typed": [
            {"result_type": "classification", "result": said_of},
            {"result_type": "dict[classification]", "result": {"d1": said_of, "d2": said_of}},
            {"result_type": "document", "result": DOCUMENT},
            {"result_type": "list[document]", "result": [DOCUMENT]},
            {"result_type": "object", "result": [{"key": "k", "value": 1}]},
            {"result_type": "oracle", "result": [1]},
        ],
        "none": [],
    }
    done = {**JOB, "status": "PROCESSED", "result_type": "conditional", "result": result}
    server.on("GET", "/admin/a1/job/j1", json_reply(done))
    found = leia.jobs.get("j1").result()
    one, two, document, documents, values, new = found["typed"]
    assert one["category"].tolist() == ["x"]
    assert two.index.tolist() == ["d1", "d2"]
    assert document.id == "d1"
    assert documents.index.tolist() == ["d1"]
    assert values["k"].tolist() == [1]
    assert new == [1]
    assert found["none"] == []


@pytest.mark.parametrize("result", [[], {"r": {}}, {"r": [1]}])
def test_a_result_of_a_conditional_job_that_is_none(server, leia, result):
    done = {**JOB, "status": "PROCESSED", "result_type": "conditional", "result": result}
    server.on("GET", "/admin/a1/job/j1", json_reply(done))
    with pytest.raises(errors.UnexpectedAnswer, match="result of job j1"):
        leia.jobs.get("j1").result()


def test_save_result_and_priority_go_with_the_plain_call(server, leia):
    server.on("POST", "/model/m1/apply/d1", json_reply(JOB))
    leia.models.apply("m1", "d1", save_result=True, priority=-3)
    assert query(server, "POST", "/model/m1/apply/d1") == ["save_result=true", "priority=-3"]
    with pytest.raises(errors.InvalidInput, match="not accept save_result and priority"):
        leia.models.apply("m1", "d1", save_result=False, priority=0, scope="admin")
    with pytest.raises(errors.InvalidInput, match=r"another application .a7.*priority.*log in as"):
        leia.models.apply("m1", "d1", priority=1, application_id="a7")


def test_needs_of_a_model(server, leia):
    path = "/admin/a1/model/m1"
    model = {
        "id": "m1", "name": "A", "model_type": "classification", "model_module": "x", "size": 4,
        "model_clazz": "y", "input_types": [], "creation_time": CREATED, "cores": 0.5, "memory": 2,
    }  # fmt: skip
    server.on("PATCH", path, json_reply(model))
    edited = leia.models.edit("m1", cores=0.5, memory=2, always_on_workers=0)
    assert query(server, "PATCH", path) == ["cores=0.5", "memory=2.0", "always_on_workers=0"]
    assert (edited.cores, edited.memory, edited.always_on_workers) == (0.5, 2, None)


def test_tags_when_there_are_none(server, leia):
    server.on("GET", "/admin/document/tag", json_reply([], 404, Content_Range="0-0/0"))
    assert leia.documents.tags(application_id="a7") == []
    assert query(server, "GET", "/admin/document/tag") == ["application_id=a7"]
    server.on("GET", "/admin/document/tag", json_reply({"tags": []}))
    with pytest.raises(errors.UnexpectedAnswer, match="list of tags"):
        leia.documents.tags()


def test_zip_is_put_in_place_only_when_it_is_whole(server, leia, tmp_path):
    path = "/admin/document/zip"
    whole = reply(packed(a="1", b="2"))
    server.on("GET", path, truncated(whole, 100), whole)
    written = leia.documents.download_zip(tmp_path, tags=["t"], progress=False)
    assert written == tmp_path / "documents.zip"
    assert zipfile.ZipFile(written).namelist() == ["a", "b"]
    assert query(server, "GET", path) == ["tags=t"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no zip",
        packed(a="12345")[:-30],
        packed(a="12345").replace(b"12345", b"12346", 1),
    ],
    ids=["empty", "no zip", "cut off", "a byte changed"],
)
def test_a_damaged_zip_leaves_nothing_behind(server, leia, tmp_path, body):
    server.on("GET", "/admin/document/zip", reply(body))
    old = tmp_path / "all.zip"
    old.write_bytes(b"before")
    with pytest.raises(errors.DamagedTransfer, match=r"all\.zip"):
        leia.documents.download_zip(old, progress=False)
    assert old.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [old]


def test_zip_of_nothing(server, leia, tmp_path):
    server.on("GET", "/admin/document/zip", error_reply(404, "no_documents", "Nothing matches."))
    with pytest.raises(errors.NoDocuments, match="Nothing matches"):
        leia.documents.download_zip(tmp_path / "x.zip", progress=False)
    assert list(tmp_path.iterdir()) == []


def test_annotations(server, leia):
    server.on("GET", "/annotation/n1", json_reply(ANNOTATION))
    server.on("PATCH", "/annotation/n1", json_reply({**ANNOTATION, "name": "N"}))
    server.on("POST", "/annotation/n1/tag/a%20b", json_reply({**ANNOTATION, "tags": ["a b"]}))
    server.on("DELETE", "/annotation/n1/tag/a%20b", reply(b""))
    server.on("DELETE", "/annotation/n1", reply(b"", 204))
    annotation = leia.annotations.get("n1")
    assert leia.annotations.update(annotation, [1, {"a": None}], name="N").name == "N"
    leia.annotations.update("n1", name="N")
    first, second = server.seen("PATCH", "/annotation/n1")
    assert (first.target.partition("?")[2], first.json) == ("name=N", [1, {"a": None}])
    assert second.json == {"category": "x"}
    assert leia.annotations.tag(annotation, "a b").tags == ("a b",)
    assert leia.annotations.untag(annotation, "a b") is None
    assert leia.annotations.delete(annotation) is None


def test_applications(server, leia):
    told = {**APPLICATION, "id": "a2", "api_key": "canary-secret"}
    path = "/admin/application"
    server.on("POST", path, json_reply(told)).on("GET", path, page([told], 0, 1))
    server.on("GET", f"{path}/a2", json_reply(told)).on("PATCH", f"{path}/a2", json_reply(told))
    server.on("POST", f"{path}/a2/reset_api_key", json_reply(told))
    server.on("DELETE", f"{path}/a2", reply(b""))
    server.on("DELETE", f"{path}/a2/always_on_schedules/s1", reply(b"", 204))
    made = leia.applications.create("e@x.org", "F", "L", dedicated_workers=False)
    assert server.seen("POST", path)[0].json == {
        "email": "e@x.org", "first_name": "F", "last_name": "L", "dedicated_workers": False,
        "application_type": "developer",
    }  # fmt: skip
    assert made.api_key == "canary-secret"
    assert "canary-secret" not in repr(made) + made._repr_html_() + str(made)
    listed = leia.applications.list(email="e@x.org", dedicated_workers=True, sort="-email")
    assert "canary-secret" not in listed.to_csv()
    assert query(server, "GET", path) == [
        "email=e%40x.org",
        "dedicated_workers=true",
        "sort=-email",
    ]
    assert leia.applications.get(listed).id == "a2"
    leia.applications.edit(
        made, always_on_number=2, always_on_start_days=[1, 7], always_on_start_hour=8,
        always_on_stop_hour=8, always_on_stop_minute=30, always_on_workers_model_ids=["m1", "m2"],
        reduce_callback_payloads=True, email="f@x.org",
    )  # fmt: skip
    assert query(server, "PATCH", f"{path}/a2") == [
        "email=f%40x.org", "reduce_callback_payloads=true", "always_on_number=2",
        "always_on_start_days=1", "always_on_start_days=7", "always_on_start_hour=8",
        "always_on_stop_hour=8", "always_on_stop_minute=30",
        "always_on_workers_model_ids=m1", "always_on_workers_model_ids=m2",
    ]  # fmt: skip
    assert leia.applications.reset_api_key(made).api_key == "canary-secret"
    leia.applications.delete_schedule(made, {"id": "s1", "number": 2})
    leia.applications.delete_schedule("a2", "s1")
    leia.applications.delete(made)


def test_applications_are_for_admins(developer):
    for call in (
        developer.applications.list,
        lambda: developer.applications.get("a2"),
        lambda: developer.applications.create("e", "f", "l"),
        lambda: developer.applications.edit("a2", email="e"),
        lambda: developer.applications.delete("a2"),
        lambda: developer.applications.reset_api_key("a2"),
        lambda: developer.applications.delete_schedule("a2", "s1"),
        lambda: developer.workers.kill("predict"),
    ):
        with pytest.raises(errors.Forbidden, match="admin"):
            call()


def test_workers(server, leia):
    worker = {"job_type": "predict", "number": 2, "statuses": ["IDLE", "PROCESSING"]}
    server.on("GET", "/worker", json_reply([worker])).on(
        "GET", "/worker/predict", json_reply(worker)
    )
    server.on("DELETE", "/worker/predict", reply(b"", 204))
    listed = leia.workers.list()
    assert listed.loc["predict"].tolist() == [2, ("IDLE", "PROCESSING")]
    assert (listed.index.name, listed.dtypes.astype(str).tolist()) == (
        "job_type", ["Int64", "object"],
    )  # fmt: skip
    one = leia.workers.get("predict")
    assert (one.number, one.statuses) == (2, ("IDLE", JobStatus.PROCESSING))
    assert "IDLE, PROCESSING" in one._repr_html_()
    leia.workers.kill("predict")
    server.on("GET", "/worker", error_reply(400, "no_worker_mode", "It has none."))
    with pytest.raises(errors.NoWorkerMode):
        leia.workers.list()
    server.on("GET", "/worker", error_reply(404, None, "None runs.", Content_Range="0-0/0"))
    with pytest.raises(errors.NotFound):
        leia.workers.get("train")


WRONG = {
    "output_type": lambda leia: leia.documents.transform("d1", "pdf"),
    "no output_type": lambda leia: leia.documents.transform("d1", None),
    "no documents": lambda leia: leia.documents.transform([], "text"),
    "input_tag of two": lambda leia: leia.documents.transform(["a", "b"], "text", input_tag="t"),
    "output_tag": lambda leia: leia.documents.transform("d1", "text", output_tag=""),
    "page_range alone": lambda leia: leia.documents.transform("d1", "text", page_range="0"),
    "transform_params": lambda leia: leia.documents.transform("d1", "text", transform_params=[1]),
    "rotation_angle": lambda leia: leia.documents.edit("d1", rotation_angle=360),
    "ttl": lambda leia: leia.documents.edit("d1", ttl=59),
    "filename": lambda leia: leia.documents.edit("d1", filename=" "),
    "no rules": lambda leia: leia.jobs.conditional("j1", {}),
    "no job": lambda leia: leia.jobs.conditional("", RULES),
    "nothing to update": lambda leia: leia.annotations.update("n1"),
    "update no JSON": lambda leia: leia.annotations.update("n1", object()),
    "annotation tag": lambda leia: leia.annotations.tag("n1", ""),
    "cores": lambda leia: leia.models.edit("m1", cores=0),
    "memory": lambda leia: leia.models.edit("m1", memory="2 GB"),
    "infinite memory": lambda leia: leia.models.edit("m1", memory=float("inf")),
    "always_on_workers": lambda leia: leia.models.edit("m1", always_on_workers=-1),
    "priority": lambda leia: leia.models.apply("m1", "d1", priority=0.5),
    "save_result": lambda leia: leia.models.apply("m1", "d1", save_result="yes"),
    "email": lambda leia: leia.applications.create("", "f", "l"),
    "last_name": lambda leia: leia.applications.create("e", "f", None),
    "application_type": lambda leia: leia.applications.create("e", "f", "l", application_type="x"),
    "no number": lambda leia: leia.applications.edit("a1", always_on_start_hour=8),
    "day 0": lambda leia: leia.applications.edit(
        "a1", always_on_number=1, always_on_start_days=[0]
    ),
    "no days": lambda leia: leia.applications.edit(
        "a1", always_on_number=1, always_on_start_days=[]
    ),
    "hour 24": lambda leia: leia.applications.edit(
        "a1", always_on_number=1, always_on_stop_hour=24
    ),
    "stops first": lambda leia: leia.applications.edit(
        "a1", always_on_number=1, always_on_start_hour=9, always_on_stop_hour=8
    ),
    "schedule": lambda leia: leia.applications.delete_schedule("a1", {"number": 1}),
    "worker": lambda leia: leia.workers.get("cook"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_wrong_values_are_refused_before_anything_is_sent(server, leia, wrong):
    with pytest.raises(errors.InvalidInput) as caught:
        wrong(leia)
    assert len(str(caught.value)) > 15
    assert {request.method + request.path for request in server.requests} <= {
        "POST/leia/1.0.0/login"
    }


def test_documents_of_two_owners(server, leia):
    import pandas as pd

    frame = pd.DataFrame({"application_id": ["a1", "a2"]}, index=pd.Index(["d1", "d2"], name="id"))
    with pytest.raises(errors.InvalidInput, match="those of 2"):
        leia.documents.transform(frame, "text")


def test_an_application_goes_where_its_id_goes(server, leia):
    from leia_nb.records.records import Application

    other = Application.from_json({**APPLICATION, "id": "a7"})
    server.on("GET", "/admin/a7/document/d1", json_reply(DOCUMENT))
    server.on("GET", "/admin/document/tag", json_reply([])).on(
        "GET", "/admin/model", page([], 0, 0)
    )
    server.on("GET", "/admin/a7/job/j1", json_reply(JOB))
    model = {
        "id": "m1", "name": "A", "model_type": "classification", "model_module": "x", "size": 4,
        "model_clazz": "y", "input_types": [], "creation_time": CREATED,
    }  # fmt: skip
    server.on("PATCH", "/admin/a7/model/m1", json_reply(model))
    leia.documents.get("d1", application_id=other)
    leia.documents.tags(other)
    leia.models.list(application_id=other)
    leia.jobs.get("j1", submitter_id=other)
    leia.models.edit("m1", application_id=other, allowed_application_ids=[other, "a8"])
    assert query(server, "GET", "/admin/document/tag") == ["application_id=a7"]
    assert "application_id=a7" in query(server, "GET", "/admin/model")
    assert query(server, "PATCH", "/admin/a7/model/m1") == [
        "allowed_application_ids=a7", "allowed_application_ids=a8",
    ]  # fmt: skip
    leia.models.edit("m1", application_id="a7", allowed_application_ids=[])
    assert query(server, "PATCH", "/admin/a7/model/m1") == ["allowed_application_ids="]
    with pytest.raises(errors.InvalidInput, match="Expected an application"):
        leia.documents.get("d1", application_id=leia.documents.get("d1", application_id="a7"))


@pytest.mark.parametrize("rows", [{}, [None], [["predict", 1]], ["predict"]])
def test_workers_that_are_none_are_an_unexpected_answer(server, leia, rows):
    server.on("GET", "/worker", json_reply(rows))
    with pytest.raises(errors.UnexpectedAnswer, match="get_workers"):
        leia.workers.list()
