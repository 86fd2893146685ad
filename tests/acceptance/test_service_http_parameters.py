"""Names of parameters that a call does not know are refused, as they may be misspelt ones."""

import pytest


@pytest.fixture(scope="module")
def ids(admin, model_file):
    document = admin.document()["id"]
    annotation = admin.annotation(document, "left")["id"]
    model = admin.model(model_file, short_name="spelt")["id"]
    return {
        "document": document,
        "annotation": annotation,
        "model": model,
        "application": admin.id,
        "job": admin.post(f"/document/{document}/transform/merge").json()["id"],
    }


@pytest.mark.parametrize(
    ("method", "path", "wrong", "meant"),
    [
        ("POST", "/document", "filname", "filename"),
        ("PATCH", "/document/{document}", "tll", "ttl"),
        ("GET", "/document/{document}/file_contents", "maxsize", "max_size"),
        ("POST", "/admin/{application}/document", "tag", "tags"),
        ("POST", "/admin/{application}/model", "nme", "name"),
        ("PATCH", "/admin/{application}/model/{model}", "shortname", "short_name"),
        ("POST", "/annotation/{document}", "annotationtype", "annotation_type"),
        ("PATCH", "/annotation/{annotation}", "nmae", "name"),
        ("PATCH", "/admin/application/{application}", "first_nme", "first_name"),
        ("POST", "/job/conditional/{job}", "blockprocessing", "block_processing"),
        ("GET", "/model", "nme", "name"),
        ("GET", "/document/zip", "tag", "tags"),
    ],
)
def test_a_misspelt_parameter_is_refused_and_the_right_one_told(
    admin, ids, method, path, wrong, meant
):
    answer = admin.call(method, path.format(**ids), params={wrong: "1"})
    said = answer.json()
    assert (answer.status_code, said["code"], said["field"]) == (400, "invalid_parameter", wrong)
    assert said["message"] == f"Unknown parameter {wrong!r}. Did you mean {meant!r}?"


def test_nothing_is_changed_by_a_call_that_is_refused(admin, ids):
    path = f"/document/{ids['document']}"
    before = admin.get(path).json()
    refused = admin.patch(path, filename="other.txt", rotation="90")
    assert refused.status_code == 400
    assert "rotation_angle" in refused.json()["message"]
    assert admin.get(path).json() == before


def test_a_name_like_no_other_is_refused_with_all_that_are_known(admin, ids):
    answer = admin.patch(f"/document/{ids['document']}", zzz="1")
    assert answer.json()["message"].endswith("Use filename, rotation_angle, ttl.")


def test_a_misspelt_member_of_a_body_is_refused_and_the_right_one_told(admin, ids):
    path = f"/document/{ids['document']}/transform/merge"
    answer = admin.post(path, json={"outputtag": "a"})
    assert answer.json()["message"].endswith("Did you mean 'output_tag'?")


def test_who_is_not_logged_in_is_told_that_first(service):
    import requests

    answer = requests.post(f"{service.url}/document", params={"filname": "a"}, timeout=60)
    assert answer.status_code == 401
