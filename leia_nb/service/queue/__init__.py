"""The queue of jobs: rows that are submitted, claimed, moved on and finished.

Every claim raises a job's `attempt`, and whoever moves or finishes a job names the
attempt it holds: a worker that was given up on can no longer change anything.
"""

from __future__ import annotations

from leia_nb.service.queue.asked import CALLBACK_DONE, cancel, start, submit
from leia_nb.service.queue.chains import has_work, release_waiting
from leia_nb.service.queue.held import Outcome, advance, claim, finish, heartbeat, unheld
from leia_nb.service.queue.lost import (
    MAX_DEATHS,
    recover,
    recover_dropped,
    recover_stalled,
    requeue,
)

__all__ = [
    "CALLBACK_DONE",
    "MAX_DEATHS",
    "Outcome",
    "advance",
    "cancel",
    "claim",
    "finish",
    "has_work",
    "heartbeat",
    "recover",
    "recover_dropped",
    "recover_stalled",
    "release_waiting",
    "requeue",
    "start",
    "submit",
    "unheld",
]
