"""Training, applying and waiting with the client, against the real service."""

import asyncio

import pytest

from leia_nb import errors
from leia_nb.enums import JobStatus
from leia_nb.records.records import Model

from .clients import connected, picture, shades


@pytest.fixture(scope="module")
def leia(service):
    with connected(service) as leia:
        yield leia


@pytest.fixture(scope="module")
def documents(leia):
    return shades(leia, "shades")


@pytest.fixture(scope="module")
def model(leia, documents):
    job = leia.models.train(
        "image_classifier", "shades", model_name="Shades", short_name="shades-v1",
        description="light or dark", ttl=60, tags=["trained"], model_params={"folds": 2},
    )  # fmt: skip
    return job.result(progress=False)


def test_training_returns_the_model(leia, model):
    assert isinstance(model, Model)
    assert (model.name, model.short_name, model.tags) == ("Shades", "shades-v1", ("trained",))
    assert (model.model_type, model.ttl, model.description) == (
        "classification",
        60,
        "light or dark",
    )
    assert leia.models.get("shades-v1") == model


def test_classification_of_many(leia, model, documents):
    chosen = [documents[3], documents[0], documents[1]]
    job = leia.models.apply("shades-v1", chosen, format_type="classification")
    frame = job.result(progress=False)
    assert frame.index.tolist() == [document.id for document in chosen]
    assert frame["category"].tolist() == ["light", "dark", "light"]
    assert frame["score"].between(0.5, 1).all()
    assert frame["accuracy"].nunique() == 1
    assert job.record.document_ids == tuple(frame.index)


def test_key_values_of_one(leia, model, documents):
    frame = leia.models.apply(model, documents[0]).result(progress=False)
    assert frame.columns.tolist() == ["dark", "light"]
    assert frame.loc[documents[0].id].sum() == pytest.approx(1)
    top = leia.models.apply(model, documents[0], model_params={"top": 1}).result(progress=False)
    assert top.columns.tolist() == ["dark"]


def test_a_new_client_picks_the_job_up(service, leia, model, documents):
    job = leia.models.apply(model, documents[0], format_type="classification")
    with connected(service) as other:
        again = other.jobs.get(job.id)
        assert again.wait(progress=False).loc[documents[0].id, "category"] == "dark"
        assert again.status is JobStatus.PROCESSED


def test_block_start_and_chain(leia, model, documents):
    first = leia.models.apply(model, documents[:4], block_processing=True)
    second = leia.models.apply(
        model, documents[0], format_type="classification", execute_after_id=first, page_range="-1"
    )
    assert leia.jobs.statuses([first, second]) == {first.id: "BLOCKED", second.id: "WAITING"}
    with pytest.raises(errors.WaitTimeout, match="WAITING"):
        second.wait(timeout=0.1, progress=False)
    first.start()
    assert second.wait(progress=False).index.tolist() == [documents[3].id]


def test_cancel(leia, model, documents):
    first = leia.models.apply(model, documents[0], block_processing=True)
    second = leia.models.apply(model, documents[0], execute_after_id=first)
    first.cancel()
    with pytest.raises(errors.JobCanceled, match=first.id):
        first.wait(progress=False)
    with pytest.raises(errors.JobFailed, match=first.id):
        second.wait(progress=False)
    with pytest.raises(errors.JobOver):
        first.cancel()
    with pytest.raises(errors.JobOver):
        leia.jobs.start(first)


def test_wait_for_many(leia, model, documents, capsys):
    jobs = [leia.models.apply(model, document) for document in documents[:3]]
    jobs.append(leia.models.apply(model, documents[0], block_processing=True))
    jobs[-1].cancel()
    assert leia.jobs.wait(jobs) == jobs
    assert "done 3, failed 1" in capsys.readouterr().err
    assert [job.status for job in jobs[2:]] == [JobStatus.PROCESSED, JobStatus.CANCELED]


def test_await_many(leia, model, documents):
    async def main():
        return await asyncio.gather(*(leia.models.apply(model, one) for one in documents[:3]))

    frames = asyncio.run(main())
    assert [frame.index[0] for frame in frames] == [one.id for one in documents[:3]]


