"""What the service does when something goes wrong, with real processes and sockets."""

import hashlib
import json
import socket
import sqlite3
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import requests

from leia_nb.service import server

from .service_process import wait_until

MiB = 2**20


class Upload:
    """A document's upload over a bare socket, which can stop anywhere."""

    def __init__(self, service, token, length, *, filename="big.bin", headers=()):
        parts = urlsplit(service.url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=60)
        lines = [
            f"POST {parts.path}/document?filename={filename} HTTP/1.1",
            "Host: localhost",
            f"token: {token}",
            *headers,
        ]
        lines += [f"Content-Length: {length}"] if length is not None else []
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())

    def send(self, data):
        self.socket.sendall(data)
        return self

    def answer(self):
        """Return the status and the JSON that came back."""
        with self.socket.makefile("rb") as stream:
            status = int(stream.readline().split()[1])
            headers = {}
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                headers[name.lower()] = value.strip()
            return status, json.loads(stream.read(int(headers[b"content-length"])))

    def close(self):
        self.socket.close()


@pytest.fixture
def upload():
    """Begin uploads that are closed after the test."""
    begun = []

    def begin(*arguments, **options):
        begun.append(Upload(*arguments, **options))
        return begun[-1]

    yield begin
    for one in begun:
        one.close()


def _token(login):
    return login.http.headers["token"]


def _parts(running):
    return [name for name in running.blobs if name.endswith(".part")]


@pytest.mark.parametrize("sent", [0, 100, 3 * MiB])
def test_an_upload_that_breaks_off_leaves_nothing(service, ada, upload, sent):
    before = service.blobs
    total = ada.get("/document").headers["Content-Range"]
    begun = upload(service, _token(ada), 4 * MiB).send(bytes(sent))
    wait_until(lambda: _parts(service))
    begun.close()
    wait_until(lambda: service.blobs == before)
    assert ada.get("/document").headers["Content-Range"] == total


def test_a_chunked_upload_that_breaks_off_leaves_nothing(service, ada, upload):
    before = service.blobs
    begun = upload(service, _token(ada), None, headers=["Transfer-Encoding: chunked"])
    begun.send(b"5\r\nhello\r\n")
    wait_until(lambda: _parts(service))
    begun.close()
    wait_until(lambda: service.blobs == before)


def test_a_chunked_upload_arrives(ada):
    def blocks():
        for number in range(64):
            yield bytes([number]) * 100_000

    made = ada.post("/document", params={"filename": "a"}, data=blocks()).json()
    assert made["size"] == 6_400_000
    assert made["md5sum"] == hashlib.md5(b"".join(blocks())).hexdigest()


def test_refused_uploads_are_drained_and_the_connection_lives(service, ada, upload):
    begun = upload(service, "wrong token", 50 * MiB)
    for _ in range(50):
        begun.send(bytes(MiB))
    assert begun.answer()[0] == 401
    begun.send(
        f"GET /leia/1.0.0/whoami HTTP/1.1\r\nHost: x\r\ntoken: {_token(ada)}\r\n\r\n".encode()
    )
    assert begun.answer()[1]["id"] == ada.id


def test_who_waits_for_100_continue_is_refused_at_once(service, upload):
    begun = upload(service, "wrong token", 50 * MiB, headers=["Expect: 100-continue"])
    assert begun.answer()[0] == 401


def test_more_than_the_disk_holds_is_refused_before_it_comes(service, ada, upload):
    begun = upload(service, _token(ada), 2**60, headers=["Expect: 100-continue"])
    status, said = begun.answer()
    assert (status, said["code"]) == (507, "storage_full")
    assert not _parts(service)


