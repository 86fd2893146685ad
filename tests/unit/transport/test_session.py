import copy
import html
import json
import pickle
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from leia_nb import errors
from leia_nb.api.operations import OPERATIONS
from leia_nb.transport.request import Request
from leia_nb.transport.retry_policy import Attempts, RetryPolicy
from leia_nb.transport.session import Session
from tests.unit.faulty_server import (
    APPLICATION,
    DROP,
    DynamicReply,
    FaultyServer,
    delayed,
    error_reply,
    json_reply,
    reply,
    truncated,
)

KEY = "canary-key-1234"
QUICK = RetryPolicy(
    connect=1, read=0.5, upload=0.5, first_delay=0.001, longest_delay=0.02, deadline=5
)
MODEL = {"id": "m1"}


@pytest.fixture
def server():
    server = FaultyServer()
    yield server
    server.close()


@pytest.fixture
def session(server):
    session = Session(server.url, lambda: KEY, retry_policy=QUICK)
    yield session
    session.close()


def model(session):
    return session.call("get_model", {"model_id": "m1"})


def tag(session):
    return session.call("tag_model", {"model_id": "m1", "tag": "t"})


def test_logs_in_once_on_first_use_and_sends_the_token_in_its_header(server, session):
    server.on("GET", "/model/m1", json_reply(MODEL))
    assert server.requests == []
    assert model(session) == MODEL
    assert model(session) == MODEL
    assert server.logins == 1
    login, first, _ = server.requests
    assert login.json == {"api_key": KEY}
    assert first.headers["token"] == "token-1"
    assert "token-1" not in first.target
    assert session.application.application_name == "Tests"


def test_asks_for_the_key_only_when_it_is_needed(server):
    asked = []

    def source():
        asked.append(1)
        return KEY

    session = Session(server.url, source)
    assert asked == []
    assert session.application.id == "a1"
    assert asked == [1]
    session.close()


@pytest.mark.parametrize("send", [model, tag])
def test_logs_in_again_on_401_and_repeats_the_call(server, session, send):
    method = "GET" if send is model else "POST"
    path = "/model/m1" if send is model else "/model/m1/tag/t"
    server.on(method, path, error_reply(401), json_reply(MODEL))
    assert send(session) == MODEL
    assert [r.headers["token"] for r in server.seen(method, path)] == ["token-1", "token-2"]


def test_a_second_401_is_an_error(server, session):
    server.on("GET", "/model/m1", error_reply(401))
    with pytest.raises(errors.NotLoggedIn):
        model(session)
    assert server.logins == 2


def test_many_threads_renew_an_expired_token_once(server, session):
    barrier = threading.Barrier(8)

    def check(request):
        old = request.headers["token"] == "token-1"
        if old:
            barrier.wait(5)
        return error_reply(401) if old else json_reply(MODEL)

    server.on("GET", "/model/m1", DynamicReply(check))
    assert session.application.id == "a1"
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: model(session), range(8))) == [MODEL] * 8
    assert server.logins == 2


def test_wrong_key(server, session):
    server.on("POST", "/login", error_reply(403, "login_failed", f"bad key {KEY}"))
    with pytest.raises(errors.LoginFailed) as caught:
        model(session)
    assert isinstance(caught.value, PermissionError)
    assert server.counts == {"POST /login": 1}


@pytest.mark.parametrize(
    "answer", [error_reply(403, None, KEY), DROP, reply(b"<html>", 403), json_reply([])]
)
def test_the_key_is_in_no_traceback(server, session, answer):
    server.on("POST", "/login", answer)
    with pytest.raises(errors.LeiaError) as caught:
        model(session)
    told = "".join(
        traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    )
    library = told.split("leia_nb/transport/session.py", 1)[1]
    assert KEY not in library


def test_the_token_is_in_no_error_even_if_a_page_shows_it(server, session):
    server.on("GET", "/model/m1", reply(b"<p>you sent token-1</p>", 400))
    with pytest.raises(errors.UnexpectedAnswer) as caught:
        model(session)
    assert "token-1" not in str(caught.value)
    assert "you sent ***" in str(caught.value)


