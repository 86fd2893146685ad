"""The login form's code in a fresh process connects to the same service; the key stays apart."""

from leia_nb import login_form

from .form_code import run


def test_the_pasted_code_connects_to_the_same_service(service, monkeypatch, tmp_path):
    form = login_form(service.url).fill(api_key=service.key)
    leia = form.submit(wait=True)
    code = form.code
    assert service.key not in code
    monkeypatch.setenv("LEIA_API_KEY", service.key)
    assert run(f"{code}\n(leia.url, leia.whoami().id)", tmp_path) == (service.url, leia.whoami().id)
