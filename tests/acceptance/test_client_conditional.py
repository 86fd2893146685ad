"""Conditional jobs with the client: rules, their results, and how they end."""

import pytest

from leia_nb import errors
from leia_nb.enums import JobStatus
from leia_nb.records.records import Document

from .clients import connected, picture, shades


@pytest.fixture(scope="module")
def leia(service):
    with connected(service) as leia:
        yield leia


@pytest.fixture(scope="module")
def documents(leia):
    return shades(leia, "ruled")


@pytest.fixture(scope="module")
def model(leia, documents):
    job = leia.models.train("image_classifier", "ruled", model_name="Ruled shades")
    return job.result(progress=False)


def classified(leia, model, documents, **options):
    return leia.models.apply(model, documents, format_type="classification", **options)


def results(leia, job, rules, **options):
    return leia.jobs.conditional(job, rules, **options).wait(progress=False)


def test_the_rule_that_holds_runs(leia, model, documents):
    light = classified(leia, model, documents[1])
    trim = {"job_type": "transform", "output_type": "trim"}
    again = {"job_type": "apply_model", "model_id": model, "format_type": "classification"}
    found = results(
        leia,
        light,
        {
            "light": {"conditions": {"category": "light"}, "jobs": [trim, again]},
            "dark": {"conditions": {"category": "dark"}, "jobs": [trim]},
        },
    )
    assert list(found) == ["light"]
    trimmed, frame = found["light"]
    assert isinstance(trimmed, Document)
    assert trimmed.original_id == documents[1].id
    assert frame["category"].to_dict() == {trimmed.id: "light"}


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({}, True),
        ({"category": {"$eq": "light"}}, True),
        ({"category": {"$ne": "light"}}, False),
        ({"category": {"$in": ["light", "grey"]}}, True),
        ({"category": {"$nin": ["light", "grey"]}}, False),
        ({"score": {"$gt": 0.4, "$lte": 1}}, True),
        ({"score": [{"$gte": 0.4}, {"$lt": 0.4}]}, False),
        ({"category": "light", "accuracy": {"$lt": 0}}, False),
        ({"no such field": {"$ne": "x"}}, True),
    ],
)
def test_operators(leia, model, documents, conditions, holds):
    job = classified(leia, model, documents[1])
    trim = {"job_type": "transform", "output_type": "trim"}
    found = results(leia, job, {"rule": {"conditions": conditions, "jobs": [trim]}})
    assert list(found) == (["rule"] if holds else [])


def test_a_field_that_no_result_has_is_told(leia, model, documents):
    seen = leia.models.apply(model, documents[1])
    trim = {"job_type": "transform", "output_type": "trim"}
    rules = {"light": {"conditions": {"category": "light"}, "jobs": [trim]}}
    job = leia.jobs.conditional(seen, rules)
    with pytest.warns(UserWarning, match=r"no field 'category'; it has .*dark.*format_type"):
        assert job.wait(progress=False) == {}
    assert "format_type" in job.record.reason
    assert "category" in job._repr_html_()


def test_every_one_of_several_documents_must_meet_a_condition(leia, model, documents):
    rule = {
        "conditions": {"category": "light"},
        "jobs": [{"job_type": "apply_model", "model_id": model, "page_range": "0"}],
    }
    mixed = classified(leia, model, documents[:2])
    alike = classified(leia, model, [documents[1], documents[3]])
    assert results(leia, mixed, {"all light": rule}) == {}
    (frame,) = results(leia, alike, {"all light": rule})["all light"]
    assert len(frame) == 1
    assert frame.columns.tolist() == ["dark", "light"]


def test_documents_named_in_a_rule(leia, model, documents):
    job = classified(leia, model, documents[0])
    apply = {
        "job_type": "apply_model", "model_id": model.id, "format_type": "classification",
        "document_ids": [documents[2], documents[3].id],
    }  # fmt: skip
    (frame,) = results(leia, job, {"always": {"conditions": {}, "jobs": [apply]}})["always"]
    assert frame.index.tolist() == [documents[2].id, documents[3].id]


def test_block_start_and_children(leia, model, documents):
    first = classified(leia, model, documents[0])
    rules = {"r": {"conditions": {}, "jobs": [{"job_type": "apply_model", "model_id": model}]}}
    job = leia.jobs.conditional(first, rules, block_processing=True)
    assert job.status is JobStatus.BLOCKED
    job.start().wait(progress=False)
    children = leia.jobs.list(parent_job_id=job, progress=False)
    assert children["status"].tolist() == ["PROCESSED"]
    assert leia.jobs.list(job_id=job, job_type="conditional").index.tolist() == [job.id]


def test_a_child_that_fails(leia, model, documents):
    torn = leia.documents.upload(picture(7)[:40], filename="torn.png", progress=False)
    first = classified(leia, model, documents[0])
    apply = {"job_type": "apply_model", "model_id": model, "document_ids": torn}
    rules = {"broken": {"conditions": {}, "jobs": [apply]}}
    with pytest.raises(errors.JobFailed, match=r"broken.*torn\.png"):
        results(leia, first, rules)
    leia.documents.delete(torn)


def test_the_job_waited_for_is_canceled(leia, model, documents):
    first = classified(leia, model, documents[0], block_processing=True)
    rules = {"r": {"conditions": {}, "jobs": [{"job_type": "apply_model", "model_id": model}]}}
    job = leia.jobs.conditional(first, rules)
    first.cancel()
    with pytest.raises(errors.JobFailed, match=first.id):
        job.wait(progress=False)


def test_cancel(leia, model, documents):
    first = classified(leia, model, documents[0], block_processing=True)
    rules = {"r": {"conditions": {}, "jobs": [{"job_type": "apply_model", "model_id": model}]}}
    job = leia.jobs.conditional(first, rules)
    job.cancel()
    with pytest.raises(errors.JobCanceled):
        job.wait(progress=False)
    first.cancel()


def test_what_a_rule_names_must_exist(leia, model, documents):
    first = classified(leia, model, documents[0])
    text = {"job_type": "transform", "output_type": "text"}
    wrong = {
        errors.UnknownModel: {"job_type": "apply_model", "model_id": "nope"},
        errors.UnknownDocument: {**text, "document_ids": ["nope"]},
    }
    for kind, job in wrong.items():
        with pytest.raises(kind, match="nope"):
            leia.jobs.conditional(first, {"r": {"conditions": {}, "jobs": [job]}})
    with pytest.raises(errors.UnknownJob, match="nope"):
        leia.jobs.conditional("nope", {"r": {"conditions": {}, "jobs": [text]}})


def test_a_developer(service, leia):
    with connected(service, "key-of-bob") as bob:
        words = bob.documents.upload(b"one two", filename="w.txt", progress=False)
        job = bob.documents.transform(words, "split", transform_params={"split_size": 1})
        merge = {"job_type": "transform", "output_type": "merge"}
        rules = {"texts": {"conditions": {"extension": "txt"}, "jobs": [merge]}}
        (whole,) = results(bob, job, rules)["texts"]
        assert bob.documents.contents(whole).split() == [b"one", b"two"]
        for made in bob.documents.list(original_id=words, progress=False).index:
            bob.documents.delete(made)
        bob.documents.delete(words)
