"""Every filter that LEIA has for jobs, and what it can sort them by."""

from __future__ import annotations

from leia_nb.enums import JobStatus, JobType
from leia_nb.widgets.fields.base import Field
from leia_nb.widgets.fields.simple import ChoiceField, TextField
from leia_nb.widgets.views.filters import Filters, IdField, MomentField
from leia_nb.widgets.views.sorting import Sorting


def job_filters() -> Filters:
    """Return the fields that narrow a listing of jobs down."""
    fields = [
        ChoiceField(
            "status",
            [(status.value, status.value) for status in JobStatus],
            empty="any",
            label="Stage",
            tooltip="Only jobs in this stage",
        ),
        ChoiceField(
            "job_type",
            [(kind.value, kind.value) for kind in JobType],
            empty="any",
            label="Type",
            tooltip="Only jobs that do this",
        ),
    ]
    return Filters(fields, _more())


def job_sorting() -> Sorting:
    """Return the lists to choose an order from; the newest come first."""
    labels = {
        "creation_time": "created",
        "starting_time": "started",
        "finished_time": "finished",
        "job_type": "type",
        "status": "stage",
        "model_id": "model id",
        "document_ids": "document ids",
        "application_id": "owner",
        "submitter_id": "submitter",
        "parent_job_id": "parent job",
    }
    return Sorting(labels, "-creation_time")


def _more() -> list[Field]:
    return [
        IdField("job_id", "job", label="Job id", tooltip="Only the job with this id"),
        IdField("model_id", "model", label="Model id", tooltip="Only jobs of this model"),
        IdField(
            "document_id", "document", label="Document id", tooltip="Only jobs on this document"
        ),
        IdField(
            "execute_after_id",
            "job",
            label="Waits for",
            tooltip="Only jobs that are executed after the job with this id",
        ),
        IdField(
            "parent_job_id", "job", label="Parent job", tooltip="Only parts of the job with this id"
        ),
        MomentField(
            "created_after",
            label="Created from",
            tooltip="Only jobs created at this time or later; without a zone it is UTC",
        ),
        MomentField(
            "created_before",
            label="Created before",
            tooltip="Only jobs created before this time; without a zone it is UTC",
        ),
        TextField(
            "application_id",
            label="Application id",
            tooltip="Only jobs that belong to this application",
        ),
        TextField(
            "submitter_id",
            label="Submitter id",
            tooltip="Only jobs that this application submitted; others' need an admin",
        ),
    ]
