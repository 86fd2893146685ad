"""What the tests of the service's inside share: a data folder, a dispatcher, trainers."""

import hashlib
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from leia_nb.service.dispatch import Dispatcher
from leia_nb.service.queue import commands, job_states
from leia_nb.service.settings import Settings
from leia_nb.service.storage import tables
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Database
from leia_nb.service.trainers import registry

TRAINERS = Path(__file__).parents[2] / "trainers"
APPLICATION = "a" * 24
_LIMIT = 240.0  # seconds; below pytest's own, which names no condition


def until(condition, what):
    """Wait until a condition holds; the limit only ends a test that hangs."""
    limit = time.monotonic() + _LIMIT
    while not (value := condition()):
        assert time.monotonic() < limit, f"timed out: {what}"
        time.sleep(0.005)
    return value


@pytest.fixture
def wait_until():
    return until


def _forget_trainers():
    registry._entries.cache_clear()
    registry.trainer.cache_clear()


@pytest.fixture
def trainers(monkeypatch):
    """Make the trainers of `tests/trainers` known, as an installed package would be."""
    monkeypatch.syspath_prepend(TRAINERS)
    _forget_trainers()
    yield
    _forget_trainers()


class Bench:
    """A data folder with one application, and what tests do with it."""

    def __init__(self, folder):
        self.settings = Settings(folder, workers=2)
        self.database = Database(self.settings.database)
        self.blobs = Blobs(self.settings.blobs)
        self.dispatcher = None
        self._instances = 0
        with self.database.write() as session:
            session.add(
                tables.Application(
                    id=APPLICATION,
                    application_type="admin",
                    email="a@example.com",
                    first_name="A",
                    last_name="B",
                    api_key_hash="0" * 64,
                )
            )

    def run(self, **options):
        self._instances += 1
        name = f"instance-{self._instances}"
        self.dispatcher = Dispatcher(self.settings, self.database, self.blobs, name, **options)
        self.dispatcher.start()
        return self.dispatcher

    def close(self):
        if self.dispatcher is not None:
            self.dispatcher.stop()
        self.database.close()

    def document(self, data, *, tags=(), category=None, mime_type="image/png", **columns):
        columns.setdefault("filename", "thing.png")
        row = tables.Document(
            id=tables.new_id(),
            application_id=APPLICATION,
            mime_type=mime_type,
            md5sum=hashlib.md5(data, usedforsecurity=False).hexdigest(),
            size=len(data),
            tag_rows=[tables.DocumentTag(tag=tag) for tag in tags],
            **columns,
        )
        self.blobs.path(row.id).write_bytes(data)
        with self.database.write() as session:
            session.add(row)
            session.flush()
            if category is not None:
                self._annotate(session, row.id, category)
        return row.id

    def digits(self, number, tag="train"):
        return [
            self.document(data, tags=[tag], category=label, filename=f"{i}.png")
            for i, (data, label) in enumerate(_digits(number))
        ]

    def submit(self, **columns):
        blocked = columns.pop("block_processing", False)
        columns.setdefault("document_ids", [])
        columns.setdefault("request", {})
        columns.setdefault("job_type", "predict")
        job = tables.Job(application_id=APPLICATION, submitter_id=APPLICATION, **columns)
        commands.submit(self.database, job, block_processing=blocked)
        self.wake()
        return job.id

    def train(self, module="image_classifier", tag="train", *, execute_after_id=None, **asked):
        request = {"model_module": module, "documents_tag": tag, **asked}
        return self.submit(job_type="train", request=request, execute_after_id=execute_after_id)

    def apply(self, model_id, document_ids, *, execute_after_id=None, blocked=False, **asked):
        return self.submit(
            model_id=model_id,
            document_ids=document_ids,
            execute_after_id=execute_after_id,
            block_processing=blocked,
            request=asked,
        )

    def cancel(self, job_id):
        canceled = commands.cancel(self.database, job_id)
        self.wake()
        return canceled

    def wake(self):
        if self.dispatcher is not None:
            self.dispatcher.wake()

    def job(self, job_id):
        with self.database.read() as session:
            return session.get(tables.Job, job_id)

    def over(self, job_id):
        over = lambda: (job := self.job(job_id)).status in job_states.FINISHED and job  # noqa: E731
        return until(over, f"{job_id} is over")

    def processed(self, job_id):
        job = self.over(job_id)
        assert job.status == "PROCESSED", job.reason
        return job

    def traces(self, job_id):
        """Wait until the job's attempt is written down, then return all of them."""
        found = lambda: [t for t in self.dispatcher.attempts if t.job_id == job_id]  # noqa: E731
        return until(found, f"{job_id} has ended")

    def _annotate(self, session, document_id, category):
        session.add(
            tables.Annotation(
                application_id=APPLICATION,
                document_id=document_id,
                annotation_type="TYPING",
                prediction={"category": category},
            )
        )


def _digits(number):
    import io

    from sklearn.datasets import load_digits

    data = load_digits()
    for pixels, label in zip(data.images[:number], data.target[:number], strict=True):
        buffer = io.BytesIO()
        Image.fromarray((pixels * 255 / 16).round().astype(np.uint8)).save(buffer, "PNG")
        yield buffer.getvalue(), str(label)


@pytest.fixture(scope="session")
def new_bench():
    """Make a data folder, for fixtures that live longer than one test."""
    return Bench


@pytest.fixture
def bench(tmp_path):
    (tmp_path / "data").mkdir()
    made = Bench(tmp_path / "data")
    yield made
    made.close()
