"""Parts of the server that need no process."""

import logging
import socket

import pytest

from leia_nb.service import server


def test_no_key_of_a_path_is_logged():
    formatter = server._MaskingFormatter("%(message)s")
    record = logging.LogRecord(
        "x", logging.INFO, "x", 1, 'GET "/leia/1.0.0/login/secret%%20key?a=b" 403', (), None
    )
    assert formatter.format(record) == 'GET "/leia/1.0.0/login/***?a=b" 403'


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]"), ("::", "[::1]")],
)
def test_the_address_is_one_to_connect_to(host, shown):
    if ":" in host and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        listener = server._listen(host, 0)
    except OSError:
        pytest.skip(f"{host} is not an address here")
    with listener:
        port = listener.getsockname()[1]
        assert server._url(listener) == f"http://{shown}:{port}/leia/1.0.0"


def test_a_stop_before_there_is_a_server_counts():
    class Server:
        should_exit = False

    stop = server._StopHandler()
    stop(15, None)
    running = Server()
    stop.attach(running)
    assert running.should_exit


@pytest.mark.parametrize("number", ["-1", "65"])
def test_an_invalid_number_of_workers_is_refused(tmp_path, capsys, number):
    from leia_nb.cli.main import main

    assert main(["serve", "--data", str(tmp_path / "data"), "--workers", number]) == 1
    assert capsys.readouterr().err == f"leia-nb: --workers must be from 0 to 64, got {number}.\n"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("options", [["--port", "70000"], ["--port", "-1"], ["--host", "..x"]])
def test_an_address_that_is_not_valid_is_refused(tmp_path, capsys, options):
    from leia_nb.cli.main import main

    assert main(["serve", "--data", str(tmp_path / "data"), *options]) == server.PORT_TAKEN
    message = capsys.readouterr().err
    assert "Cannot listen on" in message
    assert "Traceback" not in message
