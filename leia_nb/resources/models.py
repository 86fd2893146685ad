"""`leia.models`: the models of LEIA and their operations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from leia_nb.enums import ModelInputType, ModelType
from leia_nb.records import frames
from leia_nb.records.records import Model
from leia_nb.resources.model_files import ModelFiles
from leia_nb.resources.model_jobs import ModelJobs
from leia_nb.resources.parameters import validators
from leia_nb.resources.parameters.checks import checked

if TYPE_CHECKING:
    import pandas as pd


class Models(ModelFiles, ModelJobs):
    """The models that this application owns or may use; all models for admins."""

    def list(
        self,
        *,
        model_id: Any = None,
        application_id: Any = None,
        model_type: ModelType | str | None = None,
        name: str | None = None,
        short_name: str | None = None,
        description: str | None = None,
        input_types: Sequence[ModelInputType | str] | None = None,
        tags: Sequence[str] | None = None,
        created_after: date | str | None = None,
        created_before: date | str | None = None,
        only_mine: bool | None = None,
        sort: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        progress: bool = True,
        scope: str | None = None,
    ) -> pd.DataFrame:
        """List models, from all pages.

        LEIA operation: `get_models`.

        Parameters
        ----------
        model_id : str or object, optional
            Only the model with this id.
        %(application_id_filter)s
        model_type : ModelType or str, optional
            Only those of this type, e.g. ``"classification"``.
        name, short_name : str, optional
            Only those with exactly this name.
        description : str, optional
            Only those whose description contains this text.
        input_types : sequence of ModelInputType or str, optional
            Only those that accept all of these, e.g. ``["image"]``.
        %(tags_filter)s
        %(created)s
        only_mine : bool, optional
            Only those that `application_id` (default: this application) owns.
        sort : str, optional
            Fields separated by commas, ``-`` in front for descending:
            ``application_id``, ``creation_time``, ``name``, ``description``,
            ``model_type``; default: ``"creation_time"``.
        %(paging)s
        %(scope)s

        Returns
        -------
        pandas.DataFrame
            Index ``id`` (string); columns ``name`` (string), ``short_name`` (string),
            ``model_type`` (category), ``input_types`` (tuple), ``model_module``
            (string), ``tags`` (tuple), ``description`` (string), ``size`` (Int64),
            ``creation_time`` (datetime64[ns, UTC]), ``application_id`` (string),
            ``allow_all_applications`` (boolean), ``allowed_application_ids`` (tuple),
            ``ttl`` (Int64), ``speed`` (category), ``md5sum`` (string), ``model_clazz``
            (string), ``documentation`` (string), ``output_format`` (object),
            ``always_on_workers`` (Int64), ``cores`` (Float64), ``memory`` (Float64).

        Raises
        ------
        %(InvalidInput)s

        Examples
        --------
        >>> leia.models.list(tags=["digits"])["short_name"].tolist()
        ['digits-v1']
        """
        return self._list("get_models", frames.MODELS, locals())

    def edit(
        self,
        model: Any,
        *,
        application_id: Any = None,
        name: str | None = None,
        short_name: str | None = None,
        description: str | None = None,
        allowed_application_ids: Any = None,
        allow_all_applications: bool | None = None,
        ttl: int | None = None,
        cores: float | None = None,
        memory: float | None = None,
        always_on_workers: int | None = None,
    ) -> Model:
        """Change a model; None keeps a value.

        LEIA operation: `edit_model` (admin).

        Parameters
        ----------
        %(model)s
        %(application_id)s
        name, short_name, description : str, optional
            The new values.
        allowed_application_ids : ids or objects, optional
            Other applications that may use the model; an empty list removes all of them.
        allow_all_applications : bool, optional
            Whether all applications may use it.
        ttl : int, optional
            Seconds that an idle worker keeps it loaded; negative: no limit.
        cores : float, optional
            The CPU cores that it requires.
        memory : float, optional
            The memory that it requires, in GB.
        always_on_workers : int, optional
            The workers that always keep it loaded.

        Returns
        -------
        Model
            The updated model.

        Raises
        ------
        %(NoChanges)s
        %(UnknownModel)s
        %(ShortNameTaken)s
        BadRequest
            If one of `allowed_application_ids` does not exist.
        %(Forbidden)s

        Examples
        --------
        >>> leia.models.edit("digits-v1", ttl=300).ttl
        300
        """
        values = {
            "name": validators.text("name", name, required=name is not None),
            **checked(
                short_name=short_name,
                description=description,
                allowed_application_ids=allowed_application_ids,
                allow_all_applications=allow_all_applications,
                ttl=ttl,
                cores=cores,
                memory=memory,
                always_on_workers=always_on_workers,
            ),
        }
        return Model.from_json(
            self._on("edit_model", model, application_id, **validators.changes(values))
        )

    def tag(
        self, model: Any, tag: str, *, application_id: Any = None, scope: str | None = None
    ) -> Model:
        """Add a tag to a model.

        LEIA operation: `tag_model`.

        Parameters
        ----------
        %(model)s
        %(tag)s
        %(application_id)s
        %(scope)s

        Returns
        -------
        Model
            The updated model.

        Raises
        ------
        UnknownModel
            If the model does not exist or belongs to another application.

        Examples
        --------
        >>> leia.models.tag("digits-v1", "audited").tags
        ('audited', 'digits')
        >>> leia.models.untag("digits-v1", "audited")
        """
        payload = self._on("tag_model", model, application_id, scope, tag=validators.tag(tag))
        return Model.from_json(payload)

    def untag(
        self, model: Any, tag: str, *, application_id: Any = None, scope: str | None = None
    ) -> None:
        """Remove a tag from a model; a tag that it does not have is ignored.

        LEIA operation: `untag_model`.

        Parameters
        ----------
        %(model)s
        %(tag)s
        %(application_id)s
        %(scope)s

        Raises
        ------
        UnknownModel
            If the model does not exist or belongs to another application.

        Examples
        --------
        >>> leia.models.tag("digits-v1", "audited").tags
        ('audited', 'digits')
        >>> leia.models.untag("digits-v1", "audited")
        """
        self._on("untag_model", model, application_id, scope, tag=validators.tag(tag))
