"""A real service process, and a plain HTTP client for it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import requests

from leia_nb import packaging
from leia_nb.service.settings import Settings
from leia_nb.service.storage import logins, tables
from leia_nb.service.storage.database import Database

PATIENCE = 60.0


def wait_until(condition, patience=PATIENCE):
    """Wait until a condition holds; return what it returned."""
    end = time.monotonic() + patience
    while not (value := condition()):
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)
    return value


class Login:
    """One application's way to the service."""

    def __init__(self, url, api_key):
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False
        answer = self.http.post(f"{url}/login", json={"api_key": api_key}, timeout=PATIENCE)
        assert answer.status_code == 200, answer.text
        self.application = answer.json()["application"]
        self.id = self.application["id"]
        self.http.headers["token"] = answer.json()["token"]

    def call(self, method, path, **options):
        return self.http.request(
            method, self.url + path, timeout=PATIENCE, allow_redirects=False, **options
        )

    def get(self, path, **params):
        return self.call("GET", path, params=params)

    def post(self, path, **options):
        return self.call("POST", path, **options)

    def patch(self, path, **params):
        return self.call("PATCH", path, params=params)

    def delete(self, path):
        return self.call("DELETE", path)

    def document(self, data=b"some text", filename="page.txt", **params):
        """Create a document; return its JSON."""
        answer = self.post("/document", params={"filename": filename, **params}, data=data)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def annotation(self, document_id, category):
        """Say of a document which category it has."""
        answer = self.post(
            f"/annotation/{document_id}",
            params={"annotation_type": "TYPING"},
            json={"category": category},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def model(self, file, name="A model", **params):
        """Create a model of this login's own application; return its JSON."""
        answer = self.post(
            f"/admin/{self.id}/model", params={"name": name, **params}, data=file.read_bytes()
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def finished_job(self, job):
        """Wait until a job is over; return its JSON."""

        def ended():
            said = self.get(f"/job/{job['id']}").json()
            return said if said["status"] in {"PROCESSED", "FAILED", "CANCELED"} else None

        return wait_until(ended, 120)


class ServiceProcess:
    """A service process."""

    def __init__(self, data_dir, *arguments, host="127.0.0.1", port=0, environment=None):
        self.data_dir = data_dir
        self.settings = Settings(data_dir=data_dir)
        self.log = data_dir.parent / f"{data_dir.name}.log"
        where = ["--host", host, "--port", str(port), *arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "leia_nb.service.server", "--data", data_dir, *where],
                stdout=log,
                stderr=log,
                env=_environment() | (environment or {}),
            )
        self._logins = []

    def wait_ready(self):
        self.address = wait_until(self._read_address)
        self.url = self.address["url"]
        return self

    def login(self, api_key=None):
        login = Login(self.url, api_key or self.key)
        self._logins.append(login)
        return login

    @property
    def key(self):
        return self.settings.admin_key.read_text(encoding="utf-8").strip()

    @property
    def blobs(self):
        """The files in the blob folder, unfinished uploads included."""
        return sorted(p.name for p in self.settings.blobs.rglob("*") if p.is_file())

    @property
    def logged(self):
        return self.log.read_text(encoding="utf-8")

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)

    def close(self):
        for login in self._logins:
            login.http.close()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _read_address(self):
        assert self.process.poll() is None, self.logged
        try:
            said = json.loads(self.settings.address.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return said if said["pid"] == self.process.pid else None


def prepare(data_dir, developers):
    """Lay out a data folder with an admin and developers; return the developers' keys."""
    data_dir.mkdir(parents=True, exist_ok=True)
    settings = Settings(data_dir=data_dir)
    database = Database(settings.database)
    with database.write() as session:
        logins.ensure_first_admin(session, settings.admin_key, None)
        for name in developers:
            session.add(
                tables.Application(
                    application_name=name,
                    application_type="developer",
                    email=f"{name}@example.org",
                    first_name=name,
                    last_name="Developer",
                    api_key_hash=logins.digest(f"key-of-{name}"),
                )
            )
    database.close()
    return [f"key-of-{name}" for name in developers]


def write_model_file(path, **said):
    """Write a small model file that is valid, though its trainer could not apply it."""
    from sklearn.dummy import DummyClassifier

    description = packaging.ModelDescription(
        **{
            "model_type": "classification",
            "input_types": ("text",),
            "model_module": "text_classifier",
            "model_clazz": "DummyClassifier",
            "documentation": "A model for tests.",
            "output_format": {"category": "str"},
            "accuracy": 0.5,
            "categories": ("a", "b"),
            **said,
        }
    )
    packaging.write_model(path, DummyClassifier().fit([[0], [1]], ["a", "b"]), description)
    return path


def _environment():
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LEIA_")}
    root = str(Path(__file__).resolve().parents[2])
    known = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = os.pathsep.join([root, known] if known else [root])
    environment["PYTHONWARNINGS"] = "error"
    environment["PYTHONUTF8"] = "1"
    return environment