def test_memory_does_not_grow_with_the_file(fresh_service):
    running = fresh_service()
    login = running.login()
    login.document(b"warm up")
    process = psutil.Process(running.process.pid)
    before, peak, done = process.memory_info().rss, 0, threading.Event()

    def watch():
        nonlocal peak
        while not done.wait(0.005):
            peak = max(peak, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    digest = hashlib.md5()
    try:
        made = login.post(
            "/document", params={"filename": "a"}, data=(bytes(MiB) for _ in range(256))
        ).json()
        answer = login.call("GET", f"/document/{made['id']}/file_contents", stream=True)
        for block in answer.iter_content(MiB):
            digest.update(block)
    finally:
        done.set()
        watcher.join()
    assert made["size"] == 256 * MiB
    assert digest.hexdigest() == made["md5sum"]
    assert peak - before < 32 * MiB


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without a signal")
def test_sigterm_during_an_upload(fresh_service, upload):
    running = fresh_service()
    login = running.login()
    login.document()
    before = running.blobs
    begun = upload(running, _token(login), 4 * MiB).send(bytes(2 * MiB))
    wait_until(lambda: _parts(running))
    assert running.terminate() == 0
    assert begun.answer()[1]["code"] == "service_ending"
    assert running.blobs == before
    assert not running.settings.address.exists()
    assert "Traceback" not in running.logged


def test_a_killed_service_leaves_nothing_half_made(fresh_service, upload):
    running = fresh_service()
    login = running.login()
    kept = login.document(b"kept")
    upload(running, _token(login), 4 * MiB).send(bytes(2 * MiB))
    wait_until(lambda: _parts(running))
    running.process.kill()
    running.process.wait()
    (running.settings.blobs / "0123456789abcdef01234567").write_bytes(b"adopted, but without a row")

    again = fresh_service()
    assert again.blobs == [kept["id"]]
    assert again.login().get(f"/document/{kept['id']}/file_contents").content == b"kept"
    assert again.address["instance"] != running.address["instance"]


def test_a_second_start_on_the_same_folder_says_so(fresh_service):
    running = fresh_service()
    second = fresh_service(wait=False)
    assert second.process.wait(timeout=60) == server.FOLDER_TAKEN
    assert "in use by another service" in second.logged
    assert running.url in second.logged
    assert requests.get(f"{running.url}/health", timeout=10).status_code == 200
    assert json.loads(running.settings.address.read_text())["pid"] == running.process.pid


def test_a_port_that_is_taken(fresh_service):
    running = fresh_service()
    second = fresh_service(name="other", wait=False, port=urlsplit(running.url).port)
    assert second.process.wait(timeout=60) == server.PORT_TAKEN
    assert "Cannot listen on" in second.logged
    assert "Traceback" not in second.logged


def test_a_data_folder_that_cannot_be(fresh_service, tmp_path):
    (tmp_path / "data").write_text("I am a file")
    running = fresh_service(wait=False)
    assert running.process.wait(timeout=60) == server.FOLDER_UNUSABLE
    assert "cannot be used" in running.logged
    assert "Traceback" not in running.logged


def test_an_idle_service_leaves_and_is_found_gone(fresh_service):
    running = fresh_service("--idle", "1")
    for _ in range(10):
        assert requests.get(f"{running.url}/health", timeout=10).status_code == 200
        threading.Event().wait(0.2)
    assert running.process.wait(timeout=60) == 0
    assert not running.settings.address.exists()


def test_the_key_of_the_environment_becomes_the_first_admins(fresh_service, monkeypatch, tmp_path):
    from . import service_process

    environment = service_process._environment() | {"LEIA_API_KEY": "given key/ü"}
    monkeypatch.setattr(service_process, "_environment", lambda: environment)
    running = fresh_service()
    assert not running.settings.admin_key.exists()
    assert running.login("given key/ü").application["application_type"] == "admin"
    answer = requests.get(f"{running.url}/login/given%20key%2F%C3%BC", timeout=10)
    assert answer.status_code == 200
    assert "given" not in running.logged


def test_tokens_and_rows_outlive_a_restart(fresh_service):
    running = fresh_service(developers=["eve"])
    login = running.login("key-of-eve")
    made = login.document(b"kept", tags=["t"])
    assert running.terminate() == 0 or sys.platform == "win32"
    again = fresh_service()
    answer = requests.get(
        f"{again.url}/document/{made['id']}", headers={"token": _token(login)}, timeout=10
    )
    assert answer.json() == made


def test_many_threads_at_once(service, ada):
    """Writers and readers together: every answer right, nothing lost."""
    faults = []

    def work(number):
        login = service.login("key-of-ada")
        try:
            for turn in range(10):
                made = login.document(f"{number} {turn}".encode(), tags=["crowd"])
                login.post(f"/document/{made['id']}/tag/{number}")
                said = login.get(f"/document/{made['id']}").json()
                assert said["tags"] == sorted(["crowd", str(number)])
                assert login.get("/document", tags="crowd", limit=1).status_code == 200
                if turn % 2:
                    assert login.delete(f"/document/{made['id']}").status_code == 204
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=[n]) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert ada.get("/document", tags="crowd", limit=1).headers["Content-Range"] == "0-0/120"


