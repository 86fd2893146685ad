"""Models: listing them and finding one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from leia_nb.service.api_errors import meant, not_yours, unknown
from leia_nb.service.schemas.filters import ModelQuery
from leia_nb.service.storage import listing
from leia_nb.service.storage.tables import Model, ModelPermission


def list_models(
    session: Session, max_limit: int, query: ModelQuery, application_id: str | None
) -> listing.Page[Model]:
    """Return a page of the models that an application owns or may use, or (None) of all."""
    conditions = listing.matching(Model, query, "model_type", "name", "short_name")
    conditions += [
        listing.json_list_contains(Model.input_types, kind) for kind in query.input_types
    ]
    if application_id is not None:
        own = Model.application_id == application_id
        conditions.append(own if query.only_mine else _visible_to(application_id))
    if query.model_id is not None:
        conditions.append(_named(query.model_id))
    if query.description is not None:
        conditions.append(Model.description.icontains(query.description, autoescape=True))
    return listing.fetch(session, Model, conditions, query, max_limit)


def ids_of(id_or_short_name: str) -> Select[Any]:
    """Return the query for the id of the model with this id or short name."""
    return select(Model.id).where(_named(id_or_short_name))


def visible_model(session: Session, owner_id: str, id_or_short_name: str) -> Model | None:
    """Return the model of this id or short name, if the application may use it."""
    return session.scalar(select(Model).where(_named(id_or_short_name), _visible_to(owner_id)))


def require_visible(
    session: Session, owner_id: str, id_or_short_name: str, *, forbids: bool = False
) -> Model:
    """Return a model the application may use.

    A missing model is refused with 404; one that the application may not use with 404 or,
    with `forbids`, 403.
    """
    row = visible_model(session, owner_id, id_or_short_name)
    if row is not None:
        return row
    if forbids and _exists(session, id_or_short_name):
        raise not_yours("model", id_or_short_name, "model_id")
    advice = _advice(session, owner_id, id_or_short_name)
    raise unknown("model", id_or_short_name, advice, "model_id")


def require_own(session: Session, owner_id: str, id_or_short_name: str) -> Model:
    """Return a model that the application owns; 404 also for one that it may only use."""
    row = require_visible(session, owner_id, id_or_short_name)
    if row.application_id == owner_id:
        return row
    advice = "The application may use it but does not own it."
    raise unknown("model", id_or_short_name, advice, "model_id")


def check_exists(session: Session, owner_id: str | None, id_or_short_name: str) -> None:
    """Refuse with 404 a model that does not exist or that the application may not use."""
    if owner_id is not None:
        require_visible(session, owner_id, id_or_short_name)
    elif not _exists(session, id_or_short_name):
        advice = "List the models to see which there are."
        raise unknown("model", id_or_short_name, advice, "model_id")


def _visible_to(owner_id: str) -> listing.Condition:
    permission = select(ModelPermission.model_id).where(ModelPermission.application_id == owner_id)
    return or_(
        Model.application_id == owner_id, Model.allow_all_applications, Model.id.in_(permission)
    )


def _named(id_or_short_name: str) -> listing.Condition:
    return or_(Model.id == id_or_short_name, Model.short_name == id_or_short_name)


def _exists(session: Session, id_or_short_name: str) -> bool:
    return session.scalar(select(Model.id).where(_named(id_or_short_name))) is not None


def _advice(session: Session, owner_id: str, name: str) -> str:
    """Return what to use instead of a name that is neither an id nor a short name."""
    visible = _visible_to(owner_id)
    matches = session.scalars(select(Model).where(Model.name == name, visible).limit(2)).all()
    if not matches:
        short_names = session.scalars(select(Model.short_name).where(visible))
        similar = meant(name, filter(None, short_names))
        return f"{similar}List the models to see which there are."
    if len(matches) > 1:
        return "Several models have this name, so it does not identify one. Use an id."
    match = matches[0]
    which = f"short name {match.short_name!r}" if match.short_name else f"id {match.id!r}"
    return f"It is a model's name, which does not identify it. Use its {which}."
