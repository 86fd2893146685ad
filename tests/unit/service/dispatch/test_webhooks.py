import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from leia_nb.service.dispatch.webhooks import WebhookSender, post
from leia_nb.service.queue import callbacks, commands, leases
from leia_nb.service.storage import tables


class Listener(ThreadingHTTPServer):
    """Keeps what it is sent, and answers with the next of `statuses`."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received = []
        self.statuses = []
        self.released = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/hook"
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, dict(self.headers), body))
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        if status == "never":
            self.server.released.wait()
            return
        self.send_response(status)
        self.send_header("Location", f"{self.server.url}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - the name that http.server looks for

    def log_message(self, *_):
        pass


@pytest.fixture
def listener():
    server = Listener()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def sender(bench):
    sender = WebhookSender(
        bench.database, lambda: None, delays=(0.0, 0.0, 0.0, 0.0), timeouts=(30, 30)
    )
    yield sender
    sender.stop()


def _canceled(bench, url, **asked):
    job_id = bench.submit(callback_url=url, request=asked)
    commands.cancel(bench.database, job_id)
    return job_id


def _deliver_all(sender, wait_until):
    wait_until(lambda: not sender.send_due(), "every callback is delivered or given up")


def test_a_job_that_is_over_is_posted_once(bench, sender, listener, wait_until):
    import json

    unfinished = bench.submit(callback_url=listener.url)
    job_id = _canceled(bench, listener.url, callback_headers={"X-Mine": "42"})
    _deliver_all(sender, wait_until)
    ((path, headers, body),) = listener.received
    assert path == "/hook"
    assert headers["X-Mine"] == "42"
    assert headers["Content-Type"] == "application/json"
    assert "Authorization" not in headers
    payload = json.loads(body)
    assert (payload["id"], payload["status"]) == (job_id, "CANCELED")
    assert bench.job(job_id).callback_tries == -1
    assert bench.job(unfinished).callback_tries == 0


def test_jobs_without_a_callback_are_left_alone(bench, sender):
    job_id = bench.submit()
    commands.cancel(bench.database, job_id)
    assert not sender.send_due()


@pytest.mark.parametrize("wrong", [201, 202, 302, 400, 503])
def test_only_200_and_204_count(bench, sender, listener, wait_until, wrong):
    listener.statuses = [wrong, 204]
    job_id = _canceled(bench, listener.url)
    _deliver_all(sender, wait_until)
    assert [path for path, *_ in listener.received] == ["/hook", "/hook"]
    assert bench.job(job_id).callback_tries == -1


def test_one_that_was_delivered_meanwhile_is_not_sent_again(
    bench, sender, listener, wait_until, monkeypatch
):
    job_id = _canceled(bench, listener.url)
    stale = callbacks.pending_callbacks(bench.database)
    _deliver_all(sender, wait_until)
    monkeypatch.setattr(callbacks, "pending_callbacks", lambda _: stale)
    sender.send_due()
    wait_until(lambda: not sender._started, "the second thread has looked and left")
    assert len(listener.received) == 1
    assert bench.job(job_id).callback_tries == -1


def test_a_callback_is_abandoned_after_five_tries(bench, sender, listener, wait_until, caplog):
    caplog.set_level("INFO")
    listener.statuses = [500] * 9
    _canceled(bench, f"{listener.url}?secret=s3cret", callback_headers={"X-Key": "s3cret"})
    _deliver_all(sender, wait_until)
    assert len(listener.received) == 5
    wait_until(lambda: "given up: the response was 500 (try 5)" in caplog.text, "the log")
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/closed", "ftp://example.com", "nonsense"])
def test_a_callback_to_a_broken_address_is_abandoned(bench, sender, wait_until, url):
    job_id = _canceled(bench, url)
    _deliver_all(sender, wait_until)
    assert bench.job(job_id).callback_tries == -1


def test_an_unresponsive_receiver_delays_no_other(bench, listener, wait_until):
    patient = WebhookSender(bench.database, lambda: None, timeouts=(60, 60))
    listener.statuses = ["never"]
    stuck = _canceled(bench, listener.url)
    patient.send_due()
    wait_until(lambda: listener.received, "the first is sent")
    quick = _canceled(bench, listener.url)
    patient.send_due()
    wait_until(lambda: bench.job(quick).callback_tries == -1, "the second is delivered")
    assert bench.job(stuck).callback_tries == 0
    patient.stop()


def test_a_failing_receiver_is_retried_after_the_others(bench, sender, listener, wait_until):
    listener.statuses = [503]
    failing = _canceled(bench, listener.url)
    sender.send_due()
    wait_until(lambda: bench.job(failing).callback_tries == 1, "the first try has failed")
    fresh = _canceled(bench, listener.url)
    assert callbacks.pending_callbacks(bench.database) == [fresh, failing]


def test_a_dispatcher_delivers_and_is_busy_until_then(bench, listener, wait_until):
    bench.digits(20)
    bench.run()
    job_id = bench.submit(
        job_type="train",
        callback_url=listener.url,
        request={"model_module": "image_classifier", "documents_tag": "train"},
    )
    assert bench.dispatcher.busy
    wait_until(lambda: listener.received, "the callback arrives")
    assert bench.job(job_id).status == "PROCESSED"
    wait_until(lambda: not bench.dispatcher.busy, "nothing is left to do")


def test_no_password_is_taken_from_a_netrc_file(listener, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password s3cret", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setattr("leia_nb.service.dispatch.webhooks._is_loopback", lambda _: False)
    assert post(listener.url, {}, {}, (5, 5)) is None
    assert "Authorization" not in listener.received[0][1]


def test_loopback_goes_through_no_proxy(listener, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert post(listener.url, {}, {}, (5, 5)) is None


def test_the_result_is_left_out_for_those_who_want_less(bench, sender, listener, wait_until):
    import json

    from leia_nb.enums import JobStatus
    from leia_nb.service.queue.leases import JobResult

    with bench.database.write() as session:
        session.get(tables.Application, "a" * 24).reduce_callback_payloads = True
    job_id = bench.submit(callback_url=listener.url)
    attempt = leases.claim(bench.database, "me").attempt
    with bench.database.write() as session:
        leases.finish(session, job_id, attempt, JobResult(JobStatus.PROCESSED, "object", [1]))
    _deliver_all(sender, wait_until)
    ((_, _, body),) = listener.received
    payload = json.loads(body)
    assert (payload["id"], payload["result_type"], payload["result"]) == (job_id, "object", None)
    assert bench.job(job_id).result == [1], "it is there to be asked for"
