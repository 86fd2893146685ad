"""The worker pool: who is idle, what the others run, and who is to end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leia_nb.enums import JobStatus, JobType
from leia_nb.service.dispatch.worker_slots import WorkerSlot
from leia_nb.service.worker.tasks import PredictTask, Task

IDLE = "IDLE"


class WorkerPool:
    """All worker slots of a dispatcher, and the stages that they have reported."""

    def __init__(self, slots: Sequence[WorkerSlot] = ()) -> None:
        self._slots = tuple(slots)
        self._stages: dict[str, list[str]] = {}

    def __iter__(self) -> Iterator[WorkerSlot]:
        return iter(self._slots)

    @property
    def leases(self) -> dict[str, int]:
        """The attempts that are running, by job id."""
        return {slot.task.job_id: slot.task.attempt for slot in self if slot.task is not None}

    @property
    def idle(self) -> list[WorkerSlot]:
        """The slots that can take a task."""
        return [slot for slot in self if slot.task is None and not slot.is_retiring]

    def warm(self) -> None:
        """Start one process, so that the first job need not wait for it."""
        for slot in self._slots[:1]:
            slot.warm()

    def collect_stage(self, slot: WorkerSlot) -> JobStatus | None:
        """Read a worker's updates; return the stage of its task if that has changed."""
        task = slot.task
        stages = [
            JobStatus(update.stage)
            for update in slot.updates()
            if task is not None
            and update.stage is not None
            and (update.job_id, update.attempt) == (task.job_id, task.attempt)
        ]
        if task is None or not stages:
            return None
        self._stages.setdefault(task.job_id, []).extend(map(str, stages))
        return stages[-1]

    def pop_stages(self, task: Task) -> tuple[str, ...]:
        """Return the stages of a task that has ended, and forget them."""
        return tuple(self._stages.pop(task.job_id, ()))

    def states(self) -> list[tuple[JobType | None, str]]:
        """Return job type and status, or None and ``"IDLE"``, of each living process."""
        return [self._state(slot) for slot in self if slot.is_alive]

    def retire_one(self, job_type: str) -> bool:
        """Choose a process to end: one with such a job, else an idle one, else any.

        Returns False if every living process is to end already.
        """
        candidates = [slot for slot in self if slot.is_alive and not slot.is_retiring]
        if not candidates:
            return False
        types = {slot: self._state(slot)[0] for slot in candidates}
        chosen = max(candidates, key=lambda slot: (types[slot] == job_type, types[slot] is None))
        chosen.is_retiring = True
        return True

    def end_retired(self) -> None:
        """End the processes that are to end and have no task any more."""
        for slot in self:
            if slot.is_retiring and slot.task is None:
                slot.retire()

    def _state(self, slot: WorkerSlot) -> tuple[JobType | None, str]:
        task = slot.task
        if task is None:
            return None, IDLE
        stages = self._stages.get(task.job_id) or [str(JobStatus.STARTING)]
        return task.job_type, stages[-1]


def best_slot(idle: Sequence[WorkerSlot], task: Task) -> WorkerSlot:
    """Return the idle slot with the task's model loaded, else one that runs, else any."""
    model_id = task.model_id if isinstance(task, PredictTask) else None
    return max(
        idle, key=lambda slot: (model_id in slot.models, slot.pid is not None, -len(slot.models))
    )
