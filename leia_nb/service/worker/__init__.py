"""What runs in a worker process: loading models, applying them, training.

The process is spawned, never forked; it ends by itself when the service ends.
"""

from __future__ import annotations

from leia_nb.service.worker.orders import Answer, Order, PredictOrder, Report, TrainOrder
from leia_nb.service.worker.process import initialize, warm
from leia_nb.service.worker.work import run

__all__ = [
    "Answer",
    "Order",
    "PredictOrder",
    "Report",
    "TrainOrder",
    "initialize",
    "run",
    "warm",
]
