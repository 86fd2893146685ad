"""The base of the resources: which of two twin operations is called, and for which owner."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import getmembers, isfunction
from typing import TYPE_CHECKING, Any, ClassVar

from leia_nb.api.operations import OPERATIONS, SORTABLE
from leia_nb.errors import Forbidden, InvalidInput, UnexpectedAnswer
from leia_nb.records import frames
from leia_nb.resources import paging
from leia_nb.resources.parameters import docs, validators
from leia_nb.resources.parameters.checks import checked
from leia_nb.resources.parameters.references import Reference, optional_id, reference

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.transport.response import Response
    from leia_nb.transport.session import Session

_OWNERS = ("application_id", "submitter_id")
_NO_FILTERS = {"self", "path", "sort", "offset", "limit", "progress", "scope"}


class Resource:
    """One kind of LEIA's objects, with its operations."""

    _kind: ClassVar[str]

    def __init_subclass__(cls, called: str | None = None) -> None:
        """Name the methods as users call them, ``leia.models.list()``; fill in their docstrings."""
        if not cls.__module__.startswith(f"{__package__}."):
            return
        for name, method in getmembers(cls, isfunction):
            if not name.startswith("_"):
                method.__qualname__ = f"{called or f'leia.{cls.__name__.lower()}'}.{name}"
                docs.fill_in(method)

    def __init__(self, session: Session) -> None:
        self._session = session

    def __repr__(self) -> str:
        return f"leia.{type(self).__name__.lower()} at {self._session.url}"

    def _call(
        self,
        name: str,
        values: Mapping[str, Any],
        *,
        owner: str | None = None,
        application_id: Any = None,
        scope: str | None = None,
        **options: Any,
    ) -> Any:
        """Call an operation, or its admin twin, and return the JSON.

        The `application_id` is the user's parameter, `owner` the object's own.
        """
        twin, filled = self._twin(
            name, values, owner=owner, application_id=application_id, scope=scope
        )
        return self._session.call(twin, filled, **options)

    def _twin(
        self,
        name: str,
        values: Mapping[str, Any],
        *,
        owner: str | None = None,
        application_id: Any = None,
        scope: str | None = None,
    ) -> tuple[str, dict[str, Any]]:
        """Return the operation to call and its parameters."""
        application_id = optional_id(application_id, "application")
        admin = self._is_admin(name, scope)
        operation = OPERATIONS[f"admin_{name}" if admin else name]
        filled = dict(values)
        placeholder = next((name for name in _OWNERS if name in operation.placeholders), None)
        if placeholder is not None:
            filled[placeholder] = application_id or owner or self._own_id()
        elif application_id is not None:
            self._check_is_own("application_id", application_id)
        for filter_name in _OWNERS:
            if filter_name in values and filter_name not in operation.query:
                given = filled.pop(filter_name)
                if given is not None:
                    self._check_is_own(filter_name, given)
        return operation.name, filled

    def _list(
        self,
        name: str,
        schema: frames.Schema,
        arguments: Mapping[str, Any],
    ) -> pd.DataFrame:
        """List with the arguments of a method: filters, `sort`, `scope` and paging."""
        filters = self._filters(arguments)
        if name in SORTABLE:
            filters["sort"] = validators.sort(arguments["sort"], SORTABLE[name]) or "creation_time"
        twin, filled = self._twin(name, filters, scope=arguments.get("scope"))

        def read_page(offset: int | None, limit: int | None) -> Response:
            parameters = {**filled, "offset": offset, "limit": limit}
            filled.pop("tag_result", None)  # the first page tags all rows
            return self._session.request(twin, parameters, empty_on_404=True)

        rows = paging.read_rows(
            read_page,
            name.removeprefix("get_"),
            progress=arguments["progress"],
            **checked(offset=arguments["offset"], limit=arguments["limit"]),
        )
        return frames.listing(rows, schema)

    def _filters(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the valid filters among the arguments of a method."""
        return checked(**{name: arguments[name] for name in arguments if name not in _NO_FILTERS})

    def _on(
        self,
        operation: str,
        value: Any,
        application_id: Any = None,
        scope: str | None = None,
        *,
        content: Any = None,
        **values: Any,
    ) -> Any:
        """Call an operation on one object of this kind and return the JSON."""
        found = reference(value, self._kind)
        return self._call(
            operation,
            {f"{self._kind}_id": found.id, **values},
            scope=scope,
            content=content,
            **owner_of(found, application_id),
        )

    def _is_admin(self, name: str, scope: str | None) -> bool:
        if scope is not None and not (isinstance(scope, str) and scope in ("admin", "plain")):
            raise validators.invalid("scope", "'admin', 'plain' or None", scope)
        if f"admin_{name}" not in OPERATIONS:
            return False
        admin = scope == "admin" if scope else self._session.application.is_admin
        if name not in OPERATIONS and not admin:
            raise Forbidden(
                f"Only admin applications may call {name} (admin_{name}). Connect with an admin's "
                "API key.",
                code="admin_only",
            )
        return admin

    def _own_id(self) -> str:
        application_id = self._session.application.id
        if application_id is None:
            raise UnexpectedAnswer(
                f"The login at {self._session.url} returned no application id. Pass application_id."
            )
        return application_id

    def _check_is_own(self, name: str, given: str) -> None:
        if given != self._own_id():
            is_admin = self._session.application.is_admin
            raise InvalidInput(
                f"{name} {given!r} is another application, which only admin calls accept. Omit it, "
                f"or {'omit scope' if is_admin else 'connect as an admin'}.",
                field=name,
            )


def owner_of(found: Reference, application_id: Any) -> dict[str, Any]:
    """Return the keyword arguments for the owner of an object."""
    return {"owner": found.application_id, "application_id": application_id}
