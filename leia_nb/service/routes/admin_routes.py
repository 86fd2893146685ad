"""Routes that exist twice: a plain call, and an admin call for any application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Depends

from leia_nb.service.routes import context
from leia_nb.service.schemas.responses import errors

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])
_ADMITS = {
    "application_id": context.admin_for_application,
    "submitter_id": context.admin_for_submitter,
}


def router(tag: str, admits: Callable[..., None], prefix: str = "", *statuses: int) -> APIRouter:
    """Return a router whose calls need a login that `admits` accepts."""
    return APIRouter(
        prefix=prefix,
        tags=[tag],
        dependencies=[Depends(admits)],
        responses=errors(401, *statuses),
    )


class ScopedRoutes:
    """The routes of one resource: plain calls, and admin calls for one or all applications.

    `owner` is the path parameter with which an admin call names the application.
    """

    def __init__(self, tag: str, owner: str = "application_id") -> None:
        admin_tag = f"{tag} (admin)"
        self.plain = router(tag, context.plain)
        self.admin = router(admin_tag, _ADMITS[owner], f"/admin/{{{owner}}}", 404)
        self.admin_all = router(admin_tag, context.admin, "/admin")

    @property
    def routers(self) -> list[APIRouter]:
        """All three, those with fixed paths first."""
        return [self.admin_all, self.plain, self.admin]

    def both(
        self, method: str, path: str, *plain_statuses: int, **options: Any
    ) -> Callable[[_Endpoint], _Endpoint]:
        """Register an endpoint as a plain call and as an admin call, ``admin_`` + its name.

        Only the plain call refuses with `plain_statuses`.
        """
        plain = options | {"responses": options["responses"] | errors(*plain_statuses)}

        def register(endpoint: _Endpoint) -> _Endpoint:
            name = endpoint.__name__
            self.plain.add_api_route(path, endpoint, methods=[method], name=name, **plain)
            self.admin.add_api_route(
                path, endpoint, methods=[method], name=f"admin_{name}", **options
            )
            return endpoint

        return register
