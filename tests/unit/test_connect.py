"""connect(): which service, which key, and what is refused before anything is sent."""

import getpass
import importlib.util
import json
import traceback
from pathlib import Path

import pytest
from filelock import FileLock

import leia_nb
from leia_nb import embedded, errors
from leia_nb.transport import credentials


def test_address_and_data_folder_exclude_each_other(tmp_path):
    with pytest.raises(errors.InvalidInput, match="both url and data_dir"):
        leia_nb.connect("http://127.0.0.1:1/leia/1.0.0", data_dir=tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "leia.example",
        "ftp://leia.example/leia",
        "http://",
        "https:///x",
        5,
        "http://[::1",
        "http://x:abc",
        "http://x:99999",
        "http://x\ud800",
        "http://a\nb",
    ],
)
def test_address_must_be_one(url):
    with pytest.raises(errors.InvalidInput, match=r"(?i)\burl\b") as caught:
        leia_nb.connect(url, "key")
    assert caught.value.field == "url"


@pytest.mark.parametrize(
    "url",
    [
        "me:sek@leia.example/leia", "https://me:sek@leia.example", "https://me:se/sek@leia.example",
        "https://leia.example/?key=sek", "leia.example#sek", "http://me:sek@[::1", "//:sek@x",
        "me@x:sek@leia.example?sek",
    ],
)  # fmt: skip
def test_a_password_in_an_address_is_not_repeated(url):
    with pytest.raises(errors.InvalidInput) as caught:
        leia_nb.connect(url, "key")
    assert "sek" not in "".join(traceback.format_exception(caught.value)).split("InvalidInput")[-1]


@pytest.mark.parametrize("key", [5, b"key", "key\ud800"])
def test_a_key_that_is_none(key, tmp_path):
    for options in ({"url": "http://127.0.0.1:1/leia"}, {"data_dir": tmp_path / "data"}):
        with pytest.raises(errors.InvalidInput, match="api_key") as caught:
            leia_nb.connect(api_key=key, **options)
        assert caught.value.field == "api_key"
    assert not (tmp_path / "data").exists()


def test_a_key_that_the_environment_cannot_give(monkeypatch):
    monkeypatch.setenv("LEIA_API_KEY", "key\udcff")
    with pytest.raises(errors.InvalidInput, match="api_key"):
        leia_nb.connect("http://127.0.0.1:1/leia").whoami()


@pytest.mark.parametrize("data_dir", [5, "a\0b", "~nobody-of-that-name/x"])
def test_a_data_folder_that_is_no_path(data_dir):
    with pytest.raises(errors.InvalidInput, match="data_dir"):
        leia_nb.connect(data_dir=data_dir)


def test_address_from_the_environment(monkeypatch):
    monkeypatch.setenv("LEIA_API_URL", "http://127.0.0.1:1/leia/1.0.0")
    assert leia_nb.connect(api_key="key").url == "http://127.0.0.1:1/leia/1.0.0"


def test_connect_to_an_address_sends_nothing():
    leia_nb.connect("http://127.0.0.1:1/leia/1.0.0", "key")


def test_nobody_listens_there():
    leia = leia_nb.connect("http://127.0.0.1:1/leia/1.0.0", "secret-key")
    with pytest.raises(errors.ConnectionFailed, match=r"127\.0\.0\.1:1") as caught:
        leia.models.list()
    assert "secret-key" not in str(caught.value)


def test_key_from_the_environment(monkeypatch):
    monkeypatch.setenv("LEIA_API_KEY", "from-environment")
    assert credentials.find_api_key("http://leia.example") == "from-environment"


def test_key_from_a_prompt(monkeypatch):
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: " typed ")
    assert credentials.find_api_key("http://leia.example") == "typed"


@pytest.mark.parametrize("failure", [EOFError, OSError, NotImplementedError])
def test_no_key_and_nobody_to_ask(monkeypatch, failure):
    def refuse(_prompt):
        raise failure

    monkeypatch.setattr(getpass, "getpass", refuse)
    with pytest.raises(errors.InvalidInput, match="LEIA_API_KEY") as caught:
        credentials.find_api_key("http://leia.example")
    assert caught.value.field == "api_key"


def test_data_folder_given_else_environment_else_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("LEIA_NB_HOME", str(tmp_path / "home"))
    assert embedded.data_folder(tmp_path / "given") == tmp_path / "given"
    assert embedded.data_folder() == tmp_path / "home"
    monkeypatch.delenv("LEIA_NB_HOME")
    assert embedded.data_folder().name == "leia_nb"


def test_missing_extra_says_what_to_install(monkeypatch, tmp_path):
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "fastapi" else real(name)
    )
    with pytest.raises(errors.MissingExtra, match=r"fastapi.*leia_nb\[local\]"):
        embedded.find_or_start(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "5", "[" * 100_000, '{"url": "http://127.0.0.1:1/leia"}',
        *(
            json.dumps({"url": "http://127.0.0.1:1/leia", "pid": 5, "instance": "i", **wrong})
            for wrong in (
                {}, {"url": 5}, {"url": "http://[::1"}, {"url": "http://127.0.0.1:abc/leia"},
                {"url": "http://127.0.0.1:99999/x"}, {"url": "http://127.0.0.1:1/a b\ud800"},
                {"url": "http://"}, {"pid": -1}, {"pid": "5"}, {"instance": None},
            )
        ),
    ],
)  # fmt: skip
def test_an_unreadable_address_file_is_no_service(tmp_path, content):
    (tmp_path / "service.json").write_text(content, encoding="utf-8")
    assert embedded.find(tmp_path) is None


def test_a_data_folder_that_is_a_file(tmp_path):
    file = tmp_path / "file"
    file.write_text("not a folder", encoding="utf-8")
    with pytest.raises(errors.ServiceStartFailed, match=r"is a file, not a folder.*LEIA_NB_HOME"):
        embedded.find_or_start(file)


@pytest.mark.parametrize("url", ["/some/folder", "~/folder", "./folder", "C:\\folder", Path("x")])
def test_a_folder_in_place_of_an_address(url):
    with pytest.raises(errors.InvalidInput, match=r"connect\(data_dir=…\)"):
        leia_nb.connect(url)


def test_an_address_without_its_scheme_is_taken_for_no_folder():
    with pytest.raises(errors.InvalidInput, match=r"not a valid HTTP\(S\) URL") as caught:
        leia_nb.connect("localhost:8000")
    assert "data_dir" not in str(caught.value)


def test_a_start_that_another_kernel_never_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded.process, "_START_SECONDS", 0.1)
    with (
        FileLock(tmp_path / "start.lock"),
        pytest.raises(errors.ServiceStartFailed, match="Another kernel"),
    ):
        embedded.find_or_start(tmp_path)


def test_a_data_folder_where_nothing_can_be_made(tmp_path):
    (tmp_path / "start.lock").mkdir()
    with pytest.raises(errors.ServiceStartFailed, match="cannot be used"):
        embedded.find_or_start(tmp_path)