def echo(request):
    """Answer as a captive portal does: with a page that shows what it was sent."""
    shown = f"{request.headers.get('token')} {request.body.decode()}"
    return reply(f"<p>Sign in first. {shown}</p>".encode(), Content_Type="text/html")


@pytest.mark.parametrize("path", ["/login", "/model/m1"])
def test_no_secret_is_in_the_error_for_a_page_that_echoes(server, path):
    session = Session(server.url, lambda: KEY, retry_policy=QUICK)
    server.on("POST" if path == "/login" else "GET", path, DynamicReply(echo))
    with pytest.raises(errors.UnexpectedAnswer, match="Sign in first") as caught:
        model(session)
    told = "".join(traceback.format_exception(caught.value)) + repr(pickle.dumps(caught.value))
    assert KEY not in told
    assert "token-1" not in told
    session.close()


@pytest.mark.parametrize("key", ['a"b<c>&d', "ключ-1", "a/b c"])
def test_a_key_is_masked_however_the_page_writes_it(server, key):
    ways = f"{key} {json.dumps(key)} {html.escape(key)} {quote(key, safe='')}"
    server.on("POST", "/login", reply(ways.encode(), Content_Type="text/plain"))
    session = Session(server.url, lambda: key, retry_policy=QUICK)
    with pytest.raises(errors.UnexpectedAnswer) as caught:
        model(session)
    assert not any(way in str(caught.value) for way in (key, json.dumps(key)[1:-1], quote(key)))
    session.close()


def test_a_redirect_does_not_show_the_token(server, session):
    server.on("GET", "/model/m1", reply(b"", 302, Location="http://x.example/token-1/"))
    with pytest.raises(errors.UnexpectedAnswer, match="redirects to") as caught:
        model(session)
    assert "token-1" not in str(caught.value)


def test_no_connection_is_used_again_after_a_500(server, session):
    def fail_and_keep(connection):
        broken = json_reply({"message": "It broke."}, 500).replace(b"Connection: close\r\n", b"")
        connection.sendall(broken)
        threading.Event().wait(0.3)  # then it hangs up without a word

    server.on("GET", "/model/m1", fail_and_keep).on("POST", "/model/m1/tag/t", json_reply(MODEL))
    with pytest.raises(errors.ServiceFault):
        model(session)
    assert tag(session) == MODEL


@pytest.mark.parametrize("token", [None, 7, "", "a\r\nX: 1", "ü"])
def test_login_without_usable_token(server, session, token):
    server.on("POST", "/login", json_reply({"token": token, "application": APPLICATION}))
    with pytest.raises(errors.UnexpectedAnswer, match="token"):
        model(session)


def test_address_without_login_is_no_leia(server, session):
    server.on("POST", "/login", json_reply({"detail": "Not Found"}, 404))
    with pytest.raises(errors.UnexpectedAnswer, match="base URL"):
        model(session)


FAULTS = {
    "dropped": DROP,
    "half a status line": b"HTTP/1.1 2",
    "headers cut off": b"HTTP/1.1 200 OK\r\nContent-Ty",
    "body cut off": truncated(json_reply({"id": "m1", "name": "x" * 100}), 90),
    "body cut off, no length": reply(b'{"id": "m', length=False),
    "empty": reply(b""),
    "429": error_reply(429),
    "502": reply(b"<html>Bad gateway</html>", 502),
    "503": error_reply(503),
    "504": reply(b"", 504),
    "not HTTP": b"SSH-2.0-OpenSSH\r\n\r\n",
    "chunks cut off": reply(b'5\r\n{"id"', length=False, Transfer_Encoding="chunked"),
    "broken gzip": reply(b"nonsense", Content_Encoding="gzip"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_reads_are_retried(server, session, fault):
    server.on("GET", "/model/m1", fault, fault, json_reply(MODEL))
    assert model(session) == MODEL
    assert server.counts["GET /model/m1"] == 3


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_reads_are_retried_a_bounded_number_of_times(server, session, fault):
    server.on("GET", "/model/m1", fault)
    with pytest.raises(errors.LeiaError) as caught:
        model(session)
    assert caught.value.retryable
    assert caught.value.__context__ is None
    assert server.counts["GET /model/m1"] == 5


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("tag_model", "POST", "/model/m1/tag/t"),
        ("admin_edit_model", "PATCH", "/admin/a1/model/m1"),
    ],
)
def test_changes_are_sent_once(server, session, fault, name, method, path):
    server.on(method, path, fault)
    values = {"model_id": "m1", "tag": "t"} if name == "tag_model" else {"model_id": "m1"}
    if name == "admin_edit_model":
        values["application_id"] = "a1"
    with pytest.raises(errors.LeiaError) as caught:
        session.call(name, values)
    clear = b" 429 " in fault or b" 503 " in fault
    assert isinstance(caught.value, errors.ServiceFault if clear else errors.OutcomeUnknown)
    assert server.counts[f"{method} {path}"] == 1


