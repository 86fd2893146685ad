"""The documents that an apply or a transform works on."""

from __future__ import annotations

from leia_nb.service import trainers, transforms
from leia_nb.service.api_errors import ApiError, bad
from leia_nb.service.routes.context import Caller
from leia_nb.service.storage import documents, tables
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Session
from leia_nb.service.storage.job_inputs import input_document


def check_tag_of_one(ids: list[str], tag: str | None, name: str = "tag") -> None:
    """Refuse a tag together with any other number of documents than one with 400."""
    if tag and len(ids) != 1:
        raise bad(
            "tag_needs_one_document",
            f"With {name}, expected one document in document_ids, got {len(ids)}. Name the "
            "document that the tagged documents were created from.",
            name,
        )


def check_ids(ids: list[str]) -> None:
    """Refuse with 400 if no document is named."""
    if not ids:
        raise bad("invalid_parameter", "expected at least one id in document_ids.", "document_ids")


def check_page_range(text: str | None, execute_after_id: str | None) -> None:
    """Refuse a page range without a previous job with 400."""
    if text and not execute_after_id:
        raise bad(
            "page_range_without_job",
            "page_range selects pages of the previous job's results, so it needs "
            "execute_after_id. Add that, or leave page_range out.",
            "page_range",
        )


def find(
    session: Session, caller: Caller, ids: list[str], tag: str | None, name: str = "tag"
) -> list[tables.Document]:
    """Return the documents named or, with a tag, those created from the one named; 404, 403."""
    found = documents.require_own_all(session, caller.owner_id, ids, forbids=True)
    if not tag:
        return found
    found = documents.made_from(session, caller.owner_id, ids[0], tag)
    if not found:
        message = f"No document created from {ids[0]!r} has the tag {tag!r}. Check the tag."
        raise ApiError(404, "no_documents", message, name)
    return found


def check_readable(model: tables.Model, found: list[tables.Document]) -> None:
    """Refuse documents that a model cannot read with 400 ``unusable_documents``."""
    for row in found:
        if not trainers.accepts(model.input_types, row.mime_type):
            raise bad(
                "unusable_documents",
                f"The model {model.name!r} reads {', '.join(model.input_types)}, but document "
                f"{row.id} ({row.filename}) is {row.mime_type}. "
                + trainers.transform_advice(model.input_types, row.mime_type, "leave it out"),
                "document_ids",
            )


def check_transformable(blobs: Blobs, output_type: str, found: list[tables.Document]) -> None:
    """Refuse documents that a transform cannot convert with 400 ``unusable_documents``."""
    try:
        transforms.check(output_type, [input_document(blobs, row) for row in found])
    except trainers.UnusableDocuments as error:
        raise bad(error.code, error.message, "document_ids") from None
