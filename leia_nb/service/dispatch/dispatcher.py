"""The thread that gives jobs to workers and commits what they answer."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections import deque
from dataclasses import dataclass

from leia_nb.enums import JobStatus, JobType
from leia_nb.service import queue
from leia_nb.service.dispatch import housekeeping, task_results
from leia_nb.service.dispatch.job_documents import CannotStart
from leia_nb.service.dispatch.tasks import prepare
from leia_nb.service.dispatch.webhooks import WebhookSender
from leia_nb.service.dispatch.worker_pool import WorkerPool, best
from leia_nb.service.dispatch.worker_slots import WorkerDied, WorkerSlot
from leia_nb.service.settings import LOG, Settings
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.tables import Job
from leia_nb.service.worker import Task, TaskResult

IDLE_SECONDS = 1.0
HEARTBEAT_SECONDS = 10.0
EXPIRY_SECONDS = 15.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trace:
    """What became of one attempt at a job.

    Parameters
    ----------
    job_id : str
        The job.
    attempt : int
        Which attempt.
    pid : int or None
        The worker process.
    stages : tuple of str
        The stages that the worker reported, in their order.
    status : str or None
        How the job ended; None if it did not, with this attempt.
    seconds : float
        How long the attempt took.
    """

    job_id: str
    attempt: int
    pid: int | None
    stages: tuple[str, ...]
    status: str | None
    seconds: float


class Dispatcher:
    """Runs the jobs of one data folder in worker processes.

    Parameters
    ----------
    settings : Settings
        How many workers, and where their work folders are. Without workers the jobs
        stay READY.
    database : Database
        Where the jobs are.
    blobs : Blobs
        Where the documents' and models' files are.
    instance : str
        The name of this service instance, new at every start.
    courier : WebhookSender or None
        Who delivers callbacks; by default one with the usual delays.
    heartbeat_seconds : float
        Seconds between the signs of life of the jobs that run.

    Attributes
    ----------
    journal : collections.deque of Trace
        The last thousand attempts that ended, for tests and for finding faults.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        blobs: Blobs,
        instance: str,
        *,
        courier: WebhookSender | None = None,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self.journal: deque[Trace] = deque(maxlen=1000)
        self._settings = settings
        self._database = database
        self._blobs = blobs
        self._instance = instance
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._courier = courier or WebhookSender(database, self.wake)
        self._heartbeat_seconds = heartbeat_seconds
        self._unkept: list[tuple[str, int, str]] = []
        self._crew = WorkerPool()
        self._began: dict[str, float] = {}
        self._next_heartbeat = self._next_expiry = 0.0
        self._callbacks_pending = False
        self._thread = threading.Thread(target=self._loop, name="dispatcher", daemon=True)

    def start(self) -> None:
        """Clear what an earlier service left, take its jobs up again, and begin.

        One worker starts in the background, so that the first job need not wait for it.
        """
        housekeeping.clear_work(self._settings.work)
        lost = queue.recover(self._database, self._instance)
        if lost:
            _log.warning("%d jobs of an earlier service are taken up again", lost)
        self._crew = WorkerPool([WorkerSlot(self.wake) for _ in range(self._settings.workers)])
        self._thread.start()

    def stop(self) -> None:
        """Stop the workers; the jobs they run are given back, for the next start."""
        self._stopping.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join()
        self._courier.stop()
        self._collect()
        held = self._crew.held
        for slot in self._crew:
            slot.close()
        for job_id, attempt in held.items():
            queue.requeue(self._database, job_id, attempt, died=False)
        shutil.rmtree(self._settings.work, ignore_errors=True)

    def wake(self) -> None:
        """Say that there may be something to do; from any thread."""
        self._wake.set()

    @property
    def busy(self) -> bool:
        """Whether a job can run or runs, or a callback is still to be delivered."""
        return self._callbacks_pending or queue.has_work(self._database)

    @property
    def is_alive(self) -> bool:
        """Whether the thread that runs the jobs does."""
        return self._thread.is_alive()

    def workers(self) -> list[tuple[JobType | None, str]]:
        """Tell what the worker processes that live are doing.

        Returns
        -------
        list of (JobType or None, str)
            One entry per process: the type of job that it does and the `JobStatus` that
            this has reached; None and ``"IDLE"`` if it does none.
        """
        return self._crew.doing()

    def stop_worker(self, job_type: str) -> bool:
        """End one worker process, after the job that it does.

        One that does a job of this type is ended first, else an idle one. Another takes
        its place as soon as there is a job for it.

        Parameters
        ----------
        job_type : str
            A `JobType` wire value; every process does all of them.

        Returns
        -------
        bool
            False if no process lives that is not to end already.
        """
        stopped = self._crew.retire_one(job_type)
        self.wake()
        return stopped

    def _loop(self) -> None:
        self._crew.warm()
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self._turn()
            except Exception:
                _log.exception("the dispatcher has trouble and goes on in a second")
                self._stopping.wait(1.0)
            self._wake.wait(IDLE_SECONDS)

    def _turn(self) -> None:
        self._collect()
        self._stop_unheld()
        self._crew.let_go()
        self._move_on()
        self._fill()
        self._callbacks_pending = self._courier.turn()
        self._keep_house()

    def _move_on(self) -> None:
        """Move on the jobs that wait for others, and those that consist of others."""
        while (
            queue.release_waiting(self._database)
            + queue.open_conditionals(self._database)
            + queue.close_conditionals(self._database)
        ):
            pass

    def _collect(self) -> None:
        for slot in self._crew:
            done, order = slot.is_done, slot.order
            stage = self._crew.hear(slot)
            if order is None:
                continue
            if done:
                self._take(slot, order)
            elif stage is not None:
                queue.advance(self._database, order.job_id, order.attempt, stage)

    def _take(self, slot: WorkerSlot, order: Task) -> None:
        pid = slot.pid
        try:
            answer = slot.take()
        except WorkerDied:
            status = self._bury(order)
        else:
            status = self._commit(order, answer)
        finally:
            shutil.rmtree(order.folder, ignore_errors=True)
        self._note(order, pid, status)
        self.wake()

    def _bury(self, order: Task) -> str | None:
        if queue.requeue(self._database, order.job_id, order.attempt):
            _log.warning("the worker of job %s died (attempt %d)", order.job_id, order.attempt)
        return None

    def _commit(self, order: Task, answer: TaskResult) -> str | None:
        if answer.trouble:
            _log.error("job %s broke:\n%s", order.job_id, answer.trouble)
        try:
            outcome = task_results.commit(self._database, self._blobs, order, answer)
        except Exception:
            _log.exception("the result of job %s cannot be kept", order.job_id)
            reason = f"The result could not be kept. See {LOG}, then try again."
            self._fail(order.job_id, order.attempt, reason)
            return str(JobStatus.FAILED)
        return None if outcome is None else str(outcome.status)

    def _note(self, order: Task, pid: int | None, status: str | None) -> None:
        stages = self._crew.stages(order)
        seconds = time.monotonic() - self._began.pop(order.job_id, time.monotonic())
        self.journal.append(Trace(order.job_id, order.attempt, pid, stages, status, seconds))
        _log.info("job %s, attempt %d: %s in %.2f s", order.job_id, order.attempt, status, seconds)

    def _stop_unheld(self) -> None:
        held = self._crew.held
        lost = queue.unheld(self._database, held) if held else set()
        for slot in self._crew:
            if slot.order is not None and slot.order.job_id in lost and not slot.is_done:
                slot.stop()

    def _fill(self) -> None:
        while idle := self._crew.idle:
            job = queue.claim(self._database, self._instance)
            if job is None:
                return
            order = self._prepare(job)
            if order is not None:
                self._began[order.job_id] = time.monotonic()
                best(idle, order).submit(order)

    def _prepare(self, job: Job) -> Task | None:
        folder = self._settings.work / f"{job.id}.{job.attempt}"
        before = (job.document_ids, job.request)
        try:
            with self._database.read() as session:
                order = prepare(session, self._blobs, folder, job)
        except CannotStart as told:
            reason = str(told)
        except Exception:
            _log.exception("job %s cannot be started", job.id)
            reason = f"The job could not be started. See {LOG}, then try again."
        else:
            if (job.document_ids, job.request) != before:
                changes = {"document_ids": job.document_ids, "request": job.request}
                starting = JobStatus.STARTING
                queue.advance(self._database, job.id, job.attempt, starting, changes)
            return order
        self._fail(job.id, job.attempt, reason)
        self.wake()
        return None

    def _keep_house(self) -> None:
        clock = time.monotonic()
        if clock >= self._next_heartbeat:
            self._next_heartbeat = clock + self._heartbeat_seconds
            self._end_unkept()
            self._renew(self._crew.held)
        if clock >= self._next_expiry:
            self._next_expiry = clock + EXPIRY_SECONDS
            housekeeping.delete_expired(self._database, self._blobs)

    def _renew(self, held: dict[str, int]) -> None:
        if held:
            queue.heartbeat(self._database, held)
        if queue.recover_dropped(self._database, self._instance, held):
            _log.warning("jobs that no worker holds any more are taken up again")
        queue.recover_stalled(self._database)

    def _fail(self, job_id: str, attempt: int, reason: str) -> None:
        """End a job as FAILED, as soon as the database can be told of it."""
        self._unkept.append((job_id, attempt, reason))
        self._end_unkept()

    def _end_unkept(self) -> None:
        """Say at last how the jobs ended of which the database could not be told."""
        for unkept in list(self._unkept):
            task_results.fail(self._database, *unkept)
            self._unkept.remove(unkept)