def test_a_slow_read_times_out_and_is_retried(server, session):
    server.on("GET", "/model/m1", delayed(json_reply(MODEL), 1.0), json_reply(MODEL))
    assert model(session) == MODEL


def test_a_read_that_is_always_slow(server):
    session = Session(
        server.url, lambda: KEY, retry_policy=RetryPolicy(read=0.05, retries=1, first_delay=0)
    )
    server.on("GET", "/model/m1", delayed(json_reply(MODEL), 0.3))
    with pytest.raises(errors.RequestTimeout) as caught:
        model(session)
    assert isinstance(caught.value, TimeoutError)
    session.close()


def test_an_answer_that_drips_ends_at_the_deadline(server):
    def drip(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(200):
            connection.sendall(b" ")
            threading.Event().wait(0.02)

    session = Session(
        server.url, lambda: KEY, retry_policy=RetryPolicy(deadline=0.3, first_delay=0.01)
    )
    server.on("GET", "/model/m1", drip)
    with pytest.raises(errors.RequestTimeout):
        model(session)
    session.close()


def test_a_slow_change_has_an_unknown_outcome(server, session):
    server.on("POST", "/model/m1/tag/t", delayed(json_reply(MODEL), 1.0))
    with pytest.raises(errors.OutcomeUnknown, match="tag_model"):
        tag(session)


def test_retry_after_of_a_day_is_cut(server, session):
    server.on("GET", "/model/m1", error_reply(503, Retry_After=86400), json_reply(MODEL))
    assert model(session) == MODEL


def test_retry_after_is_told(server, session):
    server.on("POST", "/model/m1/tag/t", error_reply(429, Retry_After=7))
    with pytest.raises(errors.ServiceFault) as caught:
        tag(session)
    assert caught.value.retry_after == 7
    assert caught.value.retryable


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(server, session, status):
    other = FaultyServer()
    try:
        server.on("GET", "/model/m1", reply(b"", status, Location=f"{other.url}/x?secret=1"))
        with pytest.raises(errors.UnexpectedAnswer, match="redirects to") as caught:
            model(session)
        assert other.requests == []
        assert "secret" not in str(caught.value)
    finally:
        other.close()


@pytest.mark.parametrize("status", [200, 404, 418])
def test_a_page_that_is_not_json_is_reported_as_such(server, session, status):
    body = b"<html><head><title>x</title></head><body>Welcome to <b>the</b> proxy</body></html>"
    server.on("GET", "/model/m1", reply(body, status, Content_Type="text/html"))
    with pytest.raises(errors.UnexpectedAnswer, match=r"not JSON \(text/html\): 'Welcome to the"):
        model(session)


def test_a_500_is_not_retried(server, session):
    server.on("GET", "/model/m1", error_reply(500, "internal", "It broke."))
    with pytest.raises(errors.ServiceFault, match="It broke") as caught:
        model(session)
    assert not caught.value.retryable
    assert server.counts["GET /model/m1"] == 1


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "invalid_model_file", errors.InvalidModelFile),
        (400, "short_name_taken", errors.ShortNameTaken),
        (400, "page_range_malformed", errors.InvalidPageRange),
        (400, "unusable_documents", errors.UnusableDocuments),
        (400, "something_new", errors.BadRequest),
        (403, "not_a_classifier", errors.NotAClassifier),
        (403, "not_yours", errors.NotYours),
        (404, "unknown_document", errors.UnknownDocument),
        (404, "no_documents", errors.NoDocuments),
        (404, "job_over", errors.JobOver),
        (404, None, errors.UnknownModel),
        (507, "storage_full", errors.StorageFull),
    ],
)
def test_refusals_become_their_own_errors(server, session, status, code, kind):
    server.on("GET", "/model/m1", error_reply(status, code, "Because."))
    with pytest.raises(kind, match="Because") as caught:
        model(session)
    assert type(caught.value) is kind
    assert (caught.value.status_code, caught.value.code) == (status, code)


