"""What the tests of forms share: a real embedded service with digits, and faults."""

import time

import pytest

from leia_nb import errors


class Broken:
    """A part of a client that fails whatever is asked of it."""

    def __getattr__(self, name):
        def fail(*_arguments, **_keywords):
            raise errors.ConnectionFailed("Nobody answers there. Is LEIA running?")

        return fail


class Unreachable:
    """A client whose service cannot be reached."""

    connect_code = "leia_nb.connect()"

    def __init__(self):
        self.models = self.documents = self.annotations = self.jobs = Broken()

    def health(self):
        return self.models.health()


@pytest.fixture
def leia(leia_of_forms):
    return leia_of_forms


@pytest.fixture
def unreachable():
    return Unreachable()


@pytest.fixture
def until():
    """Wait until a condition holds; the limit only ends a test that hangs."""

    def wait(condition, patience=60.0):
        end = time.monotonic() + patience
        while not (value := condition()):
            assert time.monotonic() < end, "it did not come about in time"
            time.sleep(0.01)
        return value

    return wait
