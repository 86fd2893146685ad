"""Awkward documents through the service: what is read, what is named, and what is skipped."""

import io
import random
import unicodedata

import pytest
from PIL import Image, ImageDraw

import leia_nb
from leia_nb.errors import JobFailed

WORDS = {
    "invoice": ["发票", "金额", "付款", "税号", "合计", "账户", "到期", "单价", "数量", "银行"],
    "private": ["海边", "度假", "孩子", "生日", "电影", "晚饭", "跑步", "音乐", "旅行", "朋友"],
}


def chinese(topic, seed):
    return "".join(random.Random(f"{topic}-{seed}").sample(WORDS[topic] * 2, 14)) + "。"


def picture(color="white", dot=0):
    image = Image.new("L", (40, 30), color)
    ImageDraw.Draw(image).ellipse([dot, 5, dot + 12, 20], fill="gray")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def leia(service):
    with leia_nb.connect(service.url, service.key) as leia:
        yield leia


@pytest.fixture
def upload(leia):
    def upload(data, filename, category=None, tags=()):
        document = leia.documents.upload(data, filename=filename, tags=tags, progress=False)
        if category is not None:
            leia.annotations.create(document, "TYPING", {"category": category})
        return document

    return upload


def test_every_bad_document_of_a_transform_is_named(leia, upload):
    documents = [upload(f"text {n}".encode(), f"{n}.txt") for n in range(4)]
    bad = [upload(b"%PDF-1.4 broken", f"bad-{n}.pdf") for n in range(2)]
    job = leia.documents.transform([*documents, *bad], "text")
    with pytest.raises(JobFailed) as caught:
        job.result()
    assert all(f"document {document.id}" in str(caught.value) for document in bad)


def test_bad_documents_of_a_transform_are_skipped(leia, upload):
    good, bad = upload(b"text", "good.txt"), upload(b"%PDF-1.4 broken", "bad.pdf")
    job = leia.documents.transform([bad, good], "text", transform_params={"skip_unusable": True})
    assert job.result()["original_id"].tolist() == [good.id]
    assert job.record.reason.startswith(f"Skipped: document {bad.id} (bad.pdf) is a damaged PDF")


def test_a_merge_goes_on_without_bad_documents(leia, upload):
    bad, first, second = (
        upload(data, f"{n}.txt") for n, data in enumerate((b"\0\1\2", b"one", b"two"))
    )
    documents = [bad, first, second]
    with pytest.raises(JobFailed, match="is binary, not text"):
        leia.documents.transform(documents, "merge").result()
    skip = {"skip_unusable": True}
    job = leia.documents.transform(documents, "merge", transform_params=skip)
    assert leia.documents.contents(job.result()) == b"one\ntwo"
    assert f"Skipped: document {bad.id}" in job.record.reason


def test_bad_documents_of_a_training_and_an_apply(leia, upload):
    good = [
        upload(picture(color, 3 * n), f"{color}-{n}.png", color, ["awkward"])
        for color in ("white", "black")
        for n in range(3)
    ]
    bad = [upload(b"nothing", f"bad-{n}.png", "white", ["awkward"]) for n in range(2)]
    with pytest.raises(JobFailed) as caught:
        leia.models.train("image_classifier", "awkward").result()
    assert all(f"document {document.id}" in str(caught.value) for document in bad)
    skip = {"skip_unusable": True}
    training = leia.models.train("image_classifier", "awkward", model_params=skip)
    model = training.result()
    assert all(f"Skipped: document {document.id}" in training.record.reason for document in bad)
    with pytest.raises(JobFailed) as caught:
        leia.models.apply(model, [*good, *bad], format_type="classification").result()
    assert all(f"document {document.id}" in str(caught.value) for document in bad)
    applied = leia.models.apply(
        model, [bad[0], good[0]], format_type="classification", model_params=skip
    )
    assert applied.result().index.tolist() == [good[0].id]
    assert applied.record.reason.startswith(f"Skipped: document {bad[0].id} (bad-0.png)")


@pytest.mark.parametrize(
    "labels",
    [
        ("re\u00e7u", unicodedata.normalize("NFD", "re\u00e7u")),
        (1, 1.0),
        ("caf\u00e9 ", "cafe\u0301"),
    ],
)
def test_labels_that_read_the_same_are_one_category(leia, upload, labels):
    tag = f"labels-{random.random()}"
    for n in range(4):
        upload(f"bill number {n}".encode(), f"a{n}.txt", labels[n % 2], [tag])
        upload(f"letter to friend {n}".encode(), f"b{n}.txt", "other", [tag])
    model = leia.models.train("text_classifier", tag).result()
    label = unicodedata.normalize("NFC", str(labels[0]).strip())
    categories = {f"{label} (4)", "other (4)"}
    stated = model.documentation.split("Categories: ")[1].split(".")[0]
    assert set(stated.split(", ")) == categories


def test_a_text_classifier_reads_chinese(leia, upload):
    for topic in WORDS:
        for n in range(12):
            upload(chinese(topic, n).encode(), f"{topic}-{n}.txt", topic, ["chinese"])
    model = leia.models.train("text_classifier", "chinese").result()
    new = {
        upload(chinese(t, f"new-{n}").encode(), f"n{n}.txt").id: t for t in WORDS for n in range(10)
    }
    result = leia.models.apply(model, [*new], format_type="classification").result()
    assert result["category"].astype(str).to_dict() == new


def test_a_guessed_encoding_is_said_in_the_reason(leia, upload):
    document = upload("Größe".encode("cp1252"), "size.txt")
    job = leia.documents.transform(document, "text")
    assert leia.documents.contents(job.result()) == "Größe".encode()
    assert "was decoded as cp1252, which is a guess" in job.record.reason
