"""Zips that are made while they are sent."""

import io
import random
import zipfile
from datetime import UTC, datetime

from leia_nb.service.storage import zips

TIME = datetime(2026, 5, 6, 7, 8, 10, tzinfo=UTC)


def _packed(folder, contents, time=TIME):
    for name, data in contents.items():
        (folder / name).write_bytes(data)
        yield zips.ZipEntry(folder / name, f"in/{name}", len(data), time)


def _opened(blocks):
    return zipfile.ZipFile(io.BytesIO(b"".join(blocks)))


def test_every_file_is_in_it(tmp_path):
    contents = {"a": b"", "b": b"words", "c": bytes(range(256)) * 20_000}
    archive = _opened(zips.zip_blocks(_packed(tmp_path, contents)))
    assert archive.testzip() is None
    assert {name[3:]: archive.read(name) for name in archive.namelist()} == contents
    assert archive.getinfo("in/b").date_time == (2026, 5, 6, 7, 8, 10)


def test_times_before_zips_were_there(tmp_path):
    files = _packed(tmp_path, {"a": b"old"}, datetime(1970, 1, 2, tzinfo=UTC))
    assert _opened(zips.zip_blocks(files)).getinfo("in/a").date_time[0] == 1980


def test_no_block_is_large_and_none_waits_for_the_end(tmp_path):
    noise = random.Random(1).randbytes(8 * zips.BLOCK)
    blocks = zips.zip_blocks(_packed(tmp_path, {"a": noise, "b": noise}))
    first = next(blocks)
    assert zips.BLOCK <= len(first) < 3 * zips.BLOCK
    rest = list(blocks)
    assert max(map(len, rest)) < 3 * zips.BLOCK
    assert _opened([first, *rest]).read("in/b") == noise


def test_a_file_that_is_gone_is_left_out(tmp_path):
    files = list(_packed(tmp_path, {"a": b"1", "b": b"2"}))
    files[0].path.unlink()
    assert _opened(zips.zip_blocks(files)).namelist() == ["in/b"]


def test_a_zip_that_nobody_takes_to_its_end_closes_its_file(tmp_path):
    blocks = zips.zip_blocks(_packed(tmp_path, {"a": bytes(range(256)) * 100_000}))
    next(blocks)
    blocks.close()
    (tmp_path / "a").unlink()


def test_names_are_told_apart():
    names = [("a.txt", "txt")] * 3 + [
        ("A (2).TXT", "txt"),
        ("b", None),
        ("b", None),
        ("c.png", "png"),
    ]
    unique = list(zips.unique_names(names))
    assert unique == [
        "a.txt",
        "a (2).txt",
        "a (3).txt",
        "A (2) (2).TXT",
        "b",
        "b (2)",
        "c.png",
    ]
    many = list(zips.unique_names([("same", None)] * 5000))
    assert len({name.casefold() for name in many}) == 5000
