"""Conditional jobs over real HTTP: which rules run, on what, and how it all ends."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from .job_helpers import (
    apply_job,
    classify,
    conditional,
    learn,
    processed,
    transform,
    transform_job,
)
from .sample_files import pdf, picture, words
from .service_process import wait_until, write_model_file


def _refusal(answer):
    said = answer.json()
    assert answer.status_code == said["status"]
    return said["status"], said["code"], said["field"]


@pytest.fixture(scope="module")
def model(ada):
    return learn(ada, "conditional-halves", "halves")["id"]


@pytest.fixture(scope="module")
def left(ada):
    return ada.document(picture("left"), "Left.png")["id"]


@pytest.fixture(scope="module")
def classified(ada, model, left):
    """A job that said "left" of a picture."""
    over = processed(ada, classify(ada, model, left))
    assert over["result"]["category"] == "left"
    return over


@pytest.fixture
def blocked(ada, model, left):
    return classify(ada, model, left, block_processing=True)


def _children(login, job):
    return login.get("/job", parent_job_id=job["id"], sort="creation_time").json()


def test_the_rules_that_hold_are_followed(ada, model, left, classified):
    rules = {
        "is left": {
            "conditions": {"category": "left", "score": {"$gt": 0.5}},
            "jobs": [transform_job("trim", output_tag="cut"), apply_job("halves")],
        },
        "is right": {"conditions": {"category": "right"}, "jobs": [apply_job(model)]},
        "at any rate": {
            "conditions": {},
            "jobs": [apply_job(model, format_type="classification", document_ids=[left])],
        },
    }
    job = conditional(ada, classified["id"], rules)
    assert (job["job_type"], job["execute_after_id"]) == ("conditional", classified["id"])
    over = processed(ada, job)
    assert over["result_type"] == "conditional"
    assert list(over["result"]) == ["is left", "at any rate"]
    cut, said = over["result"]["is left"]
    assert (cut["result_type"], said["result_type"]) == ("document", "object")
    assert (cut["result"]["original_id"], cut["result"]["tags"]) == (left, ["cut"])
    (again,) = over["result"]["at any rate"]
    assert (again["result_type"], again["result"]["category"]) == ("classification", "left")

    children = _children(ada, job)
    assert len(children) == 3
    assert {child["parent_job_id"] for child in children} == {job["id"]}
    (applied,) = [c for c in children if c["document_ids"] == [cut["result"]["id"]]]
    assert applied["model_id"] == model, "the short name became the id"
    assert over["starting_time"] <= over["finished_time"]
    assert over["document_ids"] == classified["document_ids"]


@pytest.mark.parametrize(
    ("condition", "runs"),
    [
        ({"$eq": "left"}, True),
        ({"$ne": "left"}, False),
        ({"$gt": "lef"}, True),
        ({"$gte": "right"}, False),
        ({"$lt": "right"}, True),
        ({"$lte": "lef"}, False),
        ({"$in": ["left", "right"]}, True),
        ({"$nin": ["left"]}, False),
        (["left", {"$ne": "right"}], True),
    ],
)
def test_every_operator(ada, classified, condition, runs):
    rules = {"r": {"conditions": {"category": condition}, "jobs": [transform_job("trim")]}}
    over = processed(ada, conditional(ada, classified["id"], rules))
    assert list(over["result"]) == (["r"] if runs else [])


def test_a_field_that_is_not_there(ada, classified):
    rules = {
        "ne": {"conditions": {"colour": {"$ne": "red"}}, "jobs": [transform_job("trim")]},
        "gt": {"conditions": {"colour": {"$gt": 1}}, "jobs": [transform_job("trim")]},
    }
    over = processed(ada, conditional(ada, classified["id"], rules))
    assert list(over["result"]) == ["ne"]


def test_it_waits_for_the_job_and_for_its_start(ada, blocked):
    rules = {"r": {"conditions": {"category": "left"}, "jobs": [transform_job("trim")]}}
    waiting = conditional(ada, blocked["id"], rules)
    held = conditional(ada, blocked["id"], rules, block_processing=True)
    assert (waiting["status"], held["status"]) == ("WAITING", "BLOCKED")
    ada.post(f"/job/{blocked['id']}/start")
    processed(ada, waiting)
    assert ada.get(f"/job/{held['id']}").json()["status"] == "BLOCKED"
    ada.post(f"/job/{held['id']}/start")
    processed(ada, held)


def test_it_fails_if_the_job_does_that_it_waits_for(ada, blocked):
    rules = {"r": {"conditions": {}, "jobs": [transform_job("trim")]}}
    job = conditional(ada, blocked["id"], rules)
    ada.delete(f"/job/{blocked['id']}")
    over = ada.finished_job(job)
    assert over["status"] == "FAILED"
    assert blocked["id"] in over["reason"]
    assert _children(ada, job) == []


def test_a_job_that_fails_fails_it_and_cancels_the_others(ada, model, left, blocked):
    rules = {
        "bad": {
            "conditions": {},
            "jobs": [transform_job("trim", output_tag="t"), transform_job("merge")],
        },
        "other": {
            "conditions": {},
            "jobs": [apply_job(model), apply_job(model), apply_job(model, page_range="5:")],
        },
    }
    job = conditional(ada, blocked["id"], rules)
    ada.post(f"/job/{blocked['id']}/start")
    over = ada.finished_job(job)
    assert (over["status"], over["result"]) == ("FAILED", None)
    assert over["reason"].startswith(("Job 2 of the rule 'bad'", "Job 3 of the rule 'bad'"))
    assert over["reason"].count("FAILED") >= 1
    statuses = [child["status"] for child in _children(ada, job)]
    assert set(statuses) <= {"PROCESSED", "FAILED", "CANCELED"}


def test_canceling_takes_its_jobs_along(ada, model, classified):
    rules = {
        f"rule {number}": {"conditions": {}, "jobs": [apply_job(model)] * 10} for number in range(3)
    }
    job = conditional(ada, classified["id"], rules)
    wait_until(lambda: ada.get(f"/job/{job['id']}").json()["status"] == "PROCESSING")
    assert ada.delete(f"/job/{job['id']}").status_code == 204
    children = _children(ada, job)
    assert len(children) == 30
    assert {child["status"] for child in children} <= {"PROCESSED", "CANCELED"}
    assert "CANCELED" in {child["status"] for child in children}
    assert ada.get(f"/job/{job['id']}").json()["status"] == "CANCELED"
    assert _refusal(ada.delete(f"/job/{job['id']}"))[:2] == (404, "job_over")


def test_the_documents_that_the_jobs_of_a_rule_work_on(ada, model, left):
    source = ada.document(words(30), "Thirty.txt")["id"]
    chunks = processed(ada, transform(ada, source, "split", split_size=10, output_tag="chunk"))
    ids = [chunk["id"] for chunk in chunks["result"]]
    rules = {
        "all": {"conditions": {"extension": "txt"}, "jobs": [transform_job("merge")]},
        "last": {"conditions": {}, "jobs": [transform_job("merge", page_range="-1")]},
        "given": {
            "conditions": {},
            "jobs": [
                transform_job("merge"),
                transform_job("split", document_ids=ids[:2]),
                transform_job("merge", page_range="1"),
            ],
        },
        "tagged": {"conditions": {}, "jobs": [transform_job("merge", tag="chunk")]},
        "of one": {
            "conditions": {},
            "jobs": [transform_job("merge", input_tag="chunk", document_ids=source)],
        },
    }
    job = conditional(ada, chunks["id"], rules)
    said = processed(ada, job)["result"]

    def text(rule, number=-1):
        made = said[rule][number]["result"]
        return ada.get(f"/document/{made['id']}/file_contents").text.split()

    assert len(text("all")) == len(text("tagged")) == len(text("of one")) == 30
    assert text("last")[0] == "word20"
    assert len(said["given"][1]["result"]) == 2
    assert text("given") == [f"word{n}" for n in range(10, 20)]

    after = processed(ada, transform(ada, source, "merge", execute_after_id=job["id"]))
    last = [jobs[-1]["result"]["id"] for jobs in said.values()]
    assert after["document_ids"] == last, "the documents of each rule's last job, in order"
    some = transform(ada, source, "merge", execute_after_id=job["id"], page_range="1:3")
    assert processed(ada, some)["document_ids"] == last[1:3]


def test_what_follows_a_conditional_whose_jobs_made_no_documents(ada, model, left, classified):
    rules = {"r": {"conditions": {}, "jobs": [apply_job(model)]}}
    job = conditional(ada, classified["id"], rules)
    other = ada.document(picture("right"), "Right.png")["id"]
    own = classify(ada, model, other, execute_after_id=job["id"])
    same = classify(ada, model, other, execute_after_id=job["id"], page_range="0")
    assert processed(ada, own)["document_ids"] == [other]
    assert processed(ada, same)["document_ids"] == [left]


def test_a_conditional_job_behind_another(ada, model, left, classified):
    first = conditional(ada, classified["id"], {"a": {"conditions": {}, "jobs": [apply_job(
        model, format_type="classification"), transform_job("trim")]}})  # fmt: skip
    rules = {
        "yes": {"conditions": {"a.0.result.category": "left"}, "jobs": [apply_job(model)]},
        "no": {"conditions": {"a.0.result.category": "right"}, "jobs": [apply_job(model)]},
    }
    second = conditional(ada, first["id"], rules)
    over = processed(ada, second)
    assert list(over["result"]) == ["yes"]
    trimmed = processed(ada, first)["result"]["a"][1]["result"]["id"]
    (child,) = _children(ada, second)
    assert child["document_ids"] == [trimmed]


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append((body, dict(self.headers)))
        self.send_response(500 if len(self.server.received) == 1 else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def listener():
    server = _Listener()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("kind", ["conditional", "transform", "predict", "train"])
def test_callbacks_are_retried_and_carry_their_headers(
    ada, model, left, classified, listener, kind
):
    told = {
        "callback_url": f"http://127.0.0.1:{listener.server_address[1]}/done",
        "callback_headers": {"X-Kind": kind},
    }
    rules = {"r": {"conditions": {}, "jobs": [transform_job("trim"), apply_job(model)]}}
    path, body = {
        "conditional": (f"/job/conditional/{classified['id']}", {"rules": rules}),
        "transform": (f"/document/{left}/transform/trim", {}),
        "predict": (f"/model/{model}/apply/{left}", {}),
        "train": ("/model/image_classifier/train/conditional-halves", {}),
    }[kind]
    job = ada.post(path, json={**body, **told}).json()
    over = processed(ada, job)
    wait_until(lambda: len(listener.received) >= 2)
    assert [said["id"] for said, _ in listener.received] == [job["id"]] * 2, "only the job itself"
    said, headers = listener.received[-1]
    assert headers["X-Kind"] == kind
    assert said == over


def _rule(*jobs, **conditions):
    return {"r": {"conditions": conditions, "jobs": list(jobs)}}


WRONG = [
    (None, "rules_malformed", "at least one rule"),
    ({}, "rules_malformed", "at least one rule"),
    ({"": {"conditions": {}, "jobs": [transform_job("trim")]}}, "rules_malformed", "got ''"),
    ({"r": 1}, "rules_malformed", "rule 'r' must be an object, got 1."),
    ({"r": {"conditions": [], "jobs": [{}]}}, "rules_malformed", "conditions must be an object"),
    ({"r": {"jobs": [transform_job("trim")]}}, "rules_malformed", "conditions is missing"),
    ({"r": {"conditions": {}}}, "rules_malformed", "jobs is missing"),
    (_rule(), "rules_malformed", "jobs must be a list of at least one job, got []."),
    (_rule(5), "rules_malformed", "rule 'r', job 1 must be an object, got 5."),
    (_rule(transform_job("trim"), a={"$near": 1}), "condition_malformed", "operator '$near'"),
    (_rule(transform_job("trim"), a={"$in": 1}), "condition_malformed", "a list of values"),
    (_rule(transform_job("trim"), a=["b", "c"]), "condition_malformed", 'use {"$in": […]}'),
    (_rule({"job_type": "dance"}), "rules_malformed", "be 'apply_model' or 'transform', got"),
    (_rule({"job_type": []}), "rules_malformed", "be 'apply_model' or 'transform', got []"),
    (_rule({}), "rules_malformed", "rule 'r', job 1: job_type is missing"),
    (_rule({"job_type": "apply_model"}), "rules_malformed", "model_id is missing"),
    (_rule(transform_job("poem")), "rules_malformed", "output_type"),
    (_rule(transform_job("trim", speed=1)), "rules_malformed", "unknown member 'speed'"),
    (_rule(transform_job("trim", priority=2**31)), "rules_malformed", "priority must be"),
    (_rule(transform_job("trim", tag="a\0")), "rules_malformed", "rule 'r', job 1: "),
    (_rule(transform_job("trim", page_range="a")), "page_range_malformed", "rule 'r', job 1: "),
    (_rule(transform_job("split", transform_params={"split_size": 0})), None, "split_size"),
    (_rule(transform_job("trim", output_tag="..")), "invalid_parameter", "is not a valid tag"),
    (_rule(transform_job("trim", tag="a", input_tag="b")), "invalid_parameter", "input_tag"),
    (_rule(transform_job("trim", tag="a", document_ids="a,b")), "tag_needs_one_document", "tag"),
    ({str(n): {"conditions": {}, "jobs": [{}]} for n in range(101)}, "too_many_rules", "100"),
    (_rule(*[transform_job("trim")] * 51), "too_many_rules", "50"),
]


@pytest.mark.parametrize(("rules", "code", "words"), WRONG)
def test_wrong_rules(ada, classified, rules, code, words):
    before = ada.get("/job").headers["Content-Range"]
    answer = ada.post(f"/job/conditional/{classified['id']}", json={"rules": rules})
    status, told, field = _refusal(answer)
    assert (status, field) == (400, "rules")
    assert code in (None, told)
    assert words in answer.json()["message"]
    assert ada.get("/job").headers["Content-Range"] == before


def test_what_the_rules_name_must_be_there_and_allowed(
    admin, ada, bob, model, left, classified, tmp_path
):
    path = f"/job/conditional/{classified['id']}"

    def refused(job, login=ada, to=path):
        return _refusal(login.post(to, json={"rules": _rule(job)}))

    assert refused(apply_job("nothing")) == (404, "unknown_model", "rules")
    gone = transform_job("trim", document_ids=["gone"])
    assert refused(gone) == (404, "unknown_document", "rules")
    poem = transform_job("merge", document_ids=[left])
    assert refused(poem) == (400, "unusable_documents", "rules")
    own = admin.model(write_model_file(tmp_path / "m.zip"), short_name="not-for-ada")
    assert refused(apply_job(own["id"])) == (403, "not_yours", "rules")
    admin_path = f"/admin/{ada.id}{path}"
    assert refused(apply_job(own["id"]), admin, admin_path) == (403, "not_yours", "rules")
    file = write_model_file(tmp_path / "e.zip", model_type="key_value_extraction", categories=None)
    extractor = admin.model(file, allow_all_applications=True)
    as_category = apply_job(extractor["id"], format_type="classification")
    assert refused(as_category) == (403, "not_a_classifier", "rules")
    trim = transform_job("trim")
    assert refused(trim, bob) == (403, "not_yours", "execute_after_id")
    assert refused(trim, to="/job/conditional/gone") == (404, "unknown_job", "execute_after_id")
    others = f"/admin/{bob.id}{path}"
    assert refused(trim, admin, others) == (403, "not_yours", "execute_after_id")
    assert _refusal(ada.post(path)) == (400, "rules_malformed", "rules")
    assert _refusal(ada.post(path, json={"rulez": {}})) == (400, "invalid_parameter", "rulez")
    assert _refusal(ada.post(path, json={"rules": []})) == (400, "invalid_parameter", "rules")
    assert bob.post(admin_path, json={"rules": _rule(trim)}).status_code == 401


def test_the_admin_twin_works_for_the_application(admin, ada, classified):
    path = f"/admin/{ada.id}/job/conditional/{classified['id']}"
    job = admin.post(path, json={"rules": _rule(transform_job("trim"))}).json()
    assert job["application_id"] == ada.id
    over = processed(admin, job)
    assert over["result"]["r"][0]["result"]["application_id"] == ada.id
    assert [child["parent_job_id"] for child in _children(admin, job)] == [job["id"]]


def test_pages_of_a_pdf_go_their_way_by_the_category_of_the_first(ada, model):
    source = ada.document(pdf("one", "two", "three"), "Three.pdf")["id"]
    images = transform(ada, source, "image", output_tag="page")
    first = classify(ada, model, source, execute_after_id=images["id"], page_range="0")
    rules = {
        "known": {
            "conditions": {"category": {"$in": ["left", "right"]}},
            "jobs": [
                transform_job("trim", tag="page"),
                apply_job(model, page_range="1:", format_type="classification"),
            ],
        }
    }
    job = conditional(ada, first["id"], rules)
    trimmed, said = processed(ada, job)["result"]["known"]
    assert [page["page"] for page in trimmed["result"]] == [0, 1, 2]
    assert list(said["result"]) == [page["id"] for page in trimmed["result"][1:]]
