"""A small HTTP server that misbehaves as its script says."""

import json
import socketserver
import threading
import time
from collections import defaultdict
from dataclasses import dataclass

APPLICATION = {
    "id": "a1",
    "application_type": "admin",
    "application_name": "Tests",
    "email": "tests@example.org",
    "first_name": "T",
    "last_name": "Ests",
}


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: dict
    body: bytes

    @property
    def path(self):
        return self.target.split("?")[0]

    @property
    def json(self):
        return json.loads(self.body)


def reply(body=b"", status=200, length=True, **headers):
    """Make the bytes of an answer; names in `headers` have underscores for dashes."""
    lines = [f"HTTP/1.1 {status} Scripted", "Connection: close"]
    if length:
        headers = {"Content_Length": len(body), **headers}
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def json_reply(data, status=200, **headers):
    """Make the bytes of a JSON answer."""
    return reply(json.dumps(data).encode(), status, Content_Type="application/json", **headers)


def error_reply(status, code=None, message="No.", **headers):
    return json_reply(
        {"status": status, "code": code, "message": message, "field": None}, status, **headers
    )


def page(rows, first, total, **headers):
    last = max(first + len(rows) - 1, 0)
    return json_reply(rows, Content_Range=f"{first}-{last}/{total}", **headers)


def truncated(whole, keep):
    """Send only the first bytes of an answer, then close."""
    return whole[:keep]


DROP = b""


def delayed(whole, seconds):
    def send(connection):
        time.sleep(seconds)
        connection.sendall(whole)

    return send


class FaultyServer:
    """Answers each path with the replies that it was told, the last one for ever after."""

    def __init__(self):
        self.requests = []
        self.logins = 0
        self._script = {}
        self._lock = threading.Lock()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                outer._handle(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request, client_address):
                """A client that hangs up is no news here."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.url = f"{self.root}/leia/1.0.0"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def on(self, method, path, *replies):
        """Script a path below the base; a reply is bytes, or a function of the request."""
        self._script[method, f"/leia/1.0.0{path}"] = list(replies)
        return self

    def seen(self, method, path):
        return [r for r in self.requests if (r.method, r.path) == (method, f"/leia/1.0.0{path}")]

    @property
    def counts(self):
        counts = defaultdict(int)
        for request in self.requests:
            counts[f"{request.method} {request.path.removeprefix('/leia/1.0.0')}"] += 1
        return dict(counts)

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handle(self, handler):
        request = self._read(handler.rfile)
        if request is None:
            return
        answer = self._answer(request)
        if callable(answer):
            answer(handler.connection)
        else:
            handler.wfile.write(answer)

    def _read(self, file):
        words = file.readline().decode().split()
        if len(words) < 2:
            return None
        headers = {}
        while line := file.readline().decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = file.read(int(headers.get("content-length", 0)))
        request = Request(words[0], words[1], headers, body)
        with self._lock:
            self.requests.append(request)
        return request

    def _answer(self, request):
        with self._lock:
            replies = self._script.get((request.method, request.path))
            if replies:
                chosen = replies.pop(0) if len(replies) > 1 else replies[0]
            elif request.path.endswith("/login"):
                self.logins += 1
                chosen = json_reply({"token": f"token-{self.logins}", "application": APPLICATION})
            else:
                chosen = error_reply(404, message=f"Not scripted: {request.method} {request.path}")
        made = getattr(chosen, "from_request", None)
        return made(request) if made else chosen


class DynamicReply:
    """A reply that depends on the request."""

    def __init__(self, function):
        self.from_request = function
