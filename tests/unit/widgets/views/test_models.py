"""The view of the models, without a browser, on a real service."""

import pytest

from leia_nb import errors
from leia_nb.records import frames
from leia_nb.widgets import ModelsView

NAME = "<script>alert('canary')</script>"
TAG = "models-view"


@pytest.fixture(scope="module")
def model_file(leia_of_examples, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    return leia_of_examples.models.download("digits-v1", folder, progress=False)


@pytest.fixture
def create(leia, model_file):
    """Create models with the tag of these tests; they are deleted at the end."""
    created = []

    def create(*names, **properties):
        for name in names:
            model = leia.models.create(model_file, name, tags=[TAG], progress=False, **properties)
            created.append(model.id)
        return created[-1]

    yield create
    for model in created:
        try:
            leia.models.delete(model)
        except errors.UnknownModel:
            continue


@pytest.fixture
def view(leia):
    view = ModelsView(leia).fill(tags=[TAG])
    view.sort = "name"
    yield view.wait()
    view.wait().close()


def names(view):
    return view.frame["name"].tolist()


def note(view):
    return view.wait().note.value


class TestBrowsing:
    def test_ten_a_page(self, view, create):
        create(*(f"Model {number:02}" for number in range(12)))
        view.read_soon()
        assert names(view) == [f"Model {number:02}" for number in range(10)]
        assert view.table.caption == "Models 1 to 10 of 12"
        view.next_button.click()
        assert names(view) == ["Model 10", "Model 11"]
        assert view.table.caption == "Models 11 to 12 of 12"
        assert view.next_button.disabled
        view.previous_button.click()
        assert (view.page, len(view.frame)) == (1, 10)
        assert view.previous_button.disabled

    def test_only_the_page_is_asked_for(self, leia, create, monkeypatch):
        create(*(f"Model {number:02}" for number in range(3)))
        asked, lists = [], leia.models.list
        monkeypatch.setattr(
            leia.models, "list", lambda **values: asked.append(values) or lists(**values)
        )
        view = ModelsView(leia)
        view.page = 2
        view.frame  # noqa: B018 - waits
        assert {(values["offset"], values["limit"]) for values in asked} <= {(0, 11), (10, 11)}
        view.close()

    def test_a_page_that_is_no_more_gives_way_to_the_last_one(self, view, create):
        create("Only one")
        view.page = 5
        assert names(view) == ["Only one"]
        assert view.page == 1

    def test_a_page_far_beyond_the_end_takes_few_requests(self, view, create, leia, monkeypatch):
        create(*(f"Model {number:02}" for number in range(11)))
        asked, lists = [], leia.models.list
        monkeypatch.setattr(
            leia.models, "list", lambda **values: asked.append(values) or lists(**values)
        )
        view.wait()
        asked.clear()
        view.page = 10**9
        assert names(view) == ["Model 10"]
        assert (view.page, len(asked)) == (2, 2)

    def test_a_service_that_does_not_count(self, view, create, monkeypatch):
        create(*(f"Model {number:02}" for number in range(11)))
        monkeypatch.setattr(view, "_count", lambda: None)
        assert len(view.refresh()) == 10
        assert view.table.caption == "Models 1 to 10 and more"
        view.page = 10**9
        assert (names(view)[0], view.page) == ("Model 00", 1)

    def test_deleting_the_last_row_of_the_last_page(self, view, create):
        create(*(f"Model {number:02}" for number in range(11)))
        view.page = 2
        view.select(view.frame).delete(confirm=True)
        assert (len(view.frame), view.page) == (10, 1)
        assert view.table.caption == "10 models"

    @pytest.mark.parametrize("page", [0, -1, "two"])
    def test_a_page_that_is_none(self, view, page):
        with pytest.raises(errors.InvalidInput, match="page must be"):
            view.page = page

    def test_sort(self, view, create):
        create("b", "c", "a")
        view.read_soon()
        assert names(view) == ["a", "b", "c"]
        view.sorting.direction.value = "-"
        assert (view.sort, names(view)) == ("-name", ["c", "b", "a"])
        with pytest.raises(errors.InvalidInput, match="Cannot sort by 'size'"):
            view.sort = "-size"

    def test_a_filter_turns_back_to_the_first_page(self, view, create):
        create(*(f"Model {number:02}" for number in range(11)))
        view.page = 2
        view.filters.fill(name="Model 03")
        assert (names(view), view.page) == (["Model 03"], 1)
        assert view.table.caption == "1 model"

    def test_every_filter_is_sent(self, view, create, leia):
        wanted = create("Wanted", short_name="wanted-1", description="Reads meters")
        create("Other")
        view.filters.fill(
            model_id=leia.models.get(wanted),
            application_id=leia.application.id,
            model_type="classification",
            name="Wanted",
            short_name="wanted-1",
            description="meters",
            input_types=["image"],
            created_after="2020-01-01",
            created_before="2100-01-01",
            only_mine=True,
        )
        assert names(view) == ["Wanted"]
        assert view.table.rows[0]["cells"][:4] == ["Wanted", "wanted-1", "classification", TAG]

    def test_nothing_found(self, view):
        view.filters.fill(name="Nobody")
        assert names(view) == []
        assert view.table.empty == "No models match these filters."

    def test_no_models_yet(self, leia, monkeypatch):
        empty = frames.listing([], frames.MODELS)
        monkeypatch.setattr(leia.models, "list", lambda **_: empty)
        view = ModelsView(leia)
        assert len(view.frame) == 0
        assert view.table.empty == "There are no models yet."
        view.close()

    def test_a_wrong_filter_says_so_beside_it(self, view):
        view.filters.fill(created_after="soon")
        with pytest.raises(errors.InvalidInput, match="Created from 'soon' is not a valid time"):
            view.refresh()
        assert note(view) == ""

    def test_html_in_a_name_is_text(self, view, create):
        create(NAME)
        view.read_soon()
        assert names(view) == [NAME]
        assert view.table.rows[0]["cells"][0] == NAME  # the script sets it as textContent
        view.select(view.frame).delete()
        assert "<script" not in view.question.text
        view.question.no.click()
        assert "<script" not in note(view)

    def test_a_service_that_is_gone(self, unreachable):
        view = ModelsView(unreachable)
        assert "Nobody answers there. Is LEIA running?" in note(view)
        with pytest.raises(errors.ConnectionFailed):
            view.refresh()
        view.close()

    def test_the_note_goes_when_leia_is_back(self, view, leia, create, monkeypatch):
        create("Here")

        def fail(**_):
            raise errors.ConnectionFailed("Nobody answers.")

        with monkeypatch.context() as broken:
            broken.setattr(leia.models, "list", fail)
            view.refresh_button.click()
            assert "Nobody answers." in note(view)
        view.refresh_button.click()
        assert "Nobody" not in note(view)
        assert names(view) == ["Here"]


class TestSelecting:
    def test_by_id_short_name_record_or_frame(self, view, create, leia):
        first = create("a", short_name="view-a")
        second = create("b")
        view.read_soon()
        for these, ids in [
            (first, [first]),
            ("view-a", [first]),
            ([second, "view-a"], [second, first]),
            (leia.models.get(second), [second]),
            (view.frame, [first, second]),
            ((), []),
            (None, []),
            (view.frame.iloc[:0], []),
        ]:
            assert view.select(these).table.selected == ids

    def test_what_is_selected_goes_wherever_a_model_goes(self, view, create, leia):
        create("a")
        view.read_soon()
        view.select(view.frame)
        assert leia.models.get(view.selected).name == "a"

    def test_only_what_is_shown(self, view, create):
        create("a")
        view.read_soon()
        with pytest.raises(
            errors.InvalidInput, match=r"'digits-v1' is not among the 1 shown\. Set"
        ):
            view.select("digits-v1")


class TestSelectionOnSeveralPages:
    @pytest.fixture
    def two_pages(self, view, create):
        """Twelve models; one is selected on each page, and the second page is shown."""
        create(*(f"Model {number:02}" for number in range(12)))
        view.refresh()
        view.select(view.frame.index[3])
        view.page = 2
        view.wait().table.selected = [*view.table.selected, view.frame.index[1]]
        return view

    def test_they_carry_over(self, two_pages):
        assert two_pages.selected["name"].tolist() == ["Model 11", "Model 03"]
        assert two_pages.refresh() is not None
        assert two_pages.table.caption == "Models 11 to 12 of 12 · 1 selected on other pages"
        two_pages.page = 1
        assert two_pages.wait().selected["name"].tolist() == ["Model 03", "Model 11"]
        two_pages.sort = "-name"
        assert two_pages.wait().selected["name"].tolist() == ["Model 11", "Model 03"]

    def test_they_go_where_an_id_goes(self, two_pages):
        two_pages.tag("seen")
        assert two_pages.fill(tags=[TAG, "seen"]).frame["name"].tolist() == ["Model 03", "Model 11"]

    def test_what_other_filters_hide_is_no_longer_selected(self, two_pages):
        two_pages.fill(name="Model 11")
        assert two_pages.wait().selected["name"].tolist() == ["Model 11"]
        assert "other pages" not in two_pages.table.caption

    def test_what_is_deleted_is_no_longer_selected(self, two_pages, leia):
        two_pages.delete(confirm=True)
        assert two_pages.wait().selected["name"].tolist() == []
        assert two_pages.table.selected == []
        assert leia.models.list(tags=[TAG], progress=False).shape[0] == 10

    def test_what_is_deleted_elsewhere_is_no_longer_selected(self, two_pages, leia):
        leia.models.delete(two_pages.frame.index[1])
        two_pages.refresh()
        assert two_pages.selected["name"].tolist() == ["Model 03"]

    def test_ids_that_nobody_knows_are_nothing(self, two_pages):
        two_pages.table.selected = ["nonsense", "<b>"]
        assert two_pages.selected.empty
        assert "No model is selected" in note_of(two_pages)


def note_of(view):
    view.delete_button.click()
    return note(view)


class TestButtons:
    @pytest.fixture
    def two(self, view, create):
        create("a", "b")
        view.read_soon()
        view.select(view.frame)
        return view

    @pytest.mark.parametrize(
        ("button", "verb"),
        [("edit", "edit"), ("apply", "apply"), ("download", "download")],
    )
    def test_what_works_on_one_model(self, two, button, verb):
        click(two, button)
        assert f"2 models are selected. Select only the one to {verb}." in note(two)

    @pytest.mark.parametrize(
        ("button", "verb"),
        [
            ("edit", "edit"),
            ("apply", "apply"),
            ("download", "download"),
            ("tag", "tag"),
            ("delete", "delete"),
        ],
    )
    def test_nothing_selected(self, view, button, verb):
        click(view, button)
        assert f"No model is selected. Select the models to {verb}." in note(view)

    def test_tag_and_untag(self, two):
        click(two, "tag")
        two.wait()
        assert two.tags.layout.display is None
        two.tags.field.fill("seen")
        click(two, "add_tag")
        assert "Tagged a, b." in note(two)
        assert two.frame["tags"].tolist() == [(TAG, "seen")] * 2
        click(two, "remove_tag")
        assert "Untagged a, b." in note(two)
        assert two.frame["tags"].tolist() == [(TAG,)] * 2

    @pytest.mark.parametrize(
        ("tag", "message"),
        [
            (None, "Tag is empty. Fill it in."),
            ("..", "cannot be part of a URL. Use another tag"),
        ],
    )
    def test_no_tag(self, two, tag, message):
        two.tags.field.fill(tag)
        click(two, "add_tag")
        two.wait()
        assert message in two.tags.field._message.value
        assert note(two) == ""

    def test_download(self, view, create, tmp_path):
        create("Meter reader", short_name="meter")
        view.read_soon()
        view.select(view.frame)
        click(view, "download")
        view.path.field.fill(str(tmp_path))
        click(view, "save")
        said = note(view)
        assert f"Saved {tmp_path / 'meter.zip'}" in said
        assert " verified." in said
        assert (tmp_path / "meter.zip").read_bytes()[:2] == b"PK"
        assert view.download(tmp_path / "again.zip") == tmp_path / "again.zip"

    def test_a_folder_that_is_none(self, view, create, tmp_path):
        create("Meter reader")
        view.read_soon()
        view.select(view.frame)
        view.path.field.fill(str(tmp_path / "no" / "such" / "place"))
        click(view, "save")
        view.wait()
        assert "does not exist. Create it first" in view.path.field._message.value
        assert "downloading" not in note(view)
        assert list(tmp_path.iterdir()) == []

    def test_delete_asks_and_keeps(self, two):
        click(two, "delete")
        two.wait()
        assert "Delete 2 models: a, b? This cannot be undone." in two.question.text
        two.question.no.click()
        assert "Kept a, b." in note(two)
        assert two.question.layout.display == "none"
        assert len(two.refresh()) == 2

    def test_delete_yes(self, two):
        two.delete()
        two.select(two.frame.index[0])  # what the question was about counts, not the selection now
        two.question.yes.click()
        two.question.yes.click()
        assert "Deleted a, b." in note(two)
        assert names(two) == []
        assert two.table.selected == []

    def test_yes_without_a_question_deletes_nothing(self, two):
        two.question.yes.click()
        two.wait()
        assert len(two.refresh()) == 2

    def test_delete_without_a_browser(self, two):
        two.delete(confirm=True)
        assert names(two) == []

    def test_it_says_how_far_it_came(self, two, leia):
        frame = two.frame
        leia.models.delete(frame.index[1])
        two.delete()
        two.question.yes.click()
        said = note(two)
        assert "Deleted a, but then: " in said
        assert frame.index[1] in said
        assert names(two) == []

    def test_edit_opens_the_form(self, view, create):
        create("Meter reader", short_name="meter")
        view.read_soon()
        form = view.select(view.frame).edit()
        assert form.fields["name"].value == "Meter reader"
        assert view.drawer.content is form
        form.fill(name="Clock reader").submit(wait=True)
        assert names(view) == ["Clock reader"]
        view.drawer.close_button.click()
        assert view.drawer.content is None

    def test_apply_opens_the_form(self, view, create):
        create("Meter reader", short_name="meter")
        view.read_soon()
        form = view.select(view.frame).apply()
        assert form.values["model"] in ("meter", view.frame.index[0])
        assert view.drawer.content is form


def click(view, button):
    getattr(view, f"{button}_button").click()


def test_it_is_a_text_where_no_kernel_runs(view):
    assert repr(view).startswith("ModelsView · Models: run this cell")
