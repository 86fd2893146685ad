"""The view of the jobs, without a browser, on a real service."""

import threading

import pytest

from leia_nb import errors
from leia_nb.widgets import JobsView
from leia_nb.widgets.views import jobs


@pytest.fixture
def view(leia):
    view = JobsView(leia)
    yield view
    view.wait().close()


@pytest.fixture
def blocked(leia):
    """A job that waits to be started."""
    documents = leia.documents.list(tags=["digits-test"], limit=3)
    job = leia.models.apply(
        "digits-v1", documents, format_type="classification", block_processing=True
    )
    yield job
    if not job.refresh().is_over:
        job.cancel()


@pytest.fixture
def train(leia):
    """The training that made `digits-v1`."""
    return leia.jobs.list(job_type="train", status="PROCESSED", sort="creation_time").index[0]


def note(view):
    return view.wait().note.value


def row(view, job_id):
    """Return the cells of a job by the heads of their columns, None if it is not shown."""
    heads = [column["label"] for column in view.table.columns]
    cells = {one["id"]: one["cells"] for one in view.table.rows}
    return dict(zip(heads, cells[job_id], strict=True)) if job_id in cells else None


class TestLive:
    @pytest.fixture(autouse=True)
    def _quick(self, monkeypatch):
        monkeypatch.setattr(jobs, "SECONDS", 0.02)

    def test_it_follows_a_job_to_its_end(self, view, blocked, until):
        assert view.live
        said = until(lambda: row(view, blocked.id))
        assert (said["type"], said["stage"], said["documents"]) == ("predict", "BLOCKED", "3")
        assert said["model"] == "Digits"
        blocked.start()
        until(lambda: row(view, blocked.id)["stage"] == "PROCESSED")

    def test_it_stops_when_it_is_closed(self, view):
        view.frame  # noqa: B018 - waits
        view.close()
        assert not view.live

    def test_a_newer_view_takes_over(self, view, leia, until):
        newer = JobsView(leia)
        assert not view.live
        assert newer.live
        until(
            lambda: "a newer view of the jobs is open. Select Refresh to resume." in view.note.value
        )
        view.refresh_button.click()
        assert view.live
        newer.close()

    def test_it_outlives_a_lost_connection(self, view, leia, monkeypatch, until):
        view.frame  # noqa: B018 - waits

        def fail(**_):
            raise errors.ConnectionFailed("Nobody answers.")

        until(lambda: view.table.rows)
        before = view.table.rows
        with monkeypatch.context() as broken:
            broken.setattr(leia.jobs, "list", fail)
            until(lambda: "Nobody answers. The list is out of date; retrying" in view.note.value)
            assert [one["id"] for one in view.table.rows] == [one["id"] for one in before]
            assert view.live
        until(lambda: "Nobody" not in view.note.value)

    def test_it_pauses_when_nothing_changes(self, view, monkeypatch, until):
        view.frame  # noqa: B018 - waits
        monkeypatch.setattr(jobs, "QUIET_SECONDS", 0)
        until(lambda: not view.live)
        until(
            lambda: "nothing has changed for a while. Select Refresh to resume." in view.note.value
        )

    def test_it_does_not_pause_while_a_job_goes_on(self, leia, monkeypatch, until):
        monkeypatch.setattr(jobs, "QUIET_SECONDS", 0.1)
        going = leia.jobs.list(limit=1).assign(status="PROCESSING")
        readings = []
        monkeypatch.setattr(leia.jobs, "list", lambda **_: readings.append(1) or going)
        view = JobsView(leia)
        until(lambda: len(readings) > 20)
        assert view.live
        going["status"] = "BLOCKED"
        until(lambda: not view.live)
        view.close()

    def test_reading_does_not_deselect(self, view, blocked, until):
        until(lambda: row(view, blocked.id))
        view.select(blocked)
        blocked.cancel()
        until(lambda: row(view, blocked.id)["stage"] == "CANCELED")
        assert view.table.selected == [blocked.id]

    def test_its_thread_is_a_daemon(self, view):
        live = [t for t in threading.enumerate() if t.name == "leia-jobs-live"]
        assert live
        assert all(thread.daemon for thread in live)


