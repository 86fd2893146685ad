"""The views and cards against services that come, go, hang and refuse."""

import select
import socket

import pytest

import leia_nb
from leia_nb.widgets import JobsView, ModelsView
from leia_nb.widgets.views import jobs

from .service_process import wait_until


@pytest.fixture
def deaf():
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def address(server):
    return f"http://127.0.0.1:{server.getsockname()[1]}/leia/1.0.0"


def note(view):
    return view.wait().note.value


def test_the_jobs_view_outlives_the_service(fresh_service, monkeypatch):
    monkeypatch.setattr(jobs, "SECONDS", 0.05)
    service = fresh_service()
    leia = leia_nb.connect(service.url, service.key)
    view = JobsView(leia)
    assert len(view.frame) == 0
    service.close()
    wait_until(lambda: "The list is out of date; retrying" in view.note.value)
    assert view.live
    port = int(service.url.split(":")[2].split("/")[0])
    again = fresh_service(port=port)
    assert again.url == service.url
    wait_until(lambda: "trying again" not in view.note.value)
    document = leia.documents.upload(b"some text", filename="page.txt", progress=False)
    leia.models.create(_model_file(service.data_dir.parent), "Texts", progress=False)
    job = leia.models.apply(leia.models.list(), document, block_processing=True)
    wait_until(lambda: any(row["id"] == job.id for row in view.table.rows))
    view.close()
    leia.close()


def test_a_hanging_service_holds_nobody_up(deaf):
    leia = leia_nb.connect(address(deaf), "any key")
    views = [ModelsView(leia), JobsView(leia)]
    assert all(view.table.rows == [] for view in views)
    for view in views:
        view.close()
    assert not views[1].live


def test_showing_leia_asks_nobody(deaf):
    leia = leia_nb.connect(address(deaf), "canary-key")
    shown = leia._repr_html_()
    assert address(deaf) in shown
    assert "not logged in yet" in shown
    assert "canary-key" not in shown
    waiting, _, _ = select.select([deaf], [], [], 0)
    assert waiting == []


def test_leia_shows_itself_when_the_service_is_down(fresh_service):
    service = fresh_service()
    leia = leia_nb.connect(service.url, service.key)
    name = leia.whoami().application_name
    service.close()
    shown = leia._repr_html_()
    assert name in shown
    assert service.key not in shown
    leia.close()


def test_a_developer_sees_models_but_may_not_delete_them(service, admin, model_file):
    model = admin.model(model_file, "Open to all", allow_all_applications="true")
    leia = leia_nb.connect(service.url, "key-of-ada")
    view = ModelsView(leia)
    view.filters.fill(model_id=model["id"])
    assert view.frame["name"].tolist() == ["Open to all"]
    view.filters.fill(only_mine=True)
    assert len(view.frame) == 0
    view.filters.fill(only_mine=None)
    view.wait().select(model["id"]).delete()
    view.question.yes.click()
    assert "Only admin applications may call delete_model" in note(view)
    assert len(view.refresh()) == 1
    view.close()
    leia.close()


def test_what_is_refused_stands_beside_its_filter(service, ada):
    leia = leia_nb.connect(service.url, "key-of-ada")
    view = ModelsView(leia)
    field = view.filters.fields["application_id"]
    view.filters.fill(application_id="0123456789abcdef01234567")
    view.wait()
    assert "which only admin calls accept" in field._message.value
    view.filters.fill(application_id=ada.id)
    view.wait()
    assert field._message.value == ""
    view.close()
    leia.close()


def test_models_that_others_delete_leave_no_empty_page(service, admin, model_file):
    created = [admin.model(model_file, f"Page {at:02}", tags="pages")["id"] for at in range(11)]
    leia = leia_nb.connect(service.url, service.key)
    view = ModelsView(leia)
    view.filters.fill(tags=["pages"])
    view.wait().page = 2
    assert len(view.frame) == 1
    admin.delete(f"/admin/{admin.id}/model/{created[0]}")
    view.refresh_button.click()
    assert (len(view.frame), view.page) == (10, 1)
    view.close()
    leia.close()


def test_cards_of_what_the_service_sends(service, admin, model_file):
    leia = leia_nb.connect(service.url, service.key)
    model = leia.models.create(model_file, "<script>alert(1)</script>", progress=False)
    document = leia.documents.upload(b"some text", filename="<b>.txt", progress=False)
    job = leia.models.apply(model, document, block_processing=True)
    cards = [thing._repr_html_() for thing in (model, document, job, job.record, leia)]
    assert all("leia-card" in card for card in cards)
    assert not any("<script" in card or "<b>.txt" in card for card in cards)
    assert "BLOCKED" in cards[2]
    job.cancel()
    assert "unknown" in job._repr_html_()
    leia.close()


def _model_file(folder):
    from .service_process import write_model_file

    return write_model_file(folder / "model.zip")
