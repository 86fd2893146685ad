"""The query parameters of listings."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from leia_nb.api.operations import SORTABLE
from leia_nb.enums import (
    AnnotationType,
    ApplicationType,
    JobStatus,
    JobType,
    ModelInputType,
    ModelType,
)
from leia_nb.service.schemas.types import FilterText, ShortText, Tag, Time, sortable

_BY = "Field names separated by commas; '-' in front = descending."
_Tags = Annotated[list[ShortText], Field(max_length=100)]


class Filter(BaseModel):
    """What every listing can be filtered by; an unknown name may be a misspelled filter."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=())

    created_after: Time | None = Field(None, description="Created at this time or later (UTC).")
    created_before: Time | None = Field(None, description="Created before this time (UTC).")


class PagedFilter(Filter):
    """What every listing in pages takes."""

    offset: int = Field(0, ge=0, le=2**62, description="Number of the first row, from 0.")
    limit: int | None = Field(None, ge=0, le=2**62, description="Most rows to send.")


class AnnotationQuery(PagedFilter):
    """Which annotations to list."""

    annotation_id: FilterText | None = Field(None, description="The id.")
    annotation_type: AnnotationType | None = Field(None, description="The type.")
    name: FilterText | None = Field(None, description="The name.")
    tags: _Tags = Field([], description="The annotation has all of these tags.")
    document_id: FilterText | None = Field(None, description="The annotated document.")


class ApplicationQuery(PagedFilter):
    """Which applications to list."""

    sort: Annotated[str, sortable(SORTABLE["get_applications"])] | None = Field(
        None, description=_BY
    )
    application_id: FilterText | None = Field(None, description="The id.")
    email: FilterText | None = Field(None, description="The e-mail address.")
    application_name: FilterText | None = Field(None, description="The name.")
    first_name: FilterText | None = Field(None, description="The first name of its contact.")
    last_name: FilterText | None = Field(None, description="The last name of its contact.")
    application_type: ApplicationType | None = Field(None, description="The type.")
    dedicated_workers: bool | None = Field(None, description="Whether it wants its own workers.")


class DocumentFilter(Filter):
    """Which documents to pack into a zip file."""

    document_id: FilterText | None = Field(None, description="The id.")
    filename: FilterText | None = Field(None, description="The file name.")
    extension: FilterText | None = Field(
        None, description="The extension, with or without its dot."
    )
    mime_type: FilterText | None = Field(None, description="The media type.")
    original_id: FilterText | None = Field(None, description="The document it was created from.")
    tags: _Tags = Field([], description="The document has all of these tags.")


class DocumentQuery(DocumentFilter, PagedFilter):
    """Which documents to list."""

    sort: Annotated[str, sortable(SORTABLE["get_documents"])] | None = Field(None, description=_BY)
    tag_result: Tag | None = Field(
        None, description="Tag every document that matches, not only those on this page."
    )


class AdminDocumentFilter(DocumentFilter):
    """Which documents of any application to pack into a zip file."""

    application_id: FilterText | None = Field(None, description="The application that owns them.")


class AdminDocumentQuery(AdminDocumentFilter, DocumentQuery):
    """Which documents of any application to list."""


class ModelQuery(PagedFilter):
    """Which models to list."""

    sort: Annotated[str, sortable(SORTABLE["get_models"])] | None = Field(None, description=_BY)
    model_id: FilterText | None = Field(None, description="The id or the short name.")
    model_type: ModelType | None = Field(None, description="The type.")
    name: FilterText | None = Field(None, description="The name.")
    short_name: FilterText | None = Field(None, description="The short name.")
    description: FilterText | None = Field(
        None, description="A part of the description, in any case."
    )
    input_types: Annotated[list[ModelInputType], Field(max_length=100)] = Field(
        [], description="The model reads all of these."
    )
    tags: _Tags = Field([], description="The model has all of these tags.")
    only_mine: bool | None = Field(None, description="Only what the application itself owns.")


class AdminModelQuery(ModelQuery):
    """Which models of any application to list."""

    application_id: FilterText | None = Field(
        None, description="Who owns the models or, without only_mine, may use them."
    )


class JobQuery(PagedFilter):
    """Which jobs to list."""

    sort: Annotated[str, sortable(SORTABLE["get_jobs"])] | None = Field(None, description=_BY)
    job_id: FilterText | None = Field(None, description="The id.")
    application_id: FilterText | None = Field(None, description="The application it works for.")
    job_type: JobType | None = Field(None, description="The type.")
    model_id: FilterText | None = Field(None, description="The id or short name of the model.")
    document_id: FilterText | None = Field(None, description="A document that it works on.")
    execute_after_id: FilterText | None = Field(None, description="The job that it waits for.")
    parent_job_id: FilterText | None = Field(None, description="The job that it is a part of.")
    status: JobStatus | None = Field(None, description="The status.")


class AdminJobQuery(JobQuery):
    """Which jobs of any application to list."""

    submitter_id: FilterText | None = Field(None, description="The application that submitted it.")
