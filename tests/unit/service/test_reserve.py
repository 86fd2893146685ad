"""The reserve of disk space, on disks that seem as full as a test needs them."""

import errno
from collections import namedtuple
from pathlib import Path

import pytest
from sqlalchemy import select

from leia_nb.service.storage import reserve as reserves
from leia_nb.service.storage import tables
from leia_nb.service.storage.blobs import Blobs
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.reserve import SIZE, Reserve

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
    assert (file.stat().st_size, reserve.spared()) == (SIZE, 0)
    disk["free"] = 1000
    reserve.balance()
    assert (file.exists(), reserve.spared()) == (False, SIZE)
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
