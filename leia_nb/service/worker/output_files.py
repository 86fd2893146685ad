"""The documents that an attempt made, on their way to the service."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from leia_nb.service.trainers import MadeFile
from leia_nb.service.worker.failures import Failure
from leia_nb.service.worker.tasks import OutputFile


def measured(files: Sequence[MadeFile], folder: Path) -> tuple[OutputFile, ...]:
    """Return the files that were made, with their sums and lengths, safe on the disk.

    The service, which has more to do, need not wait for the disk then.

    Parameters
    ----------
    files : sequence of MadeFile
        What was made.
    folder : pathlib.Path
        The work folder. The service moves the files out of it; one that is elsewhere,
        such as an input passed on as it is, is copied into it first.

    Returns
    -------
    tuple of Made
        In the same order.

    Raises
    ------
    Failure
        If a file is not there.
    """
    return tuple(_measured(file, folder, number) for number, file in enumerate(files))


def _measured(file: MadeFile, folder: Path, number: int) -> OutputFile:
    if not file.path.is_file():
        raise Failure(f"The document {file.filename!r} was said to be made, but is not there.")
    if folder.resolve() not in file.path.resolve().parents:
        file = replace(file, path=Path(shutil.copyfile(file.path, folder / f"copy-{number}")))
    with file.path.open("rb+") as opened:
        digest = hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False))
        os.fsync(opened.fileno())
    return OutputFile(file, digest.hexdigest(), file.path.stat().st_size)