@pytest.mark.parametrize("name", ["get_documents", "get_models", "create_document", "get_jobs"])
def test_an_empty_404_of_a_listing_names_no_object(server, session, name):
    with pytest.raises(errors.NotFound, match="base URL") as caught:
        server.on("GET", "/document", reply(b"", 404)).on("POST", "/document", reply(b"", 404))
        server.on("GET", "/model", reply(b"", 404)).on("GET", "/job", reply(b"", 404))
        session.call(name)
    assert type(caught.value) is errors.NotFound


def test_an_empty_404_for_an_application(server, session):
    server.on("POST", "/admin/a9/document", reply(b"", 404))
    with pytest.raises(errors.NotFound, match="application exists"):
        session.call("admin_create_document", {"application_id": "a9", "filename": "x"})


def test_nothing_at_the_address():
    server = FaultyServer()
    server.close()
    session = Session(server.url, lambda: KEY, retry_policy=QUICK)
    for send in (model, tag):
        with pytest.raises(errors.ConnectionFailed, match="Cannot connect") as caught:
            send(session)
        assert isinstance(caught.value, ConnectionError)
    session.close()


@pytest.mark.parametrize(
    ("name", "values", "status", "kind"),
    [
        ("get_annotation", {"annotation_id": "x"}, 404, errors.UnknownAnnotation),
        ("admin_edit_document", {"application_id": "a1", "document_id": "x"}, 404,
         errors.UnknownDocument),
        ("admin_get_application", {"application_id": "x"}, 404, errors.UnknownApplication),
        ("admin_delete_always_on_schedule",
         {"application_id": "a1", "always_on_schedule_id": "x"}, 404, errors.UnknownSchedule),
        ("admin_create_application", {}, 409, errors.EmailTaken),
        ("kill_worker", {"job_type": "train"}, 404, errors.NoWorker),
        ("transform_document_async", {"document_ids": ["x"], "output_type": "text"}, 404,
         errors.NotFound),
        ("get_job_statuses", {"job_ids": ["x"]}, 404, errors.UnknownJob),
    ],
)  # fmt: skip
def test_what_a_refusal_without_a_code_means(server, session, name, values, status, kind):
    operation = OPERATIONS[name]
    path = operation.target(values)
    server.on(operation.method, path, error_reply(status, None, "Because."))
    with pytest.raises(kind, match="Because") as caught:
        session.call(name, values)
    assert type(caught.value) is kind


def test_the_older_login_has_the_key_in_its_address_and_nowhere_else(server):
    login = {"token": "t", "application": APPLICATION}
    server.on("GET", f"/login/{KEY}", json_reply(login)).on(
        "GET", "/whoami", json_reply(APPLICATION)
    )
    old = Session(server.url, lambda: KEY, retry_policy=QUICK, key_in_url=True)
    assert old.call("who_am_i")["id"] == "a1"
    old.close()
    assert server.counts == {f"GET /login/{KEY}": 1, "GET /whoami": 1}


def test_a_refused_older_login_does_not_show_the_key(server):
    page = f"<p>No such page: /login/{KEY}</p>".encode()
    for answer in (error_reply(403, "login_failed", f"{KEY}?"), reply(page, 404), DROP):
        server.on("GET", f"/login/{KEY}", answer)
        old = Session(server.url, lambda: KEY, retry_policy=QUICK, key_in_url=True)
        with pytest.raises(errors.LeiaError) as caught:
            old.call("who_am_i")
        old.close()
        assert KEY not in str(caught.value) + repr(caught.value)


