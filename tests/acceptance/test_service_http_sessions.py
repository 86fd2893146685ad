"""Logging in and out, and what every refusal looks like."""

import stat
import sys

import pytest
import requests


def _refused(answer, status, code, field=None):
    said = answer.json()
    assert (answer.status_code, said["status"], said["code"]) == (status, status, code), said
    assert said["field"] == field
    assert said["message"]
    assert set(said) == {"status", "code", "message", "field"}


def test_health_needs_no_token(service):
    answer = requests.get(f"{service.url}/health", timeout=10)
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["instance"] == service.address["instance"]


def test_health_says_what_can_be_trained(service):
    answer = requests.get(f"{service.url}/health", timeout=10)
    assert answer.json()["model_modules"] == [
        "image_classifier",
        "image_extractor",
        "key_value_extractor",
        "text_classifier",
    ]


def test_login_answers_token_and_application(service, admin):
    assert admin.application["application_type"] == "admin"
    assert admin.application["api_key"] is None
    older = requests.get(f"{service.url}/login/{service.key}", timeout=10)
    assert older.status_code == 200
    assert older.json()["application"]["id"] == admin.id
    assert older.json()["token"] != admin.http.headers["token"]


@pytest.mark.parametrize("key", ["wrong", "", "with/slash", "ü" * 1000])
def test_a_wrong_key_is_refused(service, key):
    answer = requests.post(f"{service.url}/login", json={"api_key": key}, timeout=10)
    if key:
        _refused(answer, 403, "login_failed", "api_key")
    else:
        _refused(answer, 400, "invalid_parameter", "api_key")
    assert "with/slash" not in answer.text
    _refused(requests.get(f"{service.url}/login/{key}", timeout=10), 403, "login_failed", "api_key")


def test_calls_need_a_valid_token(service):
    for headers in ({}, {"token": "wrong"}, {"token": ""}):
        for path in ("/whoami", "/model", "/admin/model", "/job/x"):
            answer = requests.get(service.url + path, headers=headers, timeout=10)
            _refused(answer, 401, "not_logged_in")


def test_logout_ends_the_token(service):
    login = service.login()
    assert login.get("/whoami").json()["id"] == login.id
    assert login.get("/logout").status_code == 204
    _refused(login.get("/whoami"), 401, "not_logged_in")


def test_admin_calls_are_for_admins(admin, ada):
    assert ada.application["application_type"] == "developer"
    for path in ("/admin/model", f"/admin/{ada.id}/model/x", f"/admin/{ada.id}/job/x"):
        _refused(ada.get(path), 401, "not_logged_in")
    _refused(admin.get("/admin/nobody/model/x"), 404, "unknown_application", "application_id")


def test_unknown_paths_methods_and_bodies_are_answered_in_json(service, admin):
    _refused(admin.get("/nothing"), 404, "unknown_path")
    _refused(admin.call("PUT", "/model"), 405, "method_not_allowed")
    _refused(requests.get(service.url.replace("/leia/1.0.0", "/"), timeout=10), 404, "unknown_path")
    broken = admin.post("/login", data="{", headers={"Content-Type": "application/json"})
    _refused(broken, 400, "invalid_parameter", "body")


def test_a_huge_json_body_is_refused_unread(service, admin):
    def endless():
        for _ in range(40):
            yield b" " * 2**20

    headers = {"Content-Type": "application/json"}
    _refused(
        admin.post("/login", data=b" " * (17 * 2**20), headers=headers),
        413,
        "body_too_large",
        "body",
    )
    _refused(admin.post("/login", data=endless(), headers=headers), 413, "body_too_large")


def test_the_log_shows_no_secret(service, admin):
    requests.get(f"{service.url}/login/{service.key}?x=1", timeout=10)
    requests.get(f"{service.url}/login/made-up-key", timeout=10)
    assert "/login/***" in service.logged
    for secret in (service.key, "made-up-key", admin.http.headers["token"]):
        assert secret not in service.logged


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_the_admin_key_is_private(service):
    assert stat.S_IMODE(service.settings.admin_key.stat().st_mode) == 0o600