def test_an_unreadable_image_fails_with_a_reason(leia, model):
    torn = leia.documents.upload(picture(7)[:40], filename="torn.png", progress=False)
    with pytest.raises(errors.JobFailed, match=torn.id) as caught:
        leia.models.apply(model, torn).wait(progress=False)
    assert caught.value.reason
    leia.documents.delete(torn)


def test_jobs_are_listed(leia, model, documents):
    job = leia.models.apply(model, documents[0], format_type="classification")
    job.wait(progress=False)
    listed = leia.jobs.list(
        job_id=job, model_id=model, document_id=documents[0], status="PROCESSED",
        job_type="predict", sort="-creation_time",
    )  # fmt: skip
    assert listed.index.tolist() == [job.id]
    assert listed.loc[job.id, "document_ids"] == (documents[0].id,)
    assert listed.loc[job.id, "result"]["category"] == "dark"
    assert leia.jobs.get(listed).result().equals(job.result())


REFUSED = {
    "unknown model": (errors.UnknownModel, lambda leia, d: leia.models.apply("nope", d)),
    "unknown document": (
        errors.UnknownDocument,
        lambda leia, d: leia.models.apply("shades-v1", "no"),
    ),
    "unknown job": (
        errors.UnknownJob,
        lambda leia, d: leia.models.apply("shades-v1", d, execute_after_id="nope"),
    ),
    "no derived document": (
        errors.NoDocuments,
        lambda leia, d: leia.models.apply("shades-v1", d, tag="page"),
    ),
    "unknown trainer": (
        errors.UnknownModelModule,
        lambda leia, d: leia.models.train("nope", "shades"),
    ),
    "no documents": (
        errors.NoDocuments,
        lambda leia, d: leia.models.train("image_classifier", "no-such-tag"),
    ),
    "wrong params": (
        errors.InvalidParameters,
        lambda leia, d: leia.models.apply("shades-v1", d, model_params={"nope": 1}),
    ),
    "short name taken": (
        errors.ShortNameTaken,
        lambda leia, d: leia.models.train("image_classifier", "shades", short_name="shades-v1"),
    ),
}


@pytest.mark.parametrize(("error", "submit"), REFUSED.values(), ids=REFUSED)
def test_refused_at_once(leia, model, documents, error, submit):
    with pytest.raises(error) as caught:
        submit(leia, documents[0])
    assert caught.value.status_code in (400, 404)
    assert caught.value.code


def test_documents_that_cannot_be_learnt_from(leia):
    plain = leia.documents.upload(picture(1), filename="1.png", tags=["bare"], progress=False)
    with pytest.raises((errors.UnusableDocuments, errors.JobFailed), match="annotation"):
        leia.models.train("image_classifier", "bare").wait(progress=False)
    leia.annotations.create(plain, "TYPING", {"category": "only"})
    with pytest.raises((errors.UnusableDocuments, errors.JobFailed), match="categor"):
        leia.models.train("image_classifier", "bare").wait(progress=False)


def test_a_developer_trains_and_applies(service):
    with connected(service, "key-of-ada") as ada:
        documents = shades(ada, "adas")
        job = ada.models.train("image_classifier", "adas", model_params={"folds": 2})
        model = job.wait(progress=False)
        assert model.application_id == ada.application.id
        frame = ada.models.apply(model, documents[1], format_type="classification").wait(
            progress=False
        )
        assert frame.loc[documents[1].id, "category"] == "light"
        assert set(ada.jobs.list()["application_id"]) == {ada.application.id}
        with connected(service) as admin:
            listed = admin.jobs.list(application_id=ada.application.id, job_id=job)
            assert admin.jobs.get(listed).result() == model
            assert set(admin.jobs.statuses(listed).values()) == {JobStatus.PROCESSED}
    with connected(service, "key-of-bob") as bob, pytest.raises(errors.LeiaError) as caught:
        bob.jobs.get(job.id)
    assert caught.value.status_code in (403, 404)
