"""Files that come from the browser piece by piece, and the field that holds them."""

import hashlib

import pytest

from leia_nb.errors import InvalidInput
from leia_nb.widgets.browser.file_drop import MOST_BYTES, DropArea
from leia_nb.widgets.fields.file import FileField

PIECE = 1024 * 1024


class Browser:
    """Stands in for the browser: sends files as drop.js does."""

    def __init__(self, area):
        self.area = area
        self.answers = []
        area.send = self.answers.append

    def send(self, kind, file="f", *buffers, **more):
        buffers = [memoryview(buffer) for buffer in buffers]
        self.area._on_message(self.area, {"kind": kind, "file": file, **more}, buffers)

    def drop(self, name, data, file="f", pieces=None):
        self.send("begin", file, name=name, size=len(data))
        for start in list(range(0, len(data), PIECE))[:pieces]:
            self.send("piece", file, data[start : start + PIECE], offset=start)


class Area:
    def __init__(self, **options):
        self.files, self.begun, self.failures = [], [], []
        self.area = DropArea(
            self.files.append,
            on_begin=self.begun.append,
            on_failure=lambda name, why: self.failures.append((name, why)),
            **options,
        )
        self.browser = Browser(self.area)


@pytest.fixture
def place():
    made = []

    def make(**options):
        made.append(Area(**options))
        return made[-1]

    yield make
    for one in made:
        one.area.close()


DATA = bytes(range(256)) * 10_000  # 2.56 MB: three pieces


class TestArea:
    def test_a_file_of_several_pieces(self, place):
        here = place()
        here.browser.drop("digits.zip", DATA)
        (file,) = here.files
        assert file.name == "digits.zip"
        assert file.path.read_bytes() == DATA
        assert (file.size, file.md5sum) == (len(DATA), hashlib.md5(DATA).hexdigest())
        assert here.begun == ["digits.zip"]
        assert [answer["kind"] for answer in here.browser.answers] == ["more"] * 3 + ["done"]
        assert not here.area.busy

    def test_every_piece_is_acknowledged(self, place):
        here = place()
        here.browser.drop("digits.zip", DATA, pieces=2)
        assert here.browser.answers[-1] == {"kind": "more", "file": "f", "offset": 2 * PIECE}
        assert here.area.busy
        assert here.files == []

    def test_a_piece_that_comes_twice_counts_once(self, place):
        here = place()
        here.browser.drop("digits.zip", DATA, pieces=1)
        here.browser.send("piece", "f", DATA[:PIECE], offset=0)
        for start in (PIECE, 2 * PIECE):
            here.browser.send("piece", "f", DATA[start : start + PIECE], offset=start)
        assert here.files[0].path.read_bytes() == DATA

    def test_an_empty_file(self, place):
        here = place()
        here.browser.drop("empty", b"")
        assert here.files[0].size == 0

    def test_a_file_that_is_too_large_is_refused_before_it_is_sent(self, place):
        here = place(most_bytes=1000)
        here.browser.drop("big.zip", b"x" * 1001, pieces=0)
        assert here.browser.answers == [{"kind": "refused", "file": "f"}]
        ((name, why),) = here.failures
        assert name == "big.zip"
        assert "the browser can send at most 1.0 kB" in why
        assert "enter its path" in why

    def test_the_limit_is_stated(self, place):
        assert "up to 2.0 GB" in place().area.description
        assert MOST_BYTES == 2_000_000_000

    def test_a_second_file_takes_the_place_of_the_first(self, place):
        here = place()
        here.browser.drop("one", DATA, "1", pieces=1)
        here.browser.drop("two", b"2", "2")
        here.browser.send("piece", "1", DATA[PIECE:], offset=PIECE)
        assert [file.name for file in here.files] == ["two"]

    def test_several_files_at_once(self, place):
        here = place(multiple=True)
        here.browser.send("begin", "1", name="one", size=3)
        here.browser.send("begin", "2", name="two", size=3)
        here.browser.send("piece", "2", b"222", offset=0)
        here.browser.send("piece", "1", b"111", offset=0)
        assert [file.path.read_bytes() for file in here.files] == [b"222", b"111"]

    def test_a_file_that_the_browser_cannot_read(self, place):
        here = place()
        here.browser.drop("gone", DATA, pieces=1)
        here.browser.send("broken", why="The browser cannot read it: it is gone.")
        assert here.failures == [("gone", "The browser cannot read it: it is gone.")]
        assert not here.area.busy

    def test_a_full_disk(self, place, monkeypatch):
        here = place()
        here.browser.drop("digits.zip", DATA, pieces=1)

        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("leia_nb.widgets.browser.file_drop.IncomingFile.add", full)
        here.browser.send("piece", "f", DATA[PIECE:], offset=PIECE)
        assert here.failures == [
            ("digits.zip", "The kernel cannot store it: No space left on device.")
        ]

    def test_a_name_leads_nowhere(self, place):
        here = place()
        here.browser.drop("../../etc/passwd", b"x")
        assert here.files[0].path.name == "file-1"

    @pytest.mark.parametrize("unfinished", [False, True])
    def test_close_removes_the_files(self, place, unfinished):
        here = place()
        here.browser.drop("digits.zip", DATA, pieces=1 if unfinished else None)
        folder = here.area._folder
        assert folder.is_dir()
        here.area.close()
        assert not folder.exists()

    def test_what_nobody_asked_for_is_ignored(self, place):
        here = place()
        here.browser.send("piece", "never begun", b"x", offset=0)
        here.browser.send("broken", "never begun", why="")
        here.browser.send("nonsense")
        assert here.files == here.failures == []


