"""The service's OpenAPI document: what FastAPI finds in the routes, completed from tables."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from leia_nb.service.openapi.document import completed


def install(app: FastAPI, base_path: str) -> None:
    """Make an application serve the completed document.

    Parameters
    ----------
    app : fastapi.FastAPI
        The application; its routes may still be added.
    base_path : str
        What all its paths start with.
    """
    made = app.openapi
    kept: list[dict[str, Any]] = []

    def described() -> dict[str, Any]:
        if not kept:
            kept.append(completed(made(), base_path))
        return kept[0]

    app.openapi = described  # type: ignore[method-assign]
