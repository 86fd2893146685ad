"""The field for a job to wait for, and the field for what can be trained."""

from datetime import UTC, datetime

import pytest

from leia_nb import errors
from leia_nb.enums import JobStatus, JobType, ResultType
from leia_nb.records.records import JobRecord
from leia_nb.widgets.fields.job import JobField, describe, pages_of
from leia_nb.widgets.fields.module import ModuleField

NO_JOB = "f" * 24


def make(leia):
    return JobField("execute_after_id", leia, label="Execute after", tooltip="A job.")


@pytest.fixture
def field(leia):
    return make(leia)


@pytest.fixture
def held(leia):
    """A job that waits to be started, of two documents."""
    documents = leia.documents.list(tags=["digits-test"], limit=2)
    job = leia.models.apply("digits-v1", documents, block_processing=True)
    yield job
    if not job.refresh().is_over:
        job.cancel()


def record(**said):
    return JobRecord(
        **{
            "id": "a" * 24,
            "job_type": JobType.PREDICT,
            "status": JobStatus.READY,
            "application_id": "b" * 24,
            "creation_time": datetime.now(UTC),
            "document_ids": ("1", "2", "3"),
            **said,
        }
    )


def test_running_jobs_are_offered_with_type_stage_and_age(leia, held, until):
    field = make(leia)
    (label,) = until(lambda: [one for one in field.control.options if held.id in one])
    assert label.startswith("predict · BLOCKED · ")
    assert " old · " in label
    field.control.value = label
    assert field.value == held.id
    assert field.check() is None


def test_jobs_that_are_over_are_not_offered(leia, field, until):
    over = leia.jobs.list(status="PROCESSED").index[0]
    until(lambda: not field._reading.busy)
    assert not any(over in label for label in field.control.options)
    field.fill(over)
    assert (field.value, field.check()) == (over, None)


def test_ids_handles_records_and_listings_go(leia, field, held):
    listing = leia.jobs.list(job_id=held.id)
    for value in (held.id, held, held.record, listing, listing.iloc[0]):
        field.fill(None)
        assert field.value is None
        assert field.check() is None
        field.fill(value)
        assert field.value == held.id


def test_an_unknown_job_is_said(field):
    field.fill(NO_JOB)
    assert field.check() == (
        f"There is no job '{NO_JOB}'. Choose one from the list, or enter another id."
    )


def test_what_cannot_be_an_id_is_said(field):
    field.control.value = "a/b"
    assert field.check() == "'a/b' is not a valid job id. Pass the id that LEIA shows."


def test_a_canceled_job_is_no_use(field, held):
    held.cancel()
    field.fill(held)
    assert field.check() == (
        f"Job {held.id} is CANCELED, so a job that waits for it would fail. Choose another job."
    )


def test_the_choice_is_described_and_tells_its_pages(field, held, until):
    heard = []
    field.on_known(lambda: heard.append(field.pages))
    field.fill(held)
    until(lambda: 2 in heard)
    until(lambda: "predict job, BLOCKED" in field._hint.value and "2 pages" in field._hint.value)
    field.fill(None)
    assert heard[-1] is None
    assert field._hint.value == ""


def test_refreshing_asks_for_the_chosen_job_again(field, held, until):
    field.fill(held)
    assert field.check() is None
    held.cancel()
    field.refresh()
    assert "is CANCELED" in field.check()


def test_an_unreachable_service_leaves_the_id_to_leia(unreachable):
    field = make(unreachable)
    field.fill(NO_JOB)
    assert (field.value, field.check(), field.pages) == (NO_JOB, None, None)


@pytest.mark.parametrize(
    ("said", "pages"),
    [
        ({}, 3),
        ({"execute_after_id": "c" * 24}, None),
        ({"execute_after_id": "c" * 24, "starting_time": datetime.now(UTC)}, 3),
        ({"job_type": JobType.PDF_IMAGES}, None),
        ({"job_type": JobType.PDF_IMAGES, "result_type": ResultType.DOCUMENT, "result": {}}, 1),
        (
            {
                "job_type": JobType.PDF_IMAGES,
                "result_type": ResultType.DOCUMENTS,
                "result": [{}, {}],
            },
            2,
        ),
    ],
)
def test_pages_are_known_when_they_can_be(said, pages):
    assert pages_of(record(**said)) == pages


def test_a_job_describe():
    assert describe(record(document_ids=("1",))).endswith("old, 1 page")
    assert describe(record(job_type=JobType.TRAIN)).endswith("old")


# -- what can be trained -------------------------------------------------------------------


class Answering:
    """A client whose service says of itself what the test wants."""

    def __init__(self, leia, said):
        self.models = leia.models
        self._said = said

    def health(self):
        return self._said


def module_field(leia):
    return ModuleField(
        "model_module", leia, label="Model module", tooltip="What to train.", required=True
    )


def test_what_the_service_can_train_is_offered(leia, until):
    field = module_field(leia)
    modules = tuple(leia.health()["model_modules"])
    assert {"image_classifier", "text_classifier"} <= set(modules)
    until(lambda: field.control.options == modules)
    until(lambda: f"Can be trained: {', '.join(modules)}" in field._hint.value)
    field.fill("text_classifier")
    assert (field.value, field.check()) == ("text_classifier", None)


def test_what_it_cannot_train_is_said(leia):
    field = module_field(leia)
    field.fill("astrologer")
    modules = ", ".join(leia.health()["model_modules"])
    assert field.check() == f"The service cannot train 'astrologer'. Choose from {modules}."


def test_a_module_is_needed(leia):
    assert module_field(leia).check() == "Model module is empty. Fill it in."


def test_a_slash_is_said(leia):
    field = module_field(leia)
    field.fill("a/b")
    assert field.check() == "Model module 'a/b' contains a '/'. Enter a name without it."


def test_a_service_that_does_not_say_offers_the_modules_of_its_models(leia, until):
    field = module_field(Answering(leia, {"status": "ok"}))
    field.fill("something_of_its_own")
    assert field.check() is None
    until(lambda: "image_classifier" in field.control.options)


def test_the_only_module_is_chosen(leia, until):
    field = module_field(Answering(leia, {"model_modules": ["image_classifier"]}))
    until(lambda: field.value == "image_classifier")


def test_an_unreachable_service_is_said(unreachable, until):
    field = module_field(unreachable)
    field.fill("image_classifier")
    assert field.check() is None
    until(lambda: "Nobody answers there" in field._hint.value)


def test_a_job_that_is_a_model_is_refused(leia, field):
    with pytest.raises(errors.InvalidInput, match="Expected a job"):
        field.fill(leia.models.get("digits-v1"))
