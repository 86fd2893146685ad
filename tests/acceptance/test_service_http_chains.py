"""Chains over real HTTP: jobs of all types, one after the other, on each other's documents."""

import pytest

from .job_helpers import classify, learn, processed, transform
from .sample_files import pdf, picture, words
from .service_process import wait_until


@pytest.fixture(scope="module")
def model(ada):
    return learn(ada, "chain-halves", "chain-halves")["id"]


@pytest.fixture
def ten_chunks(ada):
    """A blocked job that cuts a text of a hundred words into ten, and the text."""
    source = ada.document(words(100), "Hundred.txt")["id"]
    job = transform(ada, source, "split", split_size=10, output_tag="ten", block_processing=True)
    return source, job


def _chunk(login, document):
    """Return which of the ten chunks a document is, by its first word."""
    text = login.get(f"/document/{document}/file_contents").text
    return int(text.split()[0].removeprefix("word")) // 10


@pytest.mark.parametrize(
    ("page_range", "picked"),
    [
        ("0", [0]),
        ("-4", [6]),
        ("2:5", [2, 3, 4]),
        (":2", [0, 1]),
        ("-2:", [8, 9]),
        ("1::4", [1, 5, 9]),
        ("0,2:5,-2:-1", [0, 2, 3, 4, 8]),
        ("7:99,0", [7, 8, 9, 0]),
        ("3,3,2:4", [3, 2]),
    ],
)
def test_pages_of_what_the_job_before_made(ada, ten_chunks, page_range, picked):
    source, first = ten_chunks
    second = transform(ada, source, "merge", execute_after_id=first["id"], page_range=page_range)
    assert second["status"] == "WAITING"
    ada.post(f"/job/{first['id']}/start")
    over = processed(ada, second)
    assert [_chunk(ada, document) for document in over["document_ids"]] == picked
    text = ada.get(f"/document/{over['result']['id']}/file_contents").text
    assert [int(line.split()[0][4:]) // 10 for line in text.splitlines()] == picked


def test_no_page_left_fails_with_a_reason(ada, ten_chunks):
    source, first = ten_chunks
    none = transform(ada, source, "merge", execute_after_id=first["id"], page_range="10:")
    after = transform(ada, source, "merge", execute_after_id=none["id"])
    ada.post(f"/job/{first['id']}/start")
    over = ada.finished_job(none)
    assert over["status"] == "FAILED"
    assert "page_range '10:' selects none of the pages" in over["reason"]
    assert none["id"] in ada.finished_job(after)["reason"]


def test_a_long_chain_of_all_kinds(ada, model):
    """PDF → images → trimmed → classify the first two → classify one → train → merge fails."""
    source = ada.document(pdf("one", "two", "three"), "Chain.pdf")["id"]
    images = transform(ada, source, "image", output_tag="chain-page", block_processing=True)
    trimmed = transform(ada, source, "trim", execute_after_id=images["id"], output_tag="cut")
    both = classify(ada, model, source, execute_after_id=trimmed["id"], page_range=":2")
    last = classify(ada, model, source, execute_after_id=both["id"], page_range="-1")
    params = {"execute_after_id": last["id"]}
    training = ada.post("/model/image_classifier/train/chain-halves", params=params).json()
    again = transform(ada, source, "text", execute_after_id=training["id"])
    assert {job["status"] for job in (trimmed, both, last, training, again)} == {"WAITING"}
    ada.post(f"/job/{images['id']}/start")
    assert processed(ada, again)["document_ids"] == [source], "a training makes no documents"
    made = processed(ada, trimmed)["result"]
    assert [page["page"] for page in made] == [0, 1, 2]
    assert processed(ada, both)["document_ids"] == [page["id"] for page in made[:2]]
    assert list(processed(ada, both)["result"]) == [page["id"] for page in made[:2]]
    assert processed(ada, last)["document_ids"] == [made[1]["id"]]
    assert processed(ada, training)["result_type"] == "model"


def test_a_tag_finds_what_the_job_before_has_made(ada, model):
    source = ada.document(pdf("one", "two"), "Tagged.pdf")["id"]
    images = transform(ada, source, "image", output_tag="tagged", block_processing=True)
    tagged = classify(ada, model, source, execute_after_id=images["id"], tag="tagged")
    second = transform(
        ada, source, "trim", execute_after_id=tagged["id"], input_tag="tagged", page_range="1"
    )
    ada.post(f"/job/{images['id']}/start")
    made = [page["id"] for page in processed(ada, images)["result"]]
    assert processed(ada, tagged)["document_ids"] == made
    assert processed(ada, second)["document_ids"] == made[1:]


def test_thirty_jobs_in_a_row(ada):
    source = ada.document(words(5), "Row.txt")["id"]
    first = job = transform(ada, source, "split", split_size=5, block_processing=True)
    for _ in range(30):
        job = transform(ada, source, "split", split_size=5, execute_after_id=job["id"])
    ada.post(f"/job/{first['id']}/start")
    over = processed(ada, job)
    assert [document["original_id"] for document in over["result"]] == [source]


def test_jobs_that_wait_for_the_same_one(ada, ten_chunks):
    source, first = ten_chunks
    followers = [
        transform(ada, source, "merge", execute_after_id=first["id"], page_range=str(number))
        for number in range(5)
    ]
    ada.post(f"/job/{first['id']}/start")
    picked = [processed(ada, job)["document_ids"] for job in followers]
    made = [document["id"] for document in processed(ada, first)["result"]]
    assert picked == [[document] for document in made[:5]]


def test_what_the_job_before_made_may_be_deleted_meanwhile(ada, ten_chunks):
    source, first = ten_chunks
    ada.post(f"/job/{first['id']}/start")
    made = processed(ada, first)["result"]
    ada.delete(f"/document/{made[3]['id']}")
    over = ada.finished_job(transform(ada, source, "merge", execute_after_id=first["id"]))
    assert over["status"] == "FAILED"
    assert f"document {made[3]['id']} was deleted or expired" in over["reason"]


def test_a_transform_senseless_for_what_came_before_fails_in_words(ada, ten_chunks):
    source, first = ten_chunks
    after = transform(ada, source, "trim", execute_after_id=first["id"])
    ada.post(f"/job/{first['id']}/start")
    over = ada.finished_job(after)
    assert over["status"] == "FAILED"
    assert "trim requires" in over["reason"]


def test_a_chain_to_itself_or_to_nothing_is_refused(ada, bob, model, ten_chunks):
    """The id of a job is new, so none can be waited for before it is there."""
    source, first = ten_chunks
    wanted = {"execute_after_id": "itself"}
    for path in (
        f"/document/{source}/transform/merge",
        f"/model/{model}/apply/{source}",
        "/model/image_classifier/train/chain-halves",
    ):
        answer = ada.post(path, params=wanted)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_job")
        assert answer.json()["field"] == "execute_after_id"
    answer = bob.post(f"/document/{source}/transform/merge", json={"execute_after_id": first["id"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    ada.delete(f"/job/{first['id']}")


def test_the_result_is_kept_as_a_document_too(ada, model):
    one = ada.document(picture("left"), "Kept.png", ttl=3600)
    two = ada.document(picture("right"), "Kept too.png")
    over = processed(ada, classify(ada, model, one["id"], save_result="true"))
    (saved,) = ada.get("/document", original_id=one["id"]).json()
    assert (saved["filename"], saved["extension"]) == ("Kept.png.result.json", "json")
    assert (saved["mime_type"], saved["tags"]) == ("application/json", [])
    assert saved["expiration_time"] == one["expiration_time"]
    assert ada.get(f"/document/{saved['id']}/file_contents").json() == over["result"]

    path = f"/model/{model}/apply/{one['id']},{two['id']}"
    both = processed(ada, ada.post(path, json={"save_result": True}).json())
    (saved,) = [
        document
        for document in ada.get("/document", filename="Kept.png.result.json").json()
        if document["original_id"] is None
    ]
    assert ada.get(f"/document/{saved['id']}/file_contents").json() == both["result"]
    assert saved["expiration_time"] == one["expiration_time"], "with the first of them"
    unsaved = ada.document(picture("left"), "Unsaved.png")["id"]
    processed(ada, classify(ada, model, unsaved))
    assert ada.get("/document", original_id=unsaved).json() == []


def test_jobs_of_higher_priority_go_first(fresh_service):
    service = fresh_service("--workers", "0")
    login = service.login()
    source = login.document(words(3), "Three.txt")["id"]
    job = transform(login, source, "split")
    assert job["status"] == "READY"
    assert not wait_until(lambda: login.get("/job").json())[0]["starting_time"]
    answer = login.get("/worker")
    assert (answer.status_code, answer.json()["code"]) == (400, "no_worker_mode")
    learned = login.post("/model/image_classifier/train/none")
    assert learned.status_code == 404, "what can be refused is refused without workers, too"
    service.terminate()
    login = fresh_service("--workers", "1").login()
    assert processed(login, job)["result"][0]["original_id"] == source
