"""Models as files: create one from a file, download it, delete it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from leia_nb.api.paths import safe_name, target_path
from leia_nb.errors import DamagedTransfer, InvalidInput, InvalidModelFile
from leia_nb.records.records import Model
from leia_nb.resources.base import Resource, owner_of
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.checks import checked
from leia_nb.resources.parameters.references import optional_id, reference
from leia_nb.transport.downloads import Download, download_to
from leia_nb.transport.uploads import UploadBody, open_upload

_UNNAMED = "The file"


class ModelFiles(Resource):
    """The part of `Models` that creates, reads and deletes models."""

    _kind = "model"

    def get(self, model: Any, *, application_id: Any = None, scope: str | None = None) -> Model:
        """Get a model's record.

        LEIA operation: `get_model`.

        Parameters
        ----------
        %(model)s
        %(application_id)s
        %(scope)s

        Returns
        -------
        Model
            The record.

        Raises
        ------
        %(UnknownModel)s

        Examples
        --------
        >>> leia.models.get("digits-v1").model_type
        <ModelType.CLASSIFICATION: 'classification'>
        """
        return Model.from_json(self._on("get_model", model, application_id, scope))

    def create(
        self,
        file: str | os.PathLike[str] | bytes | Any,
        name: str,
        *,
        application_id: Any = None,
        short_name: str | None = None,
        description: str | None = None,
        ttl: int | None = None,
        allowed_application_ids: Any = None,
        allow_all_applications: bool | None = None,
        tags: Sequence[str] = (),
        cores: float | None = None,
        memory: float | None = None,
        always_on_workers: int | None = None,
        progress: bool = True,
    ) -> Model:
        """Create a model from a model file, which declares the type of the model.

        The file is sent in blocks of 1 MiB; the size and MD5 of the stored model are
        compared with what was sent.

        LEIA operation: `create_model` (admin).

        Parameters
        ----------
        file : path, bytes or binary file object
            The model file, a zip.
        name : str
            Its name.
        application_id : str or object, optional
            Its owner; default: this application.
        %(short_name)s
        description : str, optional
            Its description.
        %(model_ttl)s
        %(access)s
        %(tags)s
        cores : float, optional
            The CPU cores that it requires; default: the service's choice.
        memory : float, optional
            The memory that it requires, in GB; default: the service's choice.
        always_on_workers : int, optional
            The workers that always keep it loaded; default: none.
        %(progress)s

        Returns
        -------
        Model
            The new model.

        Raises
        ------
        %(InvalidFile)s
        InvalidModelFile
            If the file is not a model file.
        %(ShortNameTaken)s
        %(NoOwner)s
        %(Forbidden)s
        %(StorageFull)s
        %(DamagedUpload)s
        %(OutcomeUnknown)s

        Examples
        --------
        >>> path = leia.models.download("digits-v1", tmp_path / "digits.zip", progress=False)
        >>> copy = leia.models.create(path, "A copy", progress=False)
        >>> copy.name, copy.md5sum == leia.models.get("digits-v1").md5sum
        ('A copy', True)
        >>> leia.models.delete(copy)
        """
        validators.text("name", name, required=True)
        values = checked(
            name=name,
            short_name=short_name,
            description=description,
            ttl=ttl,
            allowed_application_ids=allowed_application_ids,
            allow_all_applications=allow_all_applications,
            tags=tags,
            cores=cores,
            memory=memory,
            always_on_workers=always_on_workers,
        )
        _reject_estimator(file)
        with open_upload(file) as upload:
            _require_zip(upload, file)
            with upload.progress_bar(name, progress=progress), _named_in_error(file):
                payload = self._call(
                    "create_model", values, application_id=application_id, upload=upload
                )
        model = Model.from_json(payload)
        try:
            upload.check_stored(model.size, model.md5sum, f"model {model.id}")
        except DamagedTransfer:
            self.delete(model, application_id=application_id)
            raise
        return model

    def delete(self, model: Any, *, application_id: Any = None, scope: str | None = None) -> None:
        """Delete a model.

        LEIA operation: `delete_model` (admin).

        Parameters
        ----------
        %(model)s
        %(application_id)s
        scope : "admin", optional
            Only the admin call exists.

        Raises
        ------
        %(UnknownModel)s
        %(Forbidden)s

        Examples
        --------
        >>> path = leia.models.download("digits-v1", tmp_path, progress=False)
        >>> leia.models.delete(leia.models.create(path, "Short-lived", progress=False))
        """
        self._on("delete_model", model, application_id, scope)

    def download(
        self,
        model: Any,
        path: str | os.PathLike[str],
        *,
        application_id: Any = None,
        progress: bool = True,
    ) -> Path:
        """Download a model's file.

        The file is received in blocks, its size and MD5 are checked, and it appears at its
        path only when it is complete.

        LEIA operation: `get_model_contents` (admin).

        Parameters
        ----------
        %(model)s
        path : path
            The file to write, or a folder, in which the file gets the name of the model.
            An existing file is replaced when the download is complete.
        %(application_id)s
        %(progress)s

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        %(UnknownModel)s
        %(Forbidden)s
        %(DamagedDownload)s

        Examples
        --------
        >>> leia.models.download("digits-v1", tmp_path, progress=False).name
        'digits-v1.zip'
        """
        found = reference(model, "model")
        owner = optional_id(application_id, "application") or found.application_id
        record = found.record if isinstance(found.record, Model) else None
        record = record or self.get(found.id, application_id=owner)
        twin, filled = self._twin(
            "get_model_contents", {"model_id": found.id}, **owner_of(found, application_id)
        )
        name = record.short_name or record.name
        download = Download(twin, filled, name, record.size, record.md5sum)
        filename = safe_name(name.removesuffix(".zip") + ".zip", f"{found.id}.zip")
        return download_to(self._session, download, target_path(path, filename), progress=progress)


def _reject_estimator(file: Any) -> None:
    if hasattr(file, "fit"):
        raise InvalidInput(
            f"file must be a model file, got an estimator ({type(file).__name__}). Pass the "
            "result of leia_nb.packaging.pack.",
            field="file",
        )


def _require_zip(upload: UploadBody, file: Any) -> None:
    if not upload.starts_with(b"PK"):
        raise InvalidModelFile(
            f"{_name(file)} is not a model file: a model file is a zip and starts with PK. Pass "
            "a file written by leia.models.download or leia_nb.packaging.pack.",
            code="invalid_model_file",
            field="file",
        )


@contextmanager
def _named_in_error(file: Any) -> Iterator[None]:
    """Name the file in LEIA's message about an invalid model file."""
    try:
        yield
    except InvalidModelFile as error:
        name, message = _name(file), str(error)
        if name != _UNNAMED:
            rest = message.removeprefix(_UNNAMED)
            error.args = (f"{name}{rest}" if rest != message else f"{name}: {message}",)
        raise


def _name(file: Any) -> str:
    name = file if isinstance(file, str | os.PathLike) else getattr(file, "name", None)
    return str(name) if isinstance(name, str | os.PathLike) and str(name) else _UNNAMED
