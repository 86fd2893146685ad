"""What runs in a worker process: applying models, training, transforms.

The process is spawned, never forked; it ends by itself when the service ends.
"""

from __future__ import annotations

from leia_nb.service.worker.process import initialize, warm
from leia_nb.service.worker.run_task import run
from leia_nb.service.worker.tasks import (
    OutputFile,
    PredictTask,
    Report,
    Task,
    TaskResult,
    TrainTask,
    TransformTask,
)

__all__ = [
    "OutputFile",
    "PredictTask",
    "Report",
    "Task",
    "TaskResult",
    "TrainTask",
    "TransformTask",
    "initialize",
    "run",
    "warm",
]
