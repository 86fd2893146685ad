"""Texts and PDFs, trained on and classified over real HTTP; callbacks on the way."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fpdf import FPDF

from .service_process import wait_until

LETTERS = [
    ("invoice", "please pay the amount due within thirty days"),
    ("invoice", "the amount due is twelve euros, pay by transfer"),
    ("invoice", "invoice number seven, amount to pay on receipt"),
    ("greeting", "happy birthday and best wishes to you"),
    ("greeting", "best wishes for a happy new year"),
    ("greeting", "we wish you a happy holiday"),
]


def _pdf(text=None):
    page = FPDF()
    page.add_page()
    if text:
        page.set_font("Helvetica")
        page.multi_cell(0, text=text)
    return bytes(page.output())


@pytest.fixture(scope="module")
def trained(ada):
    """A model that was trained on texts, half of them PDFs."""
    for number, (category, text) in enumerate(LETTERS):
        data, name = (_pdf(text), "pdf") if number % 2 else (text.encode(), "txt")
        made = ada.document(data, f"letter-{number}.{name}", tags=["letters"])
        ada.annotation(made["id"], category)
    answer = ada.post("/model/text_classifier/train/letters", params={"words": "1"})
    assert answer.status_code == 200, answer.text
    over = ada.finished_job(answer.json())
    assert over["status"] == "PROCESSED", over["reason"]
    assert "words = 1" in over["result"]["documentation"]
    return over["result"]


def _classified(login, model, document, **body):
    path = f"/model/{model['id']}/apply/{document['id']}"
    answer = login.post(path, json={"format_type": "classification", **body})
    assert answer.status_code == 200, answer.text
    return login.finished_job(answer.json())


@pytest.mark.parametrize("kind", ["pdf", "txt"])
def test_texts_and_pdfs_are_classified(ada, trained, kind):
    text = "the amount that you have to pay"
    document = ada.document(_pdf(text) if kind == "pdf" else text.encode(), f"new.{kind}")
    over = _classified(ada, trained, document)
    assert over["result"]["category"] == "invoice"
    assert 0.5 < over["result"]["score"] <= 1
    assert 0 <= over["result"]["accuracy"] <= 1


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (_pdf(), "scan.pdf", "contains no text"),
        (b"%PDF-1.4 broken", "broken.pdf", "a damaged PDF"),
        (b"", "empty.txt", "contains no text"),
    ],
)
def test_what_carries_no_text_fails_in_words(ada, trained, data, name, reason):
    document = ada.document(data, name)
    over = _classified(ada, trained, document)
    assert (over["status"], over["result"]) == ("FAILED", None)
    assert reason in over["reason"]
    assert document["id"] in over["reason"]
    assert name in over["reason"]


def test_a_callback_arrives_when_the_job_is_over(ada, trained):
    received = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.headers["X-Mine"], json.loads(body)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        document = ada.document(b"happy birthday", "card.txt")
        headers = {"X-Mine": "42"}
        over = _classified(ada, trained, document, callback_url=url, callback_headers=headers)
        wait_until(lambda: received)
        server.shutdown()
    assert received == [("42", over)]
