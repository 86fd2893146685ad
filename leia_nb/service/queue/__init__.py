"""The queue of jobs: rows that are submitted, claimed, moved on and finished.

Every claim raises a job's `attempt`, and whoever moves or finishes a job names the
attempt it holds: a worker that was given up on can no longer change anything.
"""

from __future__ import annotations

from leia_nb.service.queue.chains import has_work, release_waiting
from leia_nb.service.queue.commands import CALLBACK_DONE, cancel, start, submit
from leia_nb.service.queue.conditionals import close_conditionals, open_conditionals, rule_jobs
from leia_nb.service.queue.leases import Outcome, advance, claim, finish, heartbeat, unheld
from leia_nb.service.queue.recovery import (
    MAX_DEATHS,
    MAX_SERVICE_DEATHS,
    recover,
    recover_dropped,
    recover_stalled,
    requeue,
)

__all__ = [
    "CALLBACK_DONE",
    "MAX_DEATHS",
    "MAX_SERVICE_DEATHS",
    "Outcome",
    "advance",
    "cancel",
    "claim",
    "close_conditionals",
    "finish",
    "has_work",
    "heartbeat",
    "open_conditionals",
    "recover",
    "recover_dropped",
    "recover_stalled",
    "release_waiting",
    "requeue",
    "rule_jobs",
    "start",
    "submit",
    "unheld",
]
