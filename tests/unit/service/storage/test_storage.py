"""Rows and blobs stay together, whatever fails."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from leia_nb.service.api_errors import ApiError
from leia_nb.service.schemas.requests import AnnotationCreate, DocumentCreate
from leia_nb.service.storage import (
    annotations,
    document_changes,
    documents,
    logins,
    tables,
)
from leia_nb.service.storage.blobs import Blobs, Upload
from leia_nb.service.storage.database import Database
from leia_nb.service.storage.job_inputs import training_documents


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "leia.db")
    yield database
    database.close()


@pytest.fixture
def owner(database, tmp_path):
    with database.write() as session:
        logins.ensure_first_admin(session, tmp_path / "admin.key", None)
        return session.scalar(select(tables.Application.id))


def _upload(blobs, content=b"words"):
    path = blobs.new_upload()
    path.write_bytes(content)
    return path


def _files(blobs):
    return sorted(p.name for p in blobs.root.rglob("*") if p.is_file())


def _add_row(session, blobs, owner, **options):
    upload = Upload(_upload(blobs), "0" * 32, 5)
    request = DocumentCreate(filename="a.txt", **options)
    return document_changes.add_document(session, blobs, owner, request, upload)


def _add(database, blobs, owner, **options):
    with database.write() as session:
        return _add_row(session, blobs, owner, **options).id


def _count(database, table):
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_blob_is_adopted_whole(blobs):
    upload = _upload(blobs)
    blobs.adopt(upload, "a" * 24)
    assert _files(blobs) == ["a" * 24]
    assert blobs.path("a" * 24).read_bytes() == b"words"


def test_adopting_from_another_file_system(blobs, tmp_path, monkeypatch):
    far = tmp_path / "far"
    far.write_bytes(b"words")
    real = Path.replace

    def replace(self, target):
        if self == far:
            raise OSError(errno.EXDEV, "another file system")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    blobs.adopt(far, "a" * 24)
    assert (_files(blobs), far.exists()) == (["a" * 24], False)


def test_a_copy_that_fails_leaves_nothing(blobs, tmp_path, monkeypatch):
    far = tmp_path / "far"
    far.write_bytes(b"words")

    def replace(self, target):
        raise OSError(errno.EXDEV if self == far else errno.ENOSPC, "no")

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OSError, match="no"):
        blobs.adopt(far, "a" * 24)
    assert (_files(blobs), far.exists()) == ([], True)


def test_deleting_what_is_absent_is_no_error(blobs):
    blobs.delete("a" * 24)


def test_the_sweep_removes_what_no_row_knows(blobs):
    _upload(blobs)
    blobs.adopt(_upload(blobs), "a" * 24)
    blobs.adopt(_upload(blobs), "b" * 24)
    assert blobs.sweep({"a" * 24}) == 2
    assert _files(blobs) == ["a" * 24]


def test_a_rolled_back_document_leaves_no_blob(database, blobs, owner):
    kept = _add(database, blobs, owner)

    def add_and_fail():
        with database.write() as session:
            _add_row(session, blobs, owner)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        add_and_fail()
    assert _files(blobs) == [kept]
    assert _count(database, tables.Document) == 1


def test_a_commit_that_fails_leaves_no_blob(database, blobs, owner):
    def refuse(_connection):
        raise OperationalError("COMMIT", {}, Exception("disk full"))

    event.listen(database._writer, "commit", refuse)
    with pytest.raises(OperationalError):
        _add(database, blobs, owner)
    event.remove(database._writer, "commit", refuse)
    assert _files(blobs) == []
    assert _count(database, tables.Document) == 0


def test_a_rolled_back_deletion_keeps_the_blob(database, blobs, owner):
    kept = _add(database, blobs, owner)

    def delete_and_fail():
        with database.write() as session:
            document_changes.delete_documents(session, blobs, [kept])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        delete_and_fail()
    assert _files(blobs) == [kept]


def test_expiry_takes_everything_made_from_it(database, blobs, owner):
    original = _add(database, blobs, owner, tags=["t"])
    page, part, other = (_add(database, blobs, owner, tags=["t"]) for _ in range(3))
    with database.write() as session:
        session.get(tables.Document, page).original_id = original
        session.get(tables.Document, part).original_id = page
        request = AnnotationCreate(annotation_type="TEXT", tags=["t"])
        for document_id in (original, page, part, other):
            annotations.add_annotation(session, owner, document_id, request, {})
    with database.write() as session:
        expired = tables.now() - timedelta(seconds=1)
        session.get(tables.Document, original).expiration_time = expired
        assert document_changes.delete_expired(session, blobs) == [original, page, part]
    assert _files(blobs) == [other]
    counted = (tables.Document, tables.DocumentTag, tables.Annotation, tables.AnnotationTag)
    assert [_count(database, t) for t in counted] == [1, 1, 1, 1]


def test_documents_that_made_one_another_are_named_once(database, blobs, owner):
    first, second = _add(database, blobs, owner), _add(database, blobs, owner)
    with database.write() as session:
        session.get(tables.Document, first).original_id = second
        session.get(tables.Document, second).original_id = first
    with database.read() as session:
        assert documents.with_made_from(session, [first]) == [first, second]
        assert documents.with_made_from(session, [second, first]) == [second, first]


def test_deletion_leaves_what_was_made_from_it(database, blobs, owner):
    original, page = _add(database, blobs, owner), _add(database, blobs, owner)
    with database.write() as session:
        session.get(tables.Document, page).original_id = original
    with database.write() as session:
        assert document_changes.delete_documents(session, blobs, [original]) == [original]
    assert _files(blobs) == [page]
    with database.read() as session:
        assert session.get(tables.Document, page).original_id == original


def test_expired_documents_are_gone_before_they_are_deleted(database, blobs, owner):
    kept = _add(database, blobs, owner, ttl=3600, tags=["learn"])
    expired = _add(database, blobs, owner, ttl=60, tags=["learn"])
    with database.write() as session:
        session.get(tables.Document, expired).expiration_time = tables.now() - timedelta(seconds=1)
    with database.read() as session:
        assert documents.own_document(session, owner, kept) is not None
        assert documents.own_document(session, owner, expired) is None
        with pytest.raises(ApiError) as refused:
            documents.require_own_all(session, owner, [kept, expired])
        assert (refused.value.code, expired in refused.value.message) == ("unknown_document", True)
        (learnt,) = training_documents(session, blobs, owner, "learn")
        assert learnt.id == kept
    with database.write() as session:
        assert document_changes.delete_expired(session, blobs) == [expired]
    assert _files(blobs) == [kept]


def test_pages_made_from_a_document_come_in_order(database, blobs, owner):
    original = _add(database, blobs, owner)
    pages = [_add(database, blobs, owner, tags=["p"] if n else []) for n in range(4)]
    with database.write() as session:
        for number, page in enumerate(reversed(pages)):
            row = session.get(tables.Document, page)
            row.original_id, row.page = original, number
    with database.read() as session:
        found = documents.made_from(session, owner, original, "p")
        assert [row.id for row in found] == [pages[3], pages[2], pages[1]]
        assert documents.made_from(session, "another", original, "p") == []


def test_many_ids_in_their_order(database, blobs, owner):
    ids = [_add(database, blobs, owner) for _ in range(5)][::-1]
    with database.read() as session:
        assert [r.id for r in documents.require_own_all(session, owner, ids)] == ids


def test_the_first_admin_is_made_once_and_its_key_kept(database, tmp_path):
    file = tmp_path / "key"
    with database.write() as session:
        assert logins.ensure_first_admin(session, file, None)
    key = file.read_text().strip()
    with database.write() as session:
        assert not logins.ensure_first_admin(session, file, "another")
    with database.read() as session:
        assert logins.application_of_key(session, key).application_type == "admin"
        assert logins.application_of_key(session, "another") is None
        assert key not in str(session.execute(select(tables.Application.__table__)).all())


def test_a_crash_between_key_file_and_row_reuses_the_key(database, tmp_path):
    (tmp_path / "key").write_text("kept-key\n")
    with database.write() as session:
        logins.ensure_first_admin(session, tmp_path / "key", None)
        assert logins.application_of_key(session, "kept-key") is not None


def test_tokens_live_for_their_ttl_after_their_last_use(database, owner):
    with database.write() as session:
        token = logins.create_token(session, owner, 100)
        assert token not in str(session.execute(select(tables.Login.__table__)).all())
    with database.read() as session:
        application, row = logins.find_login(session, token)
        assert application.id == owner
        assert not logins.needs_renewal(row, 100)
    with database.write() as session:
        session.get(tables.Login, row.token_hash).expires -= 50
    with database.write() as session:
        row = logins.find_login(session, token)[1]
        assert logins.needs_renewal(row, 100)
        logins.renew(session, row, 100)
        assert not logins.needs_renewal(row, 100)
        row.expires -= 101
        session.flush()
        assert logins.find_login(session, token) is None
        logins.create_token(session, owner, 100)
        session.expire_all()
        assert session.get(tables.Login, logins.digest(token)) is None


def test_errors_of_the_database_show_no_values(database, owner):
    def collide():
        with database.write() as session:
            for _ in range(2):
                session.add(tables.Login(token_hash="secret", application_id=owner, expires=0))
                session.flush()
                session.expunge_all()

    with pytest.raises(Exception, match="UNIQUE") as failed:
        collide()
    assert "secret" not in str(failed.value)