@pytest.fixture
def field():
    made = FileField(
        "file",
        begins=b"PK",
        kind="a model file",
        label="Model file",
        tooltip="The zip.",
        required=True,
        most_bytes=10_000,
    )
    yield made
    made.close()


@pytest.fixture
def model_file(tmp_path):
    path = tmp_path / "digits.zip"
    path.write_bytes(b"PK" + bytes(1000))
    return path


def said(field):
    return field._hint.value + field._message.value


class TestField:
    def test_empty(self, field):
        assert field.value is None
        assert field.check() == "Model file is empty. Choose a file, or enter its path."

    def test_a_path_with_size_and_md5(self, field, model_file, until):
        field.fill(model_file)
        assert field.value == model_file
        assert field.check() is None
        md5sum = hashlib.md5(model_file.read_bytes()).hexdigest()
        until(lambda: f"1.0 kB · md5 {md5sum}" in said(field))
        assert field.literal() == repr(str(model_file))

    def test_a_path_from_home(self, field, model_file, monkeypatch):
        monkeypatch.setenv("HOME", str(model_file.parent))
        monkeypatch.setenv("USERPROFILE", str(model_file.parent))
        field.fill("~/digits.zip")
        assert field.check() is None

    def test_no_such_file(self, field, tmp_path):
        field.fill(tmp_path / "none.zip")
        wrong = (
            f"{tmp_path / 'none.zip'} does not exist in the kernel's file system. Check the path."
        )
        assert field.check() == wrong
        assert "does not exist" in said(field)

    def test_a_folder(self, field, tmp_path):
        field.fill(tmp_path)
        assert field.check() == f"{tmp_path} is a folder. Enter the path of a file."

    def test_an_empty_file(self, field, tmp_path):
        (tmp_path / "none").touch()
        field.fill(tmp_path / "none")
        assert field.check() == f"{tmp_path / 'none'} is empty (0 bytes). Choose another file."

    def test_a_path_with_a_null_character(self, field):
        field.fill("a\0b")
        assert "cannot be read" in field.check()

    def test_another_kind_of_file_is_flagged_at_once(self, field, tmp_path):
        (tmp_path / "text.zip").write_bytes(b"text")
        field.fill(tmp_path / "text.zip")
        assert "text.zip is not a model file. Choose another file." in said(field)

    def test_a_dropped_file(self, field):
        told = []
        field.on_change(lambda: told.append(field.value))
        Browser(field.area).drop("digits.zip", b"PK...")
        assert field.value.read_bytes() == b"PK..."
        assert field.shown_name == "digits.zip"
        assert field.literal() == "'digits.zip'"
        assert f"digits.zip · 5 bytes · md5 {hashlib.md5(b'PK...').hexdigest()}" in said(field)
        assert told

    def test_a_dropped_file_of_another_kind_is_flagged_at_once(self, field):
        Browser(field.area).drop("notes.txt", b"text")
        assert "notes.txt is not a model file. Choose another file." in said(field)

    def test_a_dropped_file_that_is_still_coming(self, field):
        Browser(field.area).send("begin", name="digits.zip", size=5)
        assert (
            field.check() == "The file is still being transferred from the browser. Wait a moment."
        )
        assert "Transferring digits.zip" in said(field)

    def test_a_dropped_file_that_is_too_large(self, field):
        Browser(field.area).send("begin", name="big.zip", size=20_000)
        assert field.check().startswith("big.zip was not transferred: The file is 20.0 kB")

    def test_the_last_one_counts(self, field, model_file):
        browser = Browser(field.area)
        field.fill(model_file)
        browser.drop("other.zip", b"PK...")
        assert field.shown_name == "other.zip"
        assert field.control.value == ""
        field.fill(model_file)
        assert field.value == model_file
        browser.drop("other.zip", b"PK...")
        field.control.value = str(model_file)  # as a person types
        assert field.value == model_file

    def test_bytes(self, field):
        field.fill(b"PK...")
        assert field.value.read_bytes() == b"PK..."

    def test_anything_else_is_refused(self, field):
        with pytest.raises(InvalidInput, match="file must be a path or bytes, got int"):
            field.fill(3)

    def test_a_file_that_was_sent_is_gone(self, field):
        field.fill(b"PK...")
        path = field.value
        field.sent(field.value)
        assert not path.exists()
        assert field.check() == "model.zip was sent and is no longer kept here. Choose it again."

    def test_a_path_that_was_sent_stays(self, field, model_file):
        field.fill(model_file)
        field.sent(field.value)
        assert field.check() is None
        assert model_file.exists()


