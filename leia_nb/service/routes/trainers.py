"""The list of trainers and transforms, which LEIA's API does not have."""

from __future__ import annotations

from fastapi import Response
from fastapi.responses import JSONResponse

from leia_nb.service import trainers, transforms
from leia_nb.service.routes import context
from leia_nb.service.routes.admin_routes import router as new_router
from leia_nb.service.schemas.objects import Trainers
from leia_nb.service.schemas.responses import returns

router = new_router("trainers", context.plain)


@router.get("/trainers", **returns(Trainers))
def get_trainers() -> Response:
    """List the trainers and transforms with their parameters as JSON Schemas.

    This operation is not part of LEIA's API; only the embedded service has it.
    """
    loaded = (trainers.trainer(name) for name in trainers.names())
    return JSONResponse(
        {
            "trainers": [trainer.describe() for trainer in loaded if trainer],
            "transforms": transforms.describe(),
        }
    )
