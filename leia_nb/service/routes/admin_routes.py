"""Routes that exist twice: a plain call, and its admin twin for any application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Depends

from leia_nb.service.routes import context

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


class RoutePair:
    """The routes of one resource, plain and admin.

    Parameters
    ----------
    tag : str
        What the resource is called in the API's description.
    owner : str
        The path parameter by which an admin call names whom it acts for:
        ``"application_id"`` or ``"submitter_id"``.

    Attributes
    ----------
    plain : fastapi.APIRouter
        Plain calls.
    admin : fastapi.APIRouter
        Admin calls under ``/admin/{owner}``.
    admin_all : fastapi.APIRouter
        Admin calls under ``/admin``, over all applications.
    """

    def __init__(self, tag: str, owner: str = "application_id") -> None:
        admits = {
            "application_id": context.admin_for_application,
            "submitter_id": context.admin_for_submitter,
        }[owner]
        admin_tag = f"{tag} (admin)"
        self.plain = APIRouter(tags=[tag], dependencies=[Depends(context.plain)])
        self.admin = APIRouter(
            prefix=f"/admin/{{{owner}}}", tags=[admin_tag], dependencies=[Depends(admits)]
        )
        self.admin_all = APIRouter(
            prefix="/admin", tags=[admin_tag], dependencies=[Depends(context.admin)]
        )

    @property
    def routers(self) -> list[APIRouter]:
        """All three, those with fixed paths first."""
        return [self.admin_all, self.plain, self.admin]

    def both(
        self, method: str, path: str, operation: str, **options: Any
    ) -> Callable[[_Endpoint], _Endpoint]:
        """Register an endpoint as a plain call and as its admin twin.

        Parameters
        ----------
        method : str
            The HTTP method.
        path : str
            The plain path.
        operation : str
            The plain call's LEIA name; the twin's has ``admin_`` in front.
        **options
            As for `fastapi.APIRouter.add_api_route`.
        """

        def register(endpoint: _Endpoint) -> _Endpoint:
            for router, name in ((self.plain, operation), (self.admin, f"admin_{operation}")):
                router.add_api_route(
                    path, endpoint, methods=[method], operation_id=name, name=name, **options
                )
            return endpoint

        return register