class TestHostileBrowser:
    @pytest.mark.parametrize(
        "message",
        [
            None,
            7,
            [],
            {},
            {"kind": "begin"},
            {"kind": "begin", "file": "f", "name": "a", "size": "many"},
            {"kind": "begin", "file": "f", "name": "a", "size": float("nan")},
            {"kind": "begin", "file": "f", "name": "a", "size": float("inf")},
            {"kind": "begin", "file": "f", "name": "a", "size": -1},
            {"kind": "begin", "file": "f", "name": "a", "size": []},
            {"kind": "piece", "file": "f", "offset": 0},
            {"kind": "piece", "file": ["f"], "offset": None},
            {"kind": "broken", "file": "f"},
            {"kind": "begin", "file": {}, "name": {}, "size": 10**30},
        ],
    )
    def test_a_message_that_makes_no_sense_changes_nothing(self, place, message):
        here = place()
        here.area._on_message(here.area, message, [])
        assert not here.area.busy
        here.browser.drop("digits.zip", DATA)
        assert [file.name for file in here.files] == ["digits.zip"]

    @pytest.mark.parametrize(
        ("message", "buffers"),
        [
            ({"kind": "piece", "file": "f", "offset": 0}, []),
            ({"kind": "piece", "file": "f", "offset": "first"}, [b"x"]),
            ({"kind": "piece", "file": "f", "offset": 0}, [b"more than was said"]),
            ({"kind": "begin", "file": "f", "name": "again", "size": 3}, []),
            ({"kind": "broken", "file": "f"}, []),
        ],
    )
    def test_nonsense_about_a_file_ends_its_way(self, place, message, buffers):
        here = place(multiple=True)
        here.browser.send("begin", name="digits.zip", size=3)
        here.area._on_message(here.area, message, buffers)
        assert here.failures == [("digits.zip", "The browser sent a malformed message.")]
        assert here.browser.answers[-1] == {"kind": "refused", "file": "f"}
        assert not here.area.busy

    def test_pieces_out_of_order_are_asked_for_again(self, place):
        here = place()
        here.browser.send("begin", name="digits.zip", size=len(DATA))
        here.browser.send("piece", "f", DATA[PIECE : 2 * PIECE], offset=PIECE)
        assert here.browser.answers[-1] == {"kind": "more", "file": "f", "offset": 0}
        here.browser.send("piece", "f", DATA[:PIECE], offset=0)
        assert here.browser.answers[-1]["offset"] == PIECE

    def test_a_name_that_cannot_be_shown(self, place):
        here = place()
        here.browser.drop("half \ud800.zip", b"x")
        assert here.files[0].name == "half ?.zip"

    def test_of_many_files_a_few_come_at_a_time(self, place):
        here = place(multiple=True)
        for number in range(500):
            here.browser.send("begin", str(number), name=f"{number}.txt", size=1)
        assert len(here.begun) == 500
        assert [answer["file"] for answer in here.browser.answers] == ["0", "1"]
        for number in range(500):
            here.browser.send("piece", str(number), b"x", offset=0)
        assert [file.name for file in here.files] == [f"{number}.txt" for number in range(500)]
        assert not here.area.busy

    def test_many_empty_files_wait_behind_one_that_is_slow(self, place):
        here = place(multiple=True)
        for name in ("slow", "slower"):
            here.browser.send("begin", name, name=name, size=1)
        for number in range(2000):
            here.browser.send("begin", str(number), name=str(number), size=0)
        here.browser.send("piece", "slow", b"x", offset=0)
        assert len(here.files) == 2001
        assert here.area.busy

    def test_a_page_that_is_loaded_again_leaves_nothing_on_its_way(self, place):
        here = place(multiple=True)
        here.browser.drop("digits.zip", DATA, pieces=1)
        here.browser.send("here")
        assert not here.area.busy
        assert here.failures == [("digits.zip", "The page was reloaded during the transfer.")]
        here.browser.drop("digits.zip", DATA)
        assert len(here.files) == 1


@pytest.mark.parametrize("message", [None, 7, [], {}, {"kind": ["key"]}, {"kind": "key"}])
def test_no_message_harms_the_other_widgets(message):
    from leia_nb.widgets.browser.browser_sync import CopyButton
    from leia_nb.widgets.fields.api_key import ApiKeyField

    sync = CopyButton()
    sync._on_message(sync, message, [])
    assert not sync.connected
    key = ApiKeyField("api_key", label="Key", tooltip="It.")
    key._receive(key.control, message, [])
    assert not key.is_there
    sync.close()
    key.close()
