"""Estimators as canonical skops bytes.

skops writes memory addresses into member names and `schema.json`, and the time into the zip.
Here the addresses are replaced by numbers in the order of their first appearance, and the date
is fixed. An address that scikit-learn keeps in an estimator, to remember a check, becomes 0.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

SCHEMA = "schema.json"
_ADDRESSES = ("_stop_words_id",)
_DATE = (1980, 1, 1, 0, 0, 0)


def dump(estimator: Any) -> bytes:
    """Return a fitted estimator as skops bytes; the same estimator gives the same bytes."""
    import skops.io

    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(estimator))) as source:
        schema = json.loads(source.read(SCHEMA))
        names = _Numbering().renumber(schema)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as target:
            for old, new in names.items():
                add(target, new, source.read(old))
            add(target, SCHEMA, json.dumps(schema, separators=(",", ":")).encode())
    return buffer.getvalue()


def add(target: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add an uncompressed member with a fixed date and fixed permissions."""
    member = zipfile.ZipInfo(name, _DATE)
    member.create_system = 3
    member.external_attr = 0o644 << 16
    target.writestr(member, data, zipfile.ZIP_STORED)


class _Numbering:
    """Numbers for skops ids and member names, in the order of their appearance."""

    def __init__(self) -> None:
        self._ids: dict[object, int] = {}
        self._names: dict[str, str] = {}

    def renumber(self, schema: dict[str, Any]) -> dict[str, str]:
        """Rewrite a schema in place; return the new name of every member by its old one."""
        waiting: list[Any] = [schema]
        while waiting:
            node = waiting.pop()
            if isinstance(node, dict):
                self._rewrite(node)
                waiting.extend(reversed(node.values()))
            elif isinstance(node, list):
                waiting.extend(reversed(node))
        return self._names

    def _rewrite(self, node: dict[str, Any]) -> None:
        if "__loader__" not in node:
            return
        if node["__loader__"] == "ObjectNode":
            _drop_addresses(node)
        if "__id__" in node:
            node["__id__"] = self._ids.setdefault(_identity(node), len(self._ids) + 1)
        if isinstance(file := node.get("file"), str):
            suffix = file.rpartition(".")[2]
            new = f"{len(self._names) + 1:04d}.{suffix}"
            node["file"] = self._names.setdefault(file, new)


def _drop_addresses(node: dict[str, Any]) -> None:
    state = node.get("content")
    attributes = state.get("content") if isinstance(state, dict) else None
    for name in _ADDRESSES:
        if isinstance(attributes, dict) and name in attributes:
            attributes[name]["content"] = "0"


def _identity(node: dict[str, Any]) -> object:
    """Return what identifies a node: constants by value, because Python shares some of them."""
    content = node.get("content")
    if node.get("is_json") and isinstance(content, str) and content[:1] not in ("[", "{"):
        return ("constant", content)
    return node["__id__"]
