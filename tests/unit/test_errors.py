import copy
import pickle

import pytest

from leia_nb import errors

NAMES = [name for name in errors.__all__ if name != "IncompleteListing"]


def made(name):
    kind = getattr(errors, name)
    return kind("j1", "why") if name in {"JobFailed", "JobCanceled"} else kind("why")


def test_all_is_sorted_and_complete():
    own = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and value.__module__ == errors.__name__
    }
    assert errors.__all__ == sorted(own)


def test_every_error_is_drawn_in_the_tree():
    for name in errors.__all__:
        assert name in errors.__doc__, name


@pytest.mark.parametrize("name", NAMES)
def test_every_error_is_a_leia_error_with_the_common_attributes(name):
    error = made(name)
    assert isinstance(error, errors.LeiaError)
    assert (error.status_code, error.code, error.field) == (None, None, None)
    assert (error.retryable, error.retry_after) == (False, None)
    assert "why" in str(error)


@pytest.mark.parametrize("copied", [copy.copy, lambda e: pickle.loads(pickle.dumps(e))])
@pytest.mark.parametrize("name", NAMES)
def test_every_error_survives_pickling(name, copied):
    error = made(name)
    error.status_code, error.retry_after = 503, 2.5
    twin = copied(error)
    assert type(twin) is type(error)
    assert (str(twin), vars(twin)) == (str(error), vars(error))


@pytest.mark.parametrize(
    ("name", "built_in"),
    [
        ("InvalidInput", ValueError),
        ("InvalidPageRange", ValueError),
        ("ConnectionFailed", ConnectionError),
        ("RequestTimeout", TimeoutError),
        ("LoginFailed", PermissionError),
        ("Forbidden", PermissionError),
        ("BadRequest", ValueError),
        ("UnknownModel", LookupError),
        ("StorageFull", OSError),
        ("WaitTimeout", TimeoutError),
        ("MissingExtra", ImportError),
    ],
)
def test_errors_are_also_built_in_ones(name, built_in):
    assert isinstance(made(name), built_in)


def test_job_errors_carry_the_job_and_the_reason():
    error = errors.JobFailed("j1", "no such page")
    assert (error.job_id, error.reason) == ("j1", "no such page")
    assert str(error).startswith("Job j1 failed: no such page.")
    assert "gives no reason" in str(errors.JobFailed("j1"))


def test_that_a_job_was_canceled_is_said_once():
    said = str(errors.JobCanceled("j1", "The job was canceled."))
    assert said == "Job j1 was canceled and has not produced a result. Submit it again."
    assert "(The model is gone)" in str(errors.JobCanceled("j1", "The model is gone."))
