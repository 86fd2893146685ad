"""Documents as models and transforms are given them."""

from __future__ import annotations

from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.tables import Document
from leia_nb.service.trainers import InputDocument


def input_document(blobs: Blobs, row: Document) -> InputDocument:
    """Return a document's row as what a model or transform works on."""
    return InputDocument(
        row.id,
        blobs.path(row.id),
        row.filename,
        row.mime_type,
        original_id=row.original_id,
        page=row.page,
        rotation_angle=row.rotation_angle,
    )