class TestListing:
    def test_filters(self, view, blocked):
        view.filters.fill(status="BLOCKED", job_type="predict")
        assert set(view.refresh()["status"]) == {"BLOCKED"}
        assert blocked.id in view.frame.index
        view.filters.fill(status=None, job_type="train")
        assert set(view.frame["job_type"]) == {"train"}

    def test_a_training_shows_the_model_it_made(self, view, train):
        view.filters.fill(job_type="train")
        view.sort = "creation_time"
        view.refresh()
        assert row(view, train)["model"] == "Digits"

    def test_a_failed_job_shows_its_reason(self, view, leia, blocked):
        waiting = leia.models.apply("digits-v1", ["unknown"], execute_after_id=blocked.id)
        blocked.cancel()
        leia.jobs.wait([waiting], progress=False)
        view.refresh()
        said = row(view, waiting.id)
        assert said["stage"] == "FAILED"
        assert blocked.id in said["reason"]
        tones = {one["id"]: one["tone"] for one in view.table.rows}
        assert (tones[waiting.id], tones[blocked.id]) == ("failed", "")

    def test_a_model_that_is_gone_is_shown_by_its_id(self, view):
        assert view._name_of_model("0123456789abcdef01234567") == "0123456789abcdef01234567"

    def test_a_name_that_cannot_be_asked_for_now_is_asked_for_again(self, view, leia, monkeypatch):
        def fail(_model):
            raise errors.ConnectionFailed("Nobody answers.")

        digits = leia.models.get("digits-v1").id
        view.wait()._model_names.clear()
        with monkeypatch.context() as broken:
            broken.setattr(leia.models, "get", fail)
            assert view._name_of_model(digits) == digits
        assert view._name_of_model(digits) == "Digits"

    def test_a_service_that_is_gone(self, unreachable):
        view = JobsView(unreachable)
        with pytest.raises(errors.ConnectionFailed):
            view.refresh()
        assert "Nobody answers there. Is LEIA running?" in note(view)
        view.close()


class TestButtons:
    @pytest.mark.parametrize(
        ("button", "verb"), [("cancel", "cancel"), ("start", "start"), ("result", "open")]
    )
    def test_nothing_selected(self, view, button, verb):
        click(view, button)
        assert f"No job is selected. Select the jobs to {verb}." in note(view)

    def test_cancel(self, view, blocked):
        view.refresh()
        view.select(blocked)
        click(view, "cancel")
        assert f"Canceled job {blocked.id}." in note(view)
        assert blocked.status == "CANCELED"
        assert row(view, blocked.id)["stage"] == "CANCELED"

    def test_cancel_what_is_over(self, view, train):
        view.filters.fill(job_type="train")
        view.sort = "creation_time"
        view.refresh()
        with pytest.raises(errors.JobOver):
            view.select(train).cancel()
        click(view, "cancel")
        assert train in note(view)
        assert "leia-failed" in view.note.value

    def test_start_and_open_the_result(self, view, blocked):
        view.refresh()
        view.select(blocked)
        click(view, "start")
        assert f"Started job {blocked.id}." in note(view)
        blocked.wait(progress=False)
        click(view, "result")
        view.wait()
        assert view.result["category"].tolist() == blocked.result()["category"].tolist()
        assert "<table" in view.drawer.content.value
        view.drawer.close_button.click()
        assert view.drawer.content is None

    def test_the_result_of_a_training_is_a_card(self, view, train):
        view.filters.fill(job_type="train")
        view.sort = "creation_time"
        view.refresh()
        assert view.select(train).open_result().short_name == "digits-v1"
        assert "leia-card" in view.drawer.content.value

    def test_no_result_yet(self, view, blocked):
        view.refresh()
        view.select(blocked)
        click(view, "result")
        assert f"Job {blocked.id} is BLOCKED and has no result yet. Open it when" in note(view)

    def test_no_result_at_all(self, view, blocked):
        blocked.cancel()
        view.refresh()
        with pytest.raises(errors.JobCanceled):
            view.select(blocked).open_result()

    def test_one_result_at_a_time(self, view, blocked, train):
        view.refresh()
        view.select(view.frame.index[:2].tolist())
        click(view, "result")
        assert "2 jobs are selected. Select only the one to open." in note(view)


def click(view, button):
    getattr(view, f"{button}_button").click()
