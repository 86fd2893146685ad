"""LEIA's official SDK works with the embedded service, wherever it works by itself.

Two versions, each in an environment of its own, run `sdk/drive.py`. Where a step fails,
it must be one that sdk_failures lists, and the fault must be the SDK's: it gave up before it
sent anything, or after the service had answered rightly, or it had sent nonsense, which
the service's refusal quotes.
"""

import pytest

from tests.acceptance.service_process import ServiceProcess

from . import sdk
from .sdk_failures import FAILURES


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    running = ServiceProcess(tmp_path_factory.mktemp("official") / "data").wait_ready()
    yield running
    running.close()


@pytest.fixture(scope="module", params=sdk.VERSIONS)
def driven(request, service, tmp_path_factory):
    """The version, and what came of each step."""
    official = sdk.installed(request.param, request.config.cache)
    told = {"url": service.url, "api_key": service.key}
    folder = str(tmp_path_factory.mktemp("downloads"))
    return request.param, official.run("drive.py", told | {"folder": folder})


def _values(driven):
    return {name: step["value"] for name, step in driven[1].items() if "value" in step}


def test_only_the_sdks_own_defects_fail(driven):
    version, steps = driven
    failed = {name: step for name, step in steps.items() if "error" in step}
    assert {
        name: step["text"] for name, step in failed.items() if name not in FAILURES[version]
    } == {}
    assert set(failed) == set(FAILURES[version])


def test_what_fails_fails_in_the_sdk(driven):
    version, steps = driven
    for name, failure in FAILURES[version].items():
        step = steps[name]
        assert (step["error"], step["answered"]) == (failure.error, failure.answered), name
        assert failure.quoted in step["text"], name


def test_sessions(driven):
    values = _values(driven)
    assert values["log in"]["application_type"] == "admin"
    assert values["who am I"]["id"] == values["log in"]["id"]
    assert values["log out"] is None


def test_documents(driven):
    values = _values(driven)
    names = [document["filename"] for document in values["list documents"]]
    assert names == [f"invoice-{number}.txt" for number in range(5)]
    assert values["read document"] == "pay this invoice by friday 0"
    assert values["get document"]["mime_type"] == "text/plain"
    assert "seen, once" in values["tag document"]["tags"]
    assert f"sdk-{driven[0]}" in values["list tags"]
    assert values["zip"] == "PK"
    assert values["edit document"]["filename"] == "first.txt"
    assert len(values["list annotations"]) == 1


def test_models(driven):
    version, values = driven[0], _values(driven)
    assert values["get model"]["short_name"] == f"sdk-{version}"
    assert values["get model"]["name"] == "From the SDK"
    assert values["edit model"]["description"] == "Made by the SDK"
    assert values["tag model"]["tags"] == ["kept"]
    assert values["list models"] == []
    assert values["every model"] >= 1
    assert values["download model by hand"] == 0


def test_model_files(driven):
    values = _values(driven)
    if "create model" not in FAILURES[driven[0]]:
        assert values["download model"] == 0
        assert (values["the model's name"], values["the model is whole"]) == ("R&D", True)


def test_training_and_applying(driven):
    values = _values(driven)
    assert values["train"]["job_type"] == "train"
    assert (values["trained"], values["applied"]) == ("PROCESSED", "PROCESSED")


def test_results(driven):
    values = _values(driven)
    if "read the job" not in FAILURES[driven[0]]:
        assert values["read the training"]["result_type"] == "model"
        result = values["read the job"]["result"]
        assert {one["category"] for one in result.values()} == {"invoice", "letter"}
        assert set(values["statuses"].values()) == {"PROCESSED"}


def test_jobs(driven):
    values = _values(driven)
    assert values["hold a job"]["status"] == "BLOCKED"
    assert values["a job that was held"] == "PROCESSED"
    (canceled,) = values["list jobs"]
    assert canceled["status"] == "CANCELED"


def test_transforming(driven):
    assert _values(driven)["transformed"] == ["PROCESSED", "text/plain"]


def test_conditions(driven):
    assert _values(driven)["chosen"] == ["PROCESSED", ["invoices"]]


def test_applications_and_workers(driven):
    values = _values(driven)
    assert values["get application"]["id"] == values["create application"]["id"]
    assert [one["first_name"] for one in values["list applications"]] == ["Eve"]
    assert values["edit application"]["dedicated_workers_ttl"] == 60
    assert values["another key"] is True
    assert values["delete application"] is None
    assert [worker["job_type"] for worker in values["workers"]] == ["predict", "train", "transform"]
    assert values["worker"]["number"] >= 1