def test_the_database_is_sound_at_the_end(service):
    path = service.settings.database
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the disk that is always full")
def test_a_disk_that_fills_up_during_an_upload(full_disk_service):
    url, token, blobs = full_disk_service
    answer = requests.post(
        f"{url}/document",
        params={"filename": "a"},
        headers={"token": token},
        data=bytes(9 * MiB),
        timeout=60,
    )
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")
    assert [p for p in blobs.root.rglob("*") if p.is_file()] == []


@pytest.mark.skipif(not hasattr(psutil, "RLIMIT_FSIZE"), reason="needs limits of processes")
@pytest.mark.parametrize("call", ["login", "edit", "upload"])
def test_a_quota_that_is_used_up_is_told_and_gives_the_reserve_up(fresh_service, call):
    """The disk seems to have room, but nothing can be written."""
    running = fresh_service(developers=["eve"])
    eve = running.login("key-of-eve")
    made = eve.document(b"kept")
    calls = {
        "login": lambda: requests.post(
            f"{running.url}/login", json={"api_key": "key-of-eve"}, timeout=60
        ),
        "edit": lambda: eve.patch(f"/document/{made['id']}", filename="other.txt"),
        "upload": lambda: eve.post("/document", params={"filename": "a"}, data=bytes(MiB)),
    }
    process = psutil.Process(running.address["pid"])
    before = process.rlimit(psutil.RLIMIT_FSIZE)
    assert running.settings.reserve.exists()
    process.rlimit(psutil.RLIMIT_FSIZE, (100, before[1]))
    refused = calls[call]()
    assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
    assert not running.settings.reserve.exists()
    process.rlimit(psutil.RLIMIT_FSIZE, before)
    assert eve.patch(f"/document/{made['id']}", filename="new.txt").status_code == 200
    assert running.settings.reserve.exists(), "there is room again"
    assert [call().status_code for call in calls.values()] == [200, 200, 200]


@pytest.fixture
def full_disk_service(tmp_path, monkeypatch):
    """A service in this process whose uploads land on a full disk."""
    import uvicorn

    from leia_nb.service.app import create_app
    from leia_nb.service.routes import uploads
    from leia_nb.service.settings import Settings

    settings = Settings(data_dir=tmp_path)
    app = create_app(settings, dispatcher=False)

    def on_full_disk(self, block):
        with Path("/dev/full").open("wb", buffering=0) as file:
            file.write(block)

    monkeypatch.setattr(uploads._Sink, "write", on_full_disk)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}{Settings.BASE_PATH}"
    wait_until(lambda: running.started)
    key = settings.admin_key.read_text().strip()
    token = requests.post(f"{url}/login", json={"api_key": key}, timeout=10).json()["token"]
    yield url, token, app.state.service.blobs
    running.should_exit = True
    thread.join()
    listener.close()
