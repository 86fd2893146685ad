"""The models of LEIA: browse, filter, sort, and act on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from leia_nb.records import humanize
from leia_nb.resources.parameters import validators
from leia_nb.widgets.fields.simple import TextField
from leia_nb.widgets.views.cells import join_names, plain
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
        The client that the view uses.

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
    resource_name = "model"

    def __init__(self, leia: Client) -> None:
        super().__init__(leia, _COLUMNS)
        self._to_delete: pd.DataFrame | None = None
        self._make_panels()
        button = self.actions.button
        self.edit_button = button("Edit", "Change the selected model", self.edit)
        self.tag_button = button("Tag", "Add or remove a tag", self._open_tags)
        self.apply_button = button("Apply", "Apply the selected model to documents", self.apply)
        self.download_button = button("Download", "Save the model's file", self._open_download)
        self.delete_button = button("Delete", "Delete the selected models", self.delete)
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
            "Add tag", "Add the tag to the selected models", lambda: self.tags.use(self.tag)
        )
        self.remove_tag_button = button(
            "Remove tag",
            "Remove the tag from the selected models",
            lambda: self.tags.use(self.untag),
        )
        self.tags = self.panels.add(Entry(tag, [self.add_tag_button, self.remove_tag_button]))
        path = TextField(
            "path",
            label="Save in",
            placeholder="a folder or file where the kernel runs",
            tooltip="Folder or file in the kernel's file system; empty: the working folder",
        )
        self.save_button = button(
            "Save file", "Download the model's file", lambda: self.path.use(self._save)
        )
        self.path = self.panels.add(Entry(path, [self.save_button]))
        self.question = self.panels.add(
            Question(
                button(
                    "Yes, delete", "This cannot be undone", self._confirmed, button_style="danger"
                ),
                button("Keep", "Delete nothing", self._rejected),
            )
        )
        self.drawer = self.panels.add(Drawer(self._close_form))

    # -- table -------------------------------------------------------------------

    def row(self, row_id: str, values: Any) -> Row:
        """Return a model as the table shows it."""
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

    def names(self, rows: pd.DataFrame) -> list[str]:
        """Return the names of models for messages."""
        return [plain(name) for name in rows["name"]]

    # -- actions ------------------------------------------------------------------

    def edit(self) -> Form:
        """Open the form that changes the selected model; return it."""
        from leia_nb.widgets.forms.edit import EditForm

        return self._open(EditForm(self.leia, self._record("edit")))

    def apply(self) -> Form:
        """Open the form that applies the selected model to documents; return it."""
        from leia_nb.widgets.forms.apply import ApplyForm

        return self._open(ApplyForm(self.leia).fill(model=self._record("apply")))

    def tag(self, tag: str) -> None:
        """Add a tag to the selected models.

        Raises
        ------
        InvalidInput
            If no model is selected, or the tag is invalid.
        """
        rows, tag = self.require_selection("tag"), validators.tag(tag)
        self.run_for_each(
            f"tagging with {tag!r}", "Tagged", rows, lambda row: self.resource.tag(row, tag)
        )

    def untag(self, tag: str) -> None:
        """Remove a tag from the selected models; like `tag`."""
        rows, tag = self.require_selection("untag"), validators.tag(tag)
        self.run_for_each(
            f"removing tag {tag!r}", "Untagged", rows, lambda row: self.resource.untag(row, tag)
        )

    def download(self, path: str | Path = ".") -> Path:
        """Save the selected model's file, and verify its size and MD5.

        Parameters
        ----------
        path : path
            A file, or a folder, in which the file is named after the model.

        Returns
        -------
        pathlib.Path
            The file.
        """
        model = self._record("download")
        saved: list[Path] = []

        def save() -> str:
            saved.append(self.resource.download(model, path, progress=False))
            md5 = f"MD5 {model.md5sum} verified" if model.md5sum else "MD5 unknown to LEIA"
            return f"Saved {saved[0]} ({humanize.size(model.size)}); {md5}."

        self.actions.run(f"downloading {model.name} ({humanize.size(model.size)})", save)
        return saved[0]

    def delete(self, *, confirm: bool = False) -> None:
        """Delete the selected models.

        Parameters
        ----------
        confirm : bool
            Delete without asking; default: the view asks for confirmation first.
        """
        rows = self.require_selection("delete")
        if confirm:
            self._delete(rows)
            return
        self._to_delete = rows
        self.panels.show(self.question)
        self.question.ask(
            f"Delete {humanize.count(len(rows), 'model')}: {join_names(self.names(rows))}? "
            "This cannot be undone."
        )

    # -- behind the buttons ------------------------------------------------------

    def _confirmed(self) -> None:
        rows, self._to_delete = self._to_delete, None
        self.panels.show()
        if rows is not None:
            self._delete(rows)

    def _rejected(self) -> None:
        rows, self._to_delete = self._to_delete, None
        self.panels.show()
        if rows is not None:
            self.show_message(f"Kept {join_names(self.names(rows))}.")

    def _delete(self, rows: pd.DataFrame) -> None:
        def delete(row: pd.DataFrame) -> None:
            self.resource.delete(row)
            self.table.deselect(str(row.index[0]))

        self.run_for_each("deleting", "Deleted", rows, delete)

    def _record(self, verb: str) -> Model:
        model: Model = self.resource.get(self.require_one(verb))
        return model

    def _open(self, form: Form) -> Form:
        self.show_message("")
        # These traits change when the form is submitted, and when its work is done.
        for widget, name in (
            (form.again_button.layout, "display"),
            (form.submit_button, "disabled"),
        ):
            widget.observe(lambda _change: self.read_soon(), name)
        self.drawer.fill(form)
        self.panels.show(self.drawer)
        return form

    def _close_form(self) -> None:
        self.panels.show()
        self.drawer.empty()
        self.read_soon()

    def _open_tags(self) -> None:
        self.require_selection("tag")
        self._open_entry(self.tags)

    def _open_download(self) -> None:
        self.require_one("download")
        self._open_entry(self.path)

    def _open_entry(self, entry: Entry) -> None:
        self.show_message("")
        self.panels.show(entry)
        entry.field.control.focus()

    def _save(self, path: str | None) -> None:
        self.download(path or ".")
