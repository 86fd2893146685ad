import pytest

from leia_nb.client import Client
from leia_nb.transport.retry_policy import RetryPolicy

from .faulty_server import FaultyServer

QUICK = RetryPolicy(connect=1, read=1, upload=1, first_delay=0.001, longest_delay=0.01, deadline=5)


@pytest.fixture
def server():
    """A server that misbehaves as it is told."""
    server = FaultyServer()
    yield server
    server.close()


@pytest.fixture
def leia(server):
    """A client of that server, with short timeouts."""
    with Client(server.url, "canary-key", retry_policy=QUICK) as leia:
        yield leia
