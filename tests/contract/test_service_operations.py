"""Every operation that the service serves takes all parameters that LEIA gives it."""

import pytest

from leia_nb.service.app import create_app
from leia_nb.service.settings import Settings

from .facts import read

ALL = read("operations")["operations"]
SERVED = [
    "login_application_post",
    "login_application",
    "who_am_i",
    "logout_application",
    "health_check",
    "get_model",
    "admin_get_model",
    "get_models",
    "admin_get_models",
    "admin_create_model",
    "admin_edit_model",
    "admin_delete_model",
    "tag_model",
    "admin_tag_model",
    "untag_model",
    "admin_untag_model",
    "admin_get_model_contents",
    "apply_model_async",
    "admin_apply_model_async",
    "train_model_async",
    "admin_train_model_async",
    "create_document",
    "admin_create_document",
    "get_documents",
    "admin_get_documents",
    "get_document",
    "admin_get_document",
    "get_document_contents",
    "admin_get_document_contents",
    "tag_document",
    "admin_tag_document",
    "untag_document",
    "admin_untag_document",
    "delete_document",
    "admin_delete_document",
    "create_annotation",
    "get_annotations",
    "get_job",
    "admin_get_job",
    "get_jobs",
    "admin_get_jobs",
    "get_job_statuses",
    "admin_get_job_statuses",
    "start_job",
    "admin_start_job",
    "cancel_job",
    "admin_cancel_job",
]


@pytest.fixture(scope="module")
def routes(tmp_path_factory):
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("data")), dispatcher=False)
    return {
        route["operationId"]: (method.upper(), path.removeprefix(Settings.BASE_PATH), route)
        for path, methods in app.openapi()["paths"].items()
        for method, route in methods.items()
    }


def test_all_are_served(routes):
    assert set(routes) >= set(SERVED)
    assert len(SERVED) == len(set(SERVED))


@pytest.mark.parametrize("operation", SERVED)
def test_parameters(routes, operation):
    facts = ALL[operation]
    method, path, route = routes[operation]
    assert (method, path) == (facts["method"], facts["path"])
    offered = {(p["name"], p["in"]): p["required"] for p in route.get("parameters", [])}
    wanted = {(p["name"], p["in"]): p["required"] for p in facts["parameters"] if "since" not in p}
    assert offered == wanted
    assert bool(facts["body"]) == ("requestBody" in route)
