"""The reserve of disk space, on disks that seem as full as a test needs them."""

import errno
from collections import namedtuple
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from leia_nb.service.storage import reserve as reserves
from leia_nb.service.storage import tables
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.reserve import SIZE, Reserve

try:
    import resource
except ImportError:
    resource = None  # on Windows

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def disk(monkeypatch):
    """Say how many bytes are free, besides what is really there."""
    said = {"free": 10 * SIZE}
    monkeypatch.setattr(reserves.shutil, "disk_usage", lambda _: Usage(0, 0, said["free"]))
    return said


@pytest.fixture
def file(tmp_path):
    return tmp_path / "reserve"


def test_it_is_given_up_and_made_again(disk, file):
    reserve = Reserve(file)
    reserve.balance()
    assert (file.stat().st_size, reserve.available_to_files(SIZE)) == (SIZE, SIZE)
    disk["free"] = 1000
    reserve.balance()
    assert (file.exists(), reserve.available_to_files(SIZE)) == (False, 0)
    disk["free"] = SIZE
    reserve.balance()
    assert not file.exists()
    disk["free"] = 3 * SIZE
    reserve.balance()
    assert file.exists()


def test_a_reserve_that_cannot_be_made_leaves_nothing(disk, file, monkeypatch):
    def refuse(self, target):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(Path, "replace", refuse)
    Reserve(file).balance()
    assert list(file.parent.iterdir()) == []


def test_every_write_looks_after_it(disk, file):
    database = Database(file.with_name("leia.db"), Reserve(file))
    assert file.exists()
    disk["free"] = 0
    with database.read() as session:
        session.scalar(select(tables.Application.id))
    assert file.exists()
    with database.write() as session:
        session.scalar(select(tables.Application.id))
    assert not file.exists()
    database.close()


def test_what_it_leaves_free_is_not_for_files(disk, file):
    blobs = Blobs(file.parent / "blobs", Reserve(file))
    disk["free"] = SIZE + 7
    assert blobs.free_bytes() == 7
    disk["free"] = 100
    assert blobs.free_bytes() < 0


@contextmanager
def _no_file_longer_than(size):
    """Let the operating system refuse to lengthen files, as it does for want of quota."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


needs_limits = pytest.mark.skipif(resource is None, reason="needs limits of the operating system")


@needs_limits
def test_a_write_without_room_gives_it_up_although_the_disk_has_room(disk, file):
    """SQLite calls it a disk I/O error, as it does a quota that is used up."""
    blobs = Blobs(file.with_name("blobs"), Reserve(file))
    reserve = blobs._reserve
    database = Database(file.with_name("leia.db"), reserve)
    full = pytest.raises(OSError, match="The disk is full")
    with _no_file_longer_than(100), full as caught, database.write() as session:
        session.add(_application())
    assert caught.value.errno == errno.ENOSPC
    assert "disk I/O error" in str(caught.value.__cause__)
    assert not file.exists()
    assert blobs.free_bytes() < 0, "no file is taken that would take its place"
    with database.write() as session:
        session.add(_application())
    assert file.exists(), "there is room again"
    assert blobs.free_bytes() > 0
    database.close()


@needs_limits
def test_it_is_not_made_again_while_there_is_room_for_it_alone(disk, file):
    reserve = Reserve(file)
    with _no_file_longer_than(SIZE + 1):
        reserve.balance()
        assert list(file.parent.iterdir()) == []
        assert reserve.available_to_files(10 * SIZE) < 0
    reserve.balance()
    assert file.stat().st_size == SIZE


def test_other_trouble_with_the_database_leaves_it_alone(disk, file):
    database = Database(file.with_name("leia.db"), Reserve(file))
    with pytest.raises(OperationalError), database.write() as session:
        session.execute(text("SELECT * FROM nothing"))
    assert not Reserve(file).release_if_full(), "there is room"
    assert file.exists()
    database.close()


@pytest.mark.skipif(not hasattr(errno, "EDQUOT"), reason="a system without quotas")
def test_a_quota_that_is_used_up_gives_it_up(disk, file, monkeypatch):
    reserve = Reserve(file)
    reserve.balance()

    def refuse(*_):
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(reserves, "_fill", refuse)
    assert reserve.release_if_full()
    assert list(file.parent.iterdir()) == []
    reserve.balance()
    assert reserve.available_to_files(10 * SIZE) < 0


def _application():
    return tables.Application(
        application_type="admin",
        email="a@example.com",
        first_name="A",
        last_name="B",
        api_key_hash="0" * 64,
    )
