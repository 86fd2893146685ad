"""Calls of the ten seed operations with every parameter, with the SDK and with the client."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from .recording_server import FILE, ID, TOKEN

APP = "aaaaaaaaaaaaaaaaaaaaaaaa"
OTHER = "bbbbbbbbbbbbbbbbbbbbbbbb"
DOCS = ["cccccccccccccccccccccccc", "dddddddddddddddddddddddd"]
JOB = "eeeeeeeeeeeeeeeeeeeeeeee"
MODEL = "ffffffffffffffffffffffff"
BACK = "https://example.org/done?job=1&from=leia"
AFTER = datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - LEIA's times have no zone
BEFORE = datetime(2026, 2, 3, 4, 5, 6)  # noqa: DTZ001
ZONED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))
HEADERS = {"X-Key": "a key"}
TEXTS = {"short_name": "invoices-v1", "description": "Reads R&D invoices, 100 %", "ttl": 300}
SHARED = {"allowed_application_ids": [APP, OTHER], "allow_all_applications": False}
TAGS = ["a & b", "été"]
FILTERS = {
    "application_id": APP,
    "model_type": "classification",
    "name": "R&D invoices",
    "short_name": "invoices-v1",
    "description": "50 % off",
    "input_types": ["image", "text"],
    "tags": TAGS,
    "created_after": AFTER,
    "created_before": BEFORE,
    "only_mine": True,
    "sort": "-creation_time,name",
    "offset": 3,
    "limit": 5,
}
APPLY = {
    "tag": "page",
    "format_type": "classification",
    "execute_after_id": JOB,
    "page_range": "0,2:5,-2:-1",
    "callback_url": BACK,
    "block_processing": True,
}
TRAIN = {
    "model_name": "R&D invoices",
    **TEXTS,
    **SHARED,
    "tags": TAGS,
    "execute_after_id": JOB,
    "callback_url": BACK,
}


@dataclass(frozen=True)
class Case:
    """One call; `only` restricts it to one SDK version."""

    operation: str
    parameters: dict[str, Any]
    ours: Callable[[Any], Any]
    only: str | None = None
    defaults: dict[str, Any] = field(default_factory=lambda: {"token": TOKEN})

    @property
    def sdk_parameters(self):
        """The parameters as JSON for the SDK's script."""
        return {name: _as_json(value) for name, value in (self.defaults | self.parameters).items()}


def _as_json(value):
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, tuple):
        return {"$body": list(value)}
    return value


def _apply(model_params):
    return lambda leia: leia.models.apply(
        MODEL, DOCS, application_id=APP, model_params=model_params
    )


def _on(operation, method, *args, **parameters):
    """Return the case of an operation on one model."""
    return Case(
        operation,
        {"application_id": APP, "model_id": MODEL, **parameters},
        lambda leia: getattr(leia.models, method)(
            MODEL, *args, application_id=APP, **{} if args else parameters
        ),
    )


def _create(file, only):
    values = {"name": "R&D invoices", **TEXTS, **SHARED, "tags": TAGS}
    return Case(
        "admin_create_model",
        {"application_id": APP, "body": file, **values},
        lambda leia: leia.models.create(FILE, application_id=APP, progress=False, **values),
        only,
    )


CASES = {
    "apply": Case(
        "admin_apply_model_async",
        {
            "application_id": APP,
            "model_id": MODEL,
            "document_ids": DOCS[:1],
            **APPLY,
            "body": ("ApplyBody", {"model_params": {"top": 3}, "callback_headers": HEADERS}),
        },
        lambda leia: leia.models.apply(
            MODEL,
            DOCS[:1],
            application_id=APP,
            model_params={"top": 3},
            callback_headers=HEADERS,
            **APPLY,
        ),
    ),
    "apply-params": Case(
        "admin_apply_model_async",
        {
            "application_id": APP,
            "model_id": MODEL,
            "document_ids": DOCS,
            "model_params": {"top": "3"},
        },
        _apply({"top": "3"}),
    ),
    "create": _create(FILE, "1.0.9"),
    "create-text": _create(FILE.decode("latin-1"), "1.1.4"),
    "delete": _on("admin_delete_model", "delete"),
    "edit": _on("admin_edit_model", "edit", name="R&D invoices", **TEXTS, **SHARED),
    "edit-clear": _on("admin_edit_model", "edit", allowed_application_ids=[]),
    "get": _on("admin_get_model", "get"),
    "contents": Case(
        "admin_get_model_contents",
        {"application_id": APP, "model_id": ID},
        lambda leia: leia.models.download(ID, leia.folder, application_id=APP, progress=False),
    ),
    "list": Case(
        "admin_get_models",
        FILTERS | {"model_id": MODEL},
        lambda leia: leia.models.list(**FILTERS, model_id=MODEL),
    ),
    "list-zone": Case(
        "admin_get_models",
        {"created_after": ZONED, "sort": "name"},
        lambda leia: leia.models.list(created_after=ZONED, sort="name"),
    ),
    "tag": Case(
        "admin_tag_model",
        {"application_id": APP, "model_id": MODEL, "tag": "a/b, ü"},
        lambda leia: leia.models.tag(MODEL, "a/b, ü", application_id=APP),
    ),
    "train": Case(
        "admin_train_model_async",
        {
            "application_id": APP,
            "model_module": "text_classifier",
            "documents_tag": "train 1/2",
            **TRAIN,
            "body": ("TrainBody", {"model_params": {"seed": 7}, "callback_headers": HEADERS}),
        },
        lambda leia: leia.models.train(
            "text_classifier",
            "train 1/2",
            application_id=APP,
            model_params={"seed": 7},
            callback_headers=HEADERS,
            **TRAIN,
        ),
    ),
    "train-params": Case(
        "admin_train_model_async",
        {
            "application_id": APP,
            "model_module": "text_classifier",
            "documents_tag": "train",
            "model_params": {"seed": "7"},
        },
        lambda leia: leia.models.train(
            "text_classifier", "train", application_id=APP, model_params={"seed": "7"}
        ),
    ),
    "untag": Case(
        "admin_untag_model",
        {"application_id": APP, "model_id": MODEL, "tag": "a/b, ü"},
        lambda leia: leia.models.untag(MODEL, "a/b, ü", application_id=APP),
    ),
}
