"""What runs in a worker process: applying models, training, transforms.

The process is spawned, never forked; it ends by itself when the service ends.
"""

from __future__ import annotations

from leia_nb.service.worker.orders import (
    Answer,
    Made,
    Order,
    PredictOrder,
    Report,
    TrainOrder,
    TransformOrder,
)
from leia_nb.service.worker.process import initialize, warm
from leia_nb.service.worker.work import run

__all__ = [
    "Answer",
    "Made",
    "Order",
    "PredictOrder",
    "Report",
    "TrainOrder",
    "TransformOrder",
    "initialize",
    "run",
    "warm",
]
