"""The thread that gives jobs to workers and commits their results."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from leia_nb.enums import JobStatus, JobType
from leia_nb.service.dispatch import task_results
from leia_nb.service.dispatch.job_documents import CannotStart
from leia_nb.service.dispatch.tasks import prepare
from leia_nb.service.dispatch.webhooks import WebhookSender
from leia_nb.service.dispatch.worker_slots import WorkerDied, WorkerSlot
from leia_nb.service.queue import chains, conditionals, leases, recovery
from leia_nb.service.settings import LOG, Settings
from leia_nb.service.storage import document_changes
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Job
from leia_nb.service.worker.tasks import PredictTask, Task, TaskResult

IDLE_SECONDS = 1.0
HEARTBEAT_SECONDS = 10.0
EXPIRY_SECONDS = 15.0
_RETRY_SECONDS = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempt:
    """One attempt at a job that has ended."""

    job_id: str
    attempt: int
    pid: int | None
    stages: tuple[str, ...]  # as the worker reported them
    status: str | None  # how the job ended; None if another attempt follows
    seconds: float


class Dispatcher:
    """Runs the jobs of one data folder in worker processes; without workers they stay READY.

    `instance` is the name of this start of the service. `attempts` are the last thousand that
    ended, for tests and for finding faults.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        blobs: Blobs,
        instance: str,
        *,
        webhooks: WebhookSender | None = None,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self.attempts: deque[Attempt] = deque(maxlen=1000)
        self._settings = settings
        self._database = database
        self._blobs = blobs
        self._instance = instance
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._webhooks = webhooks or WebhookSender(database, self.wake)
        self._heartbeat_seconds = heartbeat_seconds
        self._failures: list[tuple[str, int, str]] = []  # not yet in the database
        self._slots: tuple[WorkerSlot, ...] = ()
        self._next_heartbeat = self._next_expiry = 0.0
        self._callbacks_pending = False
        self._thread = threading.Thread(target=self._loop, name="dispatcher", daemon=True)

    def start(self) -> None:
        """Recover the jobs of an earlier service, and begin; one worker starts at once."""
        shutil.rmtree(self._settings.work, ignore_errors=True)
        self._settings.work.mkdir(parents=True, exist_ok=True)
        if recovered := recovery.recover(self._database, self._instance):
            _log.warning("recovered %d jobs of an earlier service", recovered)
        self._slots = tuple(WorkerSlot(self.wake) for _ in range(self._settings.workers))
        self._thread.start()

    def stop(self) -> None:
        """Stop the workers; their jobs become READY, for the next start."""
        self._stopping.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join()
        self._webhooks.stop()
        self._collect()
        active = self._leases
        for slot in self._slots:
            slot.close()
        for job_id, attempt in active.items():
            recovery.requeue(self._database, job_id, attempt, died=False)
        shutil.rmtree(self._settings.work, ignore_errors=True)

    def wake(self) -> None:
        """Make the dispatcher look for work now; can be called from any thread."""
        self._wake.set()

    @property
    def busy(self) -> bool:
        """Whether a job can run or runs, or a callback is still to be delivered."""
        return self._callbacks_pending or chains.has_work(self._database)

    @property
    def is_alive(self) -> bool:
        """Whether the dispatcher's thread is running."""
        return self._thread.is_alive()

    def workers(self) -> list[tuple[JobType | None, str]]:
        """Return job type and status of each worker process; None and ``"IDLE"`` without a job."""
        return [slot.state for slot in self._slots if slot.is_alive]

    def stop_worker(self, job_type: str) -> bool:
        """End one worker process after its job: one with this type of job, or idle, if possible.

        Another one starts as soon as there is a job for it. Returns False if every process
        is to end already.
        """
        candidates = [slot for slot in self._slots if slot.is_alive and not slot.is_retiring]
        if candidates:
            types = {slot: slot.state[0] for slot in candidates}
            best = max(candidates, key=lambda slot: (types[slot] == job_type, types[slot] is None))
            best.is_retiring = True
        self.wake()
        return bool(candidates)

    @property
    def _leases(self) -> dict[str, int]:
        """The attempts that are running, by job id."""
        return {slot.task.job_id: slot.task.attempt for slot in self._slots if slot.task}

    def _loop(self) -> None:
        for slot in self._slots[:1]:
            slot.warm()  # so that the first job need not wait for a process
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self._run_once()
            except Exception:
                _log.exception("dispatcher error; retrying in %g s", _RETRY_SECONDS)
                self._stopping.wait(_RETRY_SECONDS)
            self._wake.wait(IDLE_SECONDS)

    def _run_once(self) -> None:
        self._collect()
        self._stop_workers()
        self._release_waiting()
        self._assign()
        self._callbacks_pending = self._webhooks.send_due()
        self._housekeep()

    def _release_waiting(self) -> None:
        """Advance the jobs that wait for others, and conditional jobs."""
        while (
            chains.release_waiting(self._database)
            + conditionals.open_conditionals(self._database)
            + conditionals.close_conditionals(self._database)
        ):
            pass

    def _collect(self) -> None:
        for slot in self._slots:
            is_done, task = slot.is_done, slot.task
            stage = slot.new_stage()
            if task is None:
                continue
            if is_done:
                self._finish(slot, task)
            elif stage is not None:
                leases.advance(self._database, task.job_id, task.attempt, stage)

    def _finish(self, slot: WorkerSlot, task: Task) -> None:
        pid = slot.pid
        status = None
        try:
            result = slot.take_result()
        except WorkerDied:
            if recovery.requeue(self._database, task.job_id, task.attempt):
                _log.warning("the worker of job %s died (attempt %d)", task.job_id, task.attempt)
        else:
            status = self._commit(task, result)
        finally:
            shutil.rmtree(task.folder, ignore_errors=True)
        seconds = time.monotonic() - slot.started
        stages = tuple(slot.stages)
        self.attempts.append(Attempt(task.job_id, task.attempt, pid, stages, status, seconds))
        _log.info("job %s, attempt %d: %s in %.2f s", task.job_id, task.attempt, status, seconds)
        self.wake()

    def _commit(self, task: Task, result: TaskResult) -> str | None:
        if result.traceback:
            _log.error("job %s failed:\n%s", task.job_id, result.traceback)
        try:
            job_result = task_results.commit(self._database, self._blobs, task, result)
        except Exception:
            _log.exception("cannot store the result of job %s", task.job_id)
            reason = f"The result could not be stored. See {LOG}, then try again."
            self._fail(task.job_id, task.attempt, reason)
            return str(JobStatus.FAILED)
        return None if job_result is None else str(job_result.status)

    def _stop_workers(self) -> None:
        """Stop the workers whose lease is lost, and end the idle ones that are retiring."""
        active = self._leases
        lost = leases.lost_leases(self._database, active) if active else set()
        for slot in self._slots:
            if slot.task is None:
                if slot.is_retiring:
                    slot.retire()
            elif slot.task.job_id in lost and not slot.is_done:
                slot.stop()

    def _assign(self) -> None:
        while idle := [s for s in self._slots if s.task is None and not s.is_retiring]:
            job = leases.claim(self._database, self._instance)
            if job is None:
                return
            task = self._prepare(job)
            if task is not None:
                _best_slot(idle, task).submit(task)

    def _prepare(self, job: Job) -> Task | None:
        folder = self._settings.work / f"{job.id}.{job.attempt}"
        before = (job.document_ids, job.request)
        try:
            with self._database.read() as session:
                task = prepare(session, self._blobs, folder, job)
        except CannotStart as error:
            reason = str(error)
        except Exception:
            _log.exception("cannot start job %s", job.id)
            reason = f"The job could not be started. See {LOG}, then try again."
        else:
            if (job.document_ids, job.request) != before:
                changes = {"document_ids": job.document_ids, "request": job.request}
                starting = JobStatus.STARTING
                leases.advance(self._database, job.id, job.attempt, starting, changes)
            return task
        self._fail(job.id, job.attempt, reason)
        self.wake()
        return None

    def _housekeep(self) -> None:
        clock = time.monotonic()
        if clock >= self._next_heartbeat:
            self._next_heartbeat = clock + self._heartbeat_seconds
            self._record_failures()
            self._renew_leases()
        if clock >= self._next_expiry:
            self._next_expiry = clock + EXPIRY_SECONDS
            delete_expired(self._database, self._blobs)

    def _renew_leases(self) -> None:
        active = self._leases
        if active:
            leases.heartbeat(self._database, active)
        if dropped := recovery.recover_dropped(self._database, self._instance, active):
            _log.warning("recovered %d jobs that no worker runs", dropped)
        recovery.recover_stalled(self._database)

    def _fail(self, job_id: str, attempt: int, reason: str) -> None:
        """End a job as FAILED, at the latest when the database can be written again."""
        self._failures.append((job_id, attempt, reason))
        self._record_failures()

    def _record_failures(self) -> None:
        for failure in list(self._failures):
            task_results.fail(self._database, *failure)
            self._failures.remove(failure)


def _best_slot(idle: Sequence[WorkerSlot], task: Task) -> WorkerSlot:
    """Return the idle slot with the task's model loaded, else one that runs, else any."""
    model_id = task.model_id if isinstance(task, PredictTask) else None
    return max(
        idle, key=lambda slot: (model_id in slot.models, slot.pid is not None, -len(slot.models))
    )


def delete_expired(database: Database, blobs: Blobs) -> int:
    """Delete the expired documents and everything made from them; return how many."""
    with database.read() as session:
        if not document_changes.has_expired(session):
            return 0
    with database.write() as session:
        return len(document_changes.delete_expired(session, blobs))
