"""Read and write the zip of a model file."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from leia_nb.packaging import canonical
from leia_nb.packaging.description import (
    ModelDescription,
    ModelFileError,
    decode,
    decode_object,
    encode,
)
from leia_nb.packaging.extras import require_extra
from leia_nb.packaging.trust import refuse_untrusted

DESCRIPTION = "leia-model.json"
ESTIMATOR = "estimator.skops"
_MAX_DESCRIPTION = 1 << 20
_FREE_SCHEMA = 1 << 24
_MAX_SCHEMA = 1 << 27
_MAX_SCHEMA_LISTS = 1 << 21
_MAX_MEMBERS = 50_000
_FREE_EXPANSION = 1 << 25
_MAX_RATIO = 20
_STORED_OR_DEFLATED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    OverflowError,
)


def write_model(path: Path | IO[bytes], estimator: Any, description: ModelDescription) -> None:
    """Write a model file; the same estimator and description give the same bytes.

    Parameters
    ----------
    path : pathlib.Path or binary file object
        The file to write; an existing one is replaced.
    estimator : object
        A fitted scikit-learn estimator made of types that skops trusts.
    description : ModelDescription
        The description of the model.

    Raises
    ------
    ModelFileError
        If the estimator holds types that skops does not trust.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> estimator = DummyClassifier().fit([[0], [1]], ["a", "b"])
    >>> about = ModelDescription("classification", ("text",), "text_classifier", "DummyClassifier")
    >>> write_model(tmp_path / "model.zip", estimator, about)
    >>> read_description(tmp_path / "model.zip").model_clazz
    'DummyClassifier'
    """
    data = canonical.dump(estimator)
    with zipfile.ZipFile(io.BytesIO(data)) as inner:
        refuse_untrusted(json.loads(inner.read(canonical.SCHEMA)))
    with zipfile.ZipFile(path, "w") as archive:
        canonical.add(archive, DESCRIPTION, encode(description))
        canonical.add(archive, ESTIMATOR, data)


def read_description(path: Path) -> ModelDescription:
    """Check a model file without loading its estimator, and return its description.

    Memory usage does not grow with the file.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    ModelDescription
        The description of the model.

    Raises
    ------
    ModelFileError
        If the file is not a valid model file, or holds types that skops does not trust.
    """
    with _opened(path) as (about, inner, _):
        refuse_untrusted(_schema(inner, path.stat().st_size))
        return about


def load_estimator(path: Path) -> tuple[Any, ModelDescription]:
    """Load the estimator of a model file, which may hold only types that skops trusts.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    tuple of object and ModelDescription
        The fitted estimator and its description.

    Raises
    ------
    ModelFileError
        If the file is not a valid model file, or holds types that skops does not trust.
    MissingExtra
        If ``leia_nb[local]`` is not installed.
    """
    require_extra()
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    with _opened(path) as (about, _, source):
        source.seek(0)
        try:
            return skops.io.load(source), about
        except UntrustedTypesFoundException as untrusted:
            raise ModelFileError(f"its estimator is not trusted ({untrusted})") from None
        except ModelFileError:
            raise
        except Exception as error:
            message = f"its estimator cannot be loaded ({type(error).__name__}: {error})"
            raise ModelFileError(message) from error


@contextmanager
def _opened(path: Path) -> Iterator[tuple[ModelDescription, zipfile.ZipFile, IO[bytes]]]:
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            raise ModelFileError("it is not a zip file (a model file starts with 'PK')")
        file.seek(0)
        size = path.stat().st_size
        with _zip_errors(), zipfile.ZipFile(file) as outer:
            about = decode(_member(outer, DESCRIPTION, _MAX_DESCRIPTION))
            _require_member(outer, ESTIMATOR)
            _check_size(outer, size)
            with outer.open(ESTIMATOR) as source, zipfile.ZipFile(source) as inner:
                _check_size(inner, size)
                yield about, inner, source


@contextmanager
def _zip_errors() -> Iterator[None]:
    try:
        yield
    except ModelFileError:
        raise
    except _DAMAGE as error:
        raise ModelFileError(f"its zip is damaged ({error})") from None


def _schema(inner: zipfile.ZipFile, size: int) -> dict[str, Any]:
    """Read the schema: 16 MiB, or as much as the file itself, and 128 MiB at most."""
    text = _member(inner, canonical.SCHEMA, min(_MAX_SCHEMA, max(_FREE_SCHEMA, size)))
    if text.count(b"[") + text.count(b"{") > _MAX_SCHEMA_LISTS:
        raise ModelFileError("the schema.json of its estimator has millions of nodes")
    return decode_object(text, "the schema.json of its estimator")


def _member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    _require_member(archive, name)
    if archive.getinfo(name).file_size > limit:
        raise ModelFileError(f"its member {name} is larger than {limit} bytes")
    return archive.read(name)


def _require_member(archive: zipfile.ZipFile, name: str) -> None:
    if name not in archive.namelist():
        raise ModelFileError(f"it lacks the member {name}")


def _check_size(archive: zipfile.ZipFile, size: int) -> None:
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS:
        raise ModelFileError(f"it has more than {_MAX_MEMBERS} members")
    if any(m.compress_type not in _STORED_OR_DEFLATED for m in members):
        raise ModelFileError("its zip is neither stored nor deflated")
    if any(m.flag_bits & 0x1 for m in members):
        raise ModelFileError("its zip is encrypted")
    if sum(m.file_size for m in members) > max(_FREE_EXPANSION, size * _MAX_RATIO):
        raise ModelFileError("its uncompressed size is too large")
