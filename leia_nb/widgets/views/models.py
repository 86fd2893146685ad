"""The models of LEIA: browse, filter, sort, and act on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from leia_nb.records import humanize
from leia_nb.resources.parameters import validators
from leia_nb.widgets.fields.simple import TextField
from leia_nb.widgets.views.cells import plain, several
from leia_nb.widgets.views.model_filters import model_filters, model_sorting
from leia_nb.widgets.views.panels import Drawer, Entry, Question
from leia_nb.widgets.views.table import Column, Row
from leia_nb.widgets.views.view import View

if TYPE_CHECKING:
    import pandas as pd

    from leia_nb.client import Client
    from leia_nb.records.records import Model
    from leia_nb.widgets.forms.form import Form

_COLUMNS = (
    Column("name", "name"),
    Column("short name"),
    Column("type", "model_type", whole=True),
    Column("tags"),
    Column("size", whole=True),
    Column("created (UTC)", "creation_time", whole=True),
)


class ModelsView(View):
    """The models that this application owns or may use, ten to a page.

    LEIA operations: `get_models`, and those of its buttons.

    Parameters
    ----------
    leia : Client
        Where the models are.

    Examples
    --------
    >>> view = ModelsView(leia)
    >>> _ = view.fill(tags=["digits"])
    >>> view.frame["short_name"].tolist()
    ['digits-v1']
    >>> view.select("digits-v1").tag("seen")
    >>> view.frame["tags"].tolist()
    [('digits', 'seen')]
    >>> view.untag("seen")
    """

    title = "Models"
    lead = "Find models, and edit, tag, apply, download or delete them."
    thing = "model"

    def __init__(self, leia: Client) -> None:
        super().__init__(leia, model_filters(), _COLUMNS, model_sorting())
        self._asked: pd.DataFrame | None = None
        self._make_panels()
        button = self.actions.button
        self.edit_button = button("Edit", "Change the ticked model", self.edit)
        self.tag_button = button("Tag", "Add or remove a tag", self._open_tags)
        self.apply_button = button("Apply", "Apply the ticked model to documents", self.apply)
        self.download_button = button("Download", "Save the model's file", self._open_download)
        self.delete_button = button("Delete", "Delete the ticked models", self.delete)
        self.buttons.children = [
            self.edit_button,
            self.tag_button,
            self.apply_button,
            self.download_button,
            self.delete_button,
        ]
        self.read_soon()

    def _make_panels(self) -> None:
        button = self.actions.button
        tag = TextField("tag", label="Tag", tooltip="The tag to add or to remove", required=True)
        self.add_tag_button = button(
            "Add tag", "Add the tag to the ticked models", lambda: self.tags.use(self.tag)
        )
        self.remove_tag_button = button(
            "Remove tag", "Take the tag off the ticked models", lambda: self.tags.use(self.untag)
        )
        self.tags = self.panels.add(Entry(tag, [self.add_tag_button, self.remove_tag_button]))
        path = TextField(
            "path",
            label="Save in",
            placeholder="a folder or file where the kernel runs",
            tooltip="Folder or file in the kernel's file system; empty: its working folder",
        )
        self.save_button = button(
            "Save file", "Download the model's file", lambda: self.path.use(self._save)
        )
        self.path = self.panels.add(Entry(path, [self.save_button]))
        self.question = self.panels.add(
            Question(
                button("Yes, delete", "It cannot be undone", self._yes, button_style="danger"),
                button("Keep", "Delete nothing", self._keep),
            )
        )
        self.drawer = self.panels.add(Drawer(self._close_form))

    # -- what it shows -----------------------------------------------------------

    @property
    def resource(self) -> Any:
        """What lists the models."""
        return self.leia.models

    def read(self, *, offset: int, limit: int) -> pd.DataFrame:
        """List models, as filters and sorting say."""
        return self.leia.models.list(
            **self.filters.values, sort=self.sort, offset=offset, limit=limit, progress=False
        )

    def row(self, row_id: str, values: Any) -> Row:
        """Return what the table shows of a model."""
        name = plain(values["name"])
        cells = (
            name,
            plain(values["short_name"]),
            plain(values["model_type"]).replace("_", " "),
            plain(values["tags"]),
            humanize.size(int(values["size"])).replace(" ", "\N{NO-BREAK SPACE}"),
            f"{values['creation_time']:%Y-%m-%d %H:%M}",
        )
        return Row(row_id, name, cells)

    def names(self, some: pd.DataFrame) -> list[str]:
        """Return what these models are called."""
        return [plain(name) for name in some["name"]]

    # -- what it does ------------------------------------------------------------

    def edit(self) -> Form:
        """Open the form that changes the ticked model; return it."""
        from leia_nb.widgets.forms.edit import EditForm

        return self._open(EditForm(self.leia, self._record("edit")))

    def apply(self) -> Form:
        """Open the form that applies the ticked model to documents; return it."""
        from leia_nb.widgets.forms.apply import ApplyForm

        return self._open(ApplyForm(self.leia).fill(model=self._record("apply")))

    def tag(self, tag: str) -> None:
        """Add a tag to the ticked models.

        Raises
        ------
        InvalidInput
            If none is ticked, or it is no tag.
        """
        some, word = self.some("tag"), validators.tag(tag)
        self.each(f"tagging with {word!r}", "Tagged", some, lambda one: self._models.tag(one, word))

    def untag(self, tag: str) -> None:
        """Take a tag off the ticked models; as `tag`."""
        some, word = self.some("untag"), validators.tag(tag)
        self.each(
            f"removing tag {word!r}", "Untagged", some, lambda one: self._models.untag(one, word)
        )

    def download(self, path: str | Path = ".") -> Path:
        """Save the ticked model's file, in blocks, checked for size and md5.

        Parameters
        ----------
        path : path
            A file, or a folder: then the file is named like the model.

        Returns
        -------
        pathlib.Path
            The file.
        """
        model = self._record("download")
        saved: list[Path] = []

        def save() -> str:
            saved.append(self._models.download(model, path, progress=False))
            right = f"md5 {model.md5sum} is right" if model.md5sum else "LEIA told no md5"
            return f"Saved {saved[0]} ({humanize.size(model.size)}); {right}."

        self.actions.run(f"downloading {model.name} ({humanize.size(model.size)})", save)
        return saved[0]

    def delete(self, *, confirm: bool = False) -> None:
        """Delete the ticked models.

        Parameters
        ----------
        confirm : bool
            Whether you are sure; without it the view asks and nothing is deleted yet.
        """
        some = self.some("delete")
        if confirm:
            self._delete(some)
            return
        self._asked = some
        self.panels.show(self.question)
        self.question.ask(
            f"Delete {humanize.count(len(some), 'model')}: {several(self.names(some))}? "
            "This cannot be undone."
        )

    # -- behind the buttons ------------------------------------------------------

    @property
    def _models(self) -> Any:
        return self.leia.models

    def _yes(self) -> None:
        asked, self._asked = self._asked, None
        self.panels.show()
        if asked is not None:
            self._delete(asked)

    def _keep(self) -> None:
        asked, self._asked = self._asked, None
        self.panels.show()
        if asked is not None:
            self.say(f"Kept {several(self.names(asked))}.")

    def _delete(self, some: pd.DataFrame) -> None:
        def delete(one: pd.DataFrame) -> None:
            self._models.delete(one)
            self.untick(str(one.index[0]))

        self.each("deleting", "Deleted", some, delete)

    def _record(self, doing: str) -> Model:
        model: Model = self._models.get(self.one(doing))
        return model

    def _open(self, form: Form) -> Form:
        self.say("")
        for sign, name in ((form.again_button.layout, "display"), (form.submit_button, "disabled")):
            sign.observe(lambda _change: self.read_soon(), name)  # it has been sent, it is done
        self.drawer.fill(form)
        self.panels.show(self.drawer)
        return form

    def _close_form(self) -> None:
        self.panels.show()
        self.drawer.empty()
        self.read_soon()

    def _open_tags(self) -> None:
        self.some("tag")
        self.say("")
        self.panels.show(self.tags)
        self.tags.field.control.focus()

    def _open_download(self) -> None:
        self.one("download")
        self.say("")
        self.panels.show(self.path)
        self.path.field.control.focus()

    def _save(self, path: str | None) -> None:
        self.download(path or ".")
