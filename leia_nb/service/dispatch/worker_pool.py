"""The workers of a dispatcher: who is idle, what the others do, and who is to end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leia_nb.enums import JobStatus, JobType
from leia_nb.service.dispatch.worker_slots import WorkerSlot
from leia_nb.service.worker import PredictTask, Task

IDLE = "IDLE"


class WorkerPool:
    """All slots of a dispatcher, and the stages that they have reported.

    Parameters
    ----------
    slots : sequence of Slot
        The workers.
    """

    def __init__(self, slots: Sequence[WorkerSlot] = ()) -> None:
        self._slots = tuple(slots)
        self._stages: dict[str, list[str]] = {}

    def __iter__(self) -> Iterator[WorkerSlot]:
        return iter(self._slots)

    @property
    def held(self) -> dict[str, int]:
        """The ids and attempts of the jobs that are worked on."""
        return {slot.order.job_id: slot.order.attempt for slot in self if slot.order is not None}

    @property
    def idle(self) -> list[WorkerSlot]:
        """Those that can be given an order."""
        return [slot for slot in self if slot.order is None and not slot.is_retiring]

    def warm(self) -> None:
        """Start one process, so that the first job need not wait for it."""
        for slot in self._slots[:1]:
            slot.warm()

    def hear(self, slot: WorkerSlot) -> JobStatus | None:
        """Note what a worker has reported since the last call; return the stage it is in now."""
        order = slot.order
        said = [
            JobStatus(report.stage)
            for report in slot.reports()
            if order is not None
            and report.stage is not None
            and (report.job_id, report.attempt) == (order.job_id, order.attempt)
        ]
        if order is None or not said:
            return None
        self._stages.setdefault(order.job_id, []).extend(str(stage) for stage in said)
        return said[-1]

    def stages(self, order: Task) -> tuple[str, ...]:
        """Return the stages reported of an order that is over, and forget them."""
        return tuple(self._stages.pop(order.job_id, ()))

    def doing(self) -> list[tuple[JobType | None, str]]:
        """Return the type of job and its status, or None and ``"IDLE"``, per living process."""
        return [self._doing(slot) for slot in self if slot.is_alive]

    def retire_one(self, job_type: str) -> bool:
        """Choose a process to end: one with such a job, else an idle one, else any.

        Returns
        -------
        bool
            False if no process lives that is not to end already.
        """
        alive = [slot for slot in self if slot.is_alive and not slot.is_retiring]
        if not alive:
            return False
        types = {slot: self._doing(slot)[0] for slot in alive}
        chosen = max(alive, key=lambda slot: (types[slot] == job_type, types[slot] is None))
        chosen.is_retiring = True
        return True

    def let_go(self) -> None:
        """End the processes that are to end and have no job any more."""
        for slot in self:
            if slot.is_retiring and slot.order is None:
                slot.retire()

    def _doing(self, slot: WorkerSlot) -> tuple[JobType | None, str]:
        order = slot.order
        if order is None:
            return None, IDLE
        stages = self._stages.get(order.job_id) or [str(JobStatus.STARTING)]
        return order.job_type, stages[-1]


def best(idle: Sequence[WorkerSlot], order: Task) -> WorkerSlot:
    """Return the slot that has the model loaded, else one that already runs, else any."""
    wanted = order.model_id if isinstance(order, PredictTask) else None
    return max(
        idle, key=lambda slot: (wanted in slot.models, slot.pid is not None, -len(slot.models))
    )
