"""A loopback server that records every request and returns a plausible response."""

import hashlib
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote

from .operation_lookup import OPERATIONS, operation_of

TOKEN = "the-token"  # returned by a login
ID = "0123456789abcdef01234567"
FILE = b"PK\x03\x04" + bytes(range(256))
_TIME = "2026-01-02T03:04:05"
_APPLICATION = {
    "id": ID,
    "application_type": "admin",
    "email": "ada@example.org",
    "first_name": "Ada",
    "last_name": "Admin",
}


@dataclass(frozen=True)
class RecordedRequest:
    """A request, with lower-case header names."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def operation(self):
        return operation_of(self.method, self.target)

    @property
    def path(self):
        """The decoded path segments."""
        below = self.target.partition("?")[0].partition("/leia/1.0.0")[2]
        return [unquote(segment) for segment in below.split("/")]

    @property
    def query(self):
        """The decoded query parameters: name -> values."""
        return parse_qs(self.target.partition("?")[2], keep_blank_values=True)

    @property
    def content(self):
        """The body, decoded if it is JSON, or None."""
        if self.body and "json" in self.headers.get("content-type", ""):
            return json.loads(self.body)
        return self.body or None


class RecordingServer:
    """The server; each case has its own base URL, which assigns requests to cases."""

    def __init__(self, port):
        self._address = f"http://127.0.0.1:{port}"
        self.requests = []

    def url(self, case):
        return f"{self._address}/{case}/leia/1.0.0"

    def requests_of(self, case):
        """Return the first request of a case for each operation."""
        requests = [r for r in self.requests if r.target.startswith(f"/{case}/")]
        return {request.operation: request for request in reversed(requests)}


@contextmanager
def run_recording_server():
    """Run the server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = RecordedRequest(self.command, self.path, headers, self.rfile.read(length))
            recording.requests.append(request)
            status, body = _answer(request)
            self.send_response(status)
            self.send_header("Content-Type", _kind(body))
            self.send_header("Content-Length", str(len(body)))
            if body == b"[]":
                self.send_header("Content-Range", "0-0/0")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - names of http.server

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    recording = RecordingServer(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield recording
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _kind(body):
    return "application/octet-stream" if body == FILE else "application/json"


def _answer(request):
    """Return the status and a body of the API's successful response."""
    responses = OPERATIONS[request.operation]["responses"] if request.operation else {}
    status, kind = next(iter(responses.items()), ("404", None))
    if kind is None:
        return int(status), b""
    if kind.startswith("bytes"):
        return int(status), FILE
    return int(status), json.dumps(_sample(kind, request.body)).encode()


def _sample(kind, body):
    if kind.startswith("list["):
        return []
    file = body if body.startswith(b"PK") else FILE
    return {
        "LoginToken": {"token": TOKEN, "application": _APPLICATION},
        "Application": _APPLICATION,
        "Job": {
            "id": ID,
            "application_id": ID,
            "creation_time": _TIME,
            "document_ids": [],
            "job_type": "predict",
            "status": "READY",
        },
        "Model": {
            "id": ID,
            "application_id": ID,
            "name": "A model",
            "creation_time": _TIME,
            "input_types": ["text"],
            "model_clazz": "DummyClassifier",
            "model_module": "text_classifier",
            "model_type": "classification",
            "size": len(file),
            "md5sum": hashlib.md5(file, usedforsecurity=False).hexdigest(),
        },
    }[kind]
