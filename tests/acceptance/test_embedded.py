"""The embedded service of a data folder: started once, found again, gone when idle."""

import contextlib
import json
import subprocess
import sys
import threading
import time

import psutil
import pytest
from filelock import FileLock

import leia_nb
from leia_nb import embedded, errors


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "data"
    yield folder
    embedded.stop(folder)


def _ended(pid, seconds=30):
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(timeout=seconds)
    return not psutil.pid_exists(pid)


def test_connect_starts_says_so_and_finds_it_again(folder, capsys):
    leia = leia_nb.connect(data_dir=folder)
    said = capsys.readouterr().out
    assert (
        said == f"Connected to the embedded LEIA service at {leia.url} (data folder: {folder}).\n"
    )
    assert leia_nb.connect(data_dir=folder).url == leia.url
    assert leia.health()


def test_kernels_that_connect_at_once_share_one_service(folder):
    code = "import sys, leia_nb; print(leia_nb.connect(data_dir=sys.argv[1]).url)"
    command = [sys.executable, "-c", code, str(folder)]
    kernels = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = {kernel.communicate(timeout=120)[0].splitlines()[-1] for kernel in kernels}
    assert said == {embedded.find(folder).url}


def test_leftover_of_a_killed_service_is_no_hindrance(folder):
    first = embedded.find_or_start(folder)
    psutil.Process(first.pid).kill()
    assert _ended(first.pid)
    second = embedded.find_or_start(folder)
    assert second.instance != first.instance


def test_a_stopped_service_comes_back_with_the_next_call(folder):
    leia = leia_nb.connect(data_dir=folder)
    model_count = len(leia.models.list())
    assert embedded.stop(folder)
    assert len(leia.models.list()) == model_count
    assert leia.url == embedded.find(folder).url


def test_a_process_that_started_a_service_leaves_without_a_warning(folder):
    code = "import sys, leia_nb; leia_nb.connect(data_dir=sys.argv[1])"
    command = [sys.executable, "-W", "error", "-c", code, str(folder)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert said.stderr == ""
    assert embedded.find(folder) is not None


def test_stop_without_a_service(tmp_path):
    assert embedded.stop(tmp_path) is False


def test_an_idle_service_leaves_by_itself(folder, monkeypatch):
    monkeypatch.setattr(embedded.process, "IDLE_SECONDS", 1)
    address = embedded.find_or_start(folder)
    assert _ended(address.pid)
    assert embedded.find(folder) is None


def test_a_damaged_database_is_reported_with_the_log(folder):
    folder.mkdir()
    (folder / "leia.db").write_bytes(b"this is no database at all, not even a small one" * 100)
    with pytest.raises(errors.ServiceStartFailed, match="not a database") as caught:
        leia_nb.connect(data_dir=folder)
    assert "Traceback" not in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 4
    served = _command("serve", "--data", folder)
    _, complaint = served.communicate(timeout=60)
    assert served.returncode == 5
    assert "leia.db cannot be used: file is not a database" in complaint
    assert "Traceback" not in complaint


@pytest.mark.parametrize(
    "content",
    [b'{"url": 5, "pid": -1}', b'{"url": "http://[::1", "pid": 9, "instance": "i"}', b"\xff"],
)
def test_garbage_in_the_address_file_is_no_hindrance(folder, content):
    folder.mkdir()
    (folder / "service.json").write_bytes(content)
    assert leia_nb.connect(data_dir=folder).health()


def test_a_damaged_key_file(folder):
    leia_nb.connect(data_dir=folder)
    (folder / "admin.key").write_bytes(b"\xff\xfe")
    with pytest.raises(errors.LeiaError):
        leia_nb.connect(data_dir=folder).whoami()


def test_another_services_key_is_not_passed_on(folder, monkeypatch):
    monkeypatch.setenv("LEIA_API_KEY", "key-of-the-real-leia")
    leia = leia_nb.connect(data_dir=folder)
    assert embedded.admin_key(folder) != "key-of-the-real-leia"
    assert leia.whoami().application_type == "admin"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_admin_key_is_for_its_owner_only(folder):
    embedded.find_or_start(folder)
    assert (folder / "admin.key").stat().st_mode & 0o777 == 0o600


def _command(*arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "leia_nb.cli.main", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def test_version():
    said, _ = _command("--version").communicate(timeout=60)
    assert said.strip() == f"leia-nb {leia_nb.__version__}"


def test_serve_in_the_foreground_and_stop(folder):
    with _command("serve", "--data", folder) as served:
        first = served.stdout.readline()
        assert first.startswith("LEIA is running at http://127.0.0.1:")
        address = json.loads((folder / "service.json").read_text(encoding="utf-8"))
        leia = leia_nb.connect(address["url"], embedded.admin_key(folder))
        assert leia.whoami().application_type == "admin"
        said, _ = _command("stop", "--data", folder).communicate(timeout=60)
        assert said.startswith("Stopped the service on")
        served.communicate(timeout=60)
    assert served.returncode == 0


def test_second_service_on_the_same_folder(folder):
    embedded.find_or_start(folder)
    second = _command("serve", "--data", folder)
    _, complaint = second.communicate(timeout=60)
    assert second.returncode == 3
    assert str(folder) in complaint
    assert "Traceback" not in complaint


def test_port_that_is_taken(folder, tmp_path):
    address = embedded.find_or_start(folder)
    port = address.url.split(":")[2].split("/")[0]
    second = _command("serve", "--data", tmp_path / "other", "--port", port)
    _, complaint = second.communicate(timeout=60)
    assert second.returncode not in (0, None)
    assert port in complaint
    assert "Traceback" not in complaint


def test_a_folder_held_by_a_service_that_does_not_answer(folder, monkeypatch):
    folder.mkdir()
    monkeypatch.setattr(embedded.process, "_STOP_SECONDS", 0.2)
    with (
        FileLock(folder / "service.lock"),
        pytest.raises(errors.ServiceStartFailed, match="does not answer"),
    ):
        embedded.find_or_start(folder)


def test_a_service_that_is_about_to_end_is_waited_for(folder):
    folder.mkdir()
    ending = FileLock(folder / "service.lock", thread_local=False)
    ending.acquire()
    threading.Timer(1.0, ending.release).start()
    assert embedded.find_or_start(folder).pid > 1


def test_calls_during_a_restart_find_the_new_service(folder):
    leia = leia_nb.connect(data_dir=folder)
    leia.whoami()
    for _ in range(2):
        embedded.stop(folder)
        time.sleep(0.1)
        assert leia.whoami().id