def test_an_unknown_name():
    session = Session("http://no-such-host.invalid/leia", lambda: KEY, retry_policy=QUICK)
    with pytest.raises(errors.ConnectionFailed, match=r"no-such-host\.invalid"):
        model(session)
    session.close()


@pytest.mark.parametrize("send", [model, tag])
def test_restarts_the_service_when_the_connection_is_refused(server, send):
    server.on("GET", "/model/m1", json_reply(MODEL)).on(
        "POST", "/model/m1/tag/t", json_reply(MODEL)
    )
    gone = FaultyServer()
    gone.close()
    restarted = []

    def restart():
        restarted.append(1)
        return server.url

    session = Session(gone.url, lambda: KEY, retry_policy=QUICK, restart=restart)
    assert send(session) == MODEL
    assert session.url == server.url
    assert restarted == [1]
    session.close()


@pytest.mark.parametrize(
    "url", ["", "leia.io", "ftp://leia.io", "http://", "http://me:secret@leia.io", "http://x/?a=1"]
)
def test_an_address_that_is_none(url):
    with pytest.raises(errors.InvalidInput) as caught:
        Session(url, lambda: KEY)
    assert "secret" not in str(caught.value)


def test_loopback_goes_through_no_proxy(server, session, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.on("GET", "/model/m1", json_reply(MODEL))
    assert model(session) == MODEL


def test_other_addresses_go_through_the_proxy_of_the_environment(server, monkeypatch):
    monkeypatch.setenv("http_proxy", server.root)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    session = Session("http://leia.example/leia/1.0.0", lambda: KEY, retry_policy=QUICK)
    assert session.application.id == "a1"
    assert server.requests[0].target == "http://leia.example/leia/1.0.0/login"
    session.close()


def test_a_certificate_bundle_of_the_environment_is_used(monkeypatch, tmp_path):
    session = Session("https://leia.example/leia", lambda: KEY)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    assert session._connection._environment(session.url)["verify"] == str(tmp_path / "ca.pem")
    session.close()


def test_netrc_is_not_used(server, session, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    server.on("GET", "/model/m1", json_reply(MODEL))
    model(session)
    assert all("authorization" not in request.headers for request in server.requests)


def test_cookies_are_not_kept(server, session):
    server.on("GET", "/model/m1", json_reply(MODEL, Set_Cookie="a=b; Path=/"))
    model(session)
    model(session)
    assert all("cookie" not in request.headers for request in server.requests)


def test_logout_ends_the_token_and_the_next_call_logs_in(server, session):
    server.on("GET", "/model/m1", json_reply(MODEL)).on("GET", "/logout", reply(b"", 204))
    session.logout()
    assert server.requests == []
    model(session)
    session.logout()
    assert server.seen("GET", "/logout")[0].headers["token"] == "token-1"
    model(session)
    assert server.logins == 2


def test_cannot_be_pickled_or_copied(session):
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled"):
            attempt(session)
    assert KEY not in repr(session)


def test_a_deadline_limits_all_attempts_together(server):
    session = Session(server.url, lambda: KEY)
    server.on("GET", "/model/m1", delayed(json_reply(MODEL), 1.0))
    session.application  # noqa: B018 - log in first
    with pytest.raises(errors.RequestTimeout):
        session.call("get_model", {"model_id": "m1"}, deadline=0.1)
    session.close()


def test_a_change_uses_no_connection_that_has_been_idle(session, server, monkeypatch):
    monkeypatch.setattr("leia_nb.transport.connection._STALE_SECONDS", 0.0)
    server.on("GET", "/model/m1", json_reply(MODEL)).on(
        "POST", "/model/m1/tag/t", json_reply(MODEL)
    )
    model(session)
    before = session._connection._http
    model(session)
    assert session._connection._http is before
    tag(session)
    assert session._connection._http is not before


def test_a_slow_line_may_take_its_time_with_a_block():
    class File:
        failure = None

    policy = RetryPolicy(connect=1, read=7, upload=9)
    values = {"filename": "x"}
    assert Attempts(policy, Request.build("create_document", values)).timeouts() == (1, 7)
    request = Request.build("create_document", values, upload=File())
    assert Attempts(policy, request).timeouts() == (7, 9)
