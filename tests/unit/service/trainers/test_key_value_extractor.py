"""The trainer `key_value_extractor`: it learns something real, and says what it cannot."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from fpdf import FPDF

from leia_nb.samples import papers
from leia_nb.service.trainers import (
    UnreadableDocument,
    UnusableDocuments,
    key_value_extractor,
    trainer,
)
from leia_nb.service.trainers.extraction.read_segments import read_tree
from tests.unit.service.training_documents import document, documents, predict, texts, train

NAME = "key_value_extractor"


@pytest.fixture(scope="module")
def learnt(tmp_path_factory):
    """A model of 60 papers."""
    some = documents(tmp_path_factory.mktemp("train"), papers.generate(60, 0))
    return train(NAME, some)


@pytest.fixture
def bills(tmp_path):
    """Six plain texts with totals and numbers in different places."""
    lines, predictions = [], []
    for number in range(6):
        total, name = f"{number * 7 + 3}.50", f"R-{number}{number}"
        first, second = f"Total: {total}", f"Bill no. {name}"
        lines.append("\n".join([first, second, "Thanks"] if number % 2 else [second, "", first]))
        predictions.append({"total": total, "number": name})
    return texts(tmp_path, *lines, predictions=predictions)


def _right(some, said):
    """Return per key how many values are exactly right, and how many there are."""
    found = {}
    for paper, prediction in zip(some, said, strict=True):
        told = {item["key"]: item["value"] for item in prediction.key_values}
        for key in {*paper.fields, *told}:
            right, total = found.get(key, (0, 0))
            found[key] = (right + (told.get(key) == paper.fields.get(key)), total + 1)
    return found


def test_papers_of_other_layouts_are_read(learnt, tmp_path):
    some = papers.generate(60, 1, part="test")
    right = _right(some, predict(NAME, learnt, documents(tmp_path, some)))
    share = sum(r for r, _ in right.values()) / sum(total for _, total in right.values())
    figure = f"{share:.3f} exactly right, {right}"
    print(f"key_value_extractor, papers of other layouts: {figure}")  # noqa: T201 -- the figure
    assert share >= 0.9
    assert all(r / total >= 0.8 for r, total in right.values())


def test_cross_validation_says_how_good_it_is(learnt):
    about = learnt.description
    assert 0.9 <= about.accuracy <= 1
    assert f"Accuracy: {about.accuracy:.4f}" in about.documentation
    for fact in (
        "Correct by key: date ",
        "Documents: 60, skipped without annotated values: 0.",
        "Fingerprint",
        "seed = 0",
    ):
        assert fact in about.documentation
    assert (about.model_type, about.input_types) == (
        "key_value_extraction", ("text", "text_tree"),
    )  # fmt: skip
    assert about.extra["keys"] == ["date", "number", "sender", "total"]


def test_items_are_sorted_by_key_and_scored(learnt, tmp_path):
    some = documents(tmp_path, papers.generate(3, 2))
    said = predict(NAME, learnt, some, threshold=0)
    for prediction in said:
        assert [item["key"] for item in prediction.key_values] == learnt.description.extra["keys"]
        assert all(set(item) == {"key", "value", "score"} for item in prediction.key_values)
        assert all(0 <= item["score"] <= 1 for item in prediction.key_values)
    assert predict(NAME, learnt, some, threshold=1)[0].key_values == []
    assert predict(NAME, learnt, []) == []
    letter = predict(NAME, learnt, some)[2].key_values
    assert "total" not in {item["key"] for item in letter}


def test_plain_texts_can_be_learned(bills, tmp_path):
    learnt = train(NAME, bills)
    path = tmp_path / "new.txt"
    path.write_text("Hello\nBill no. R-77\nTotal: 99.50", encoding="utf-8")
    (said,) = predict(NAME, learnt, [document(path, 9, ())], threshold=0.2)
    assert {item["key"]: item["value"] for item in said.key_values} == {
        "number": "R-77",
        "total": "99.50",
    }


def test_text_trees_are_read_like_the_papers_themselves(learnt, tmp_path):
    (paper,) = papers.generate(1, 3)
    (original,) = documents(tmp_path, [paper])
    path = tmp_path / "tree.json"
    path.write_text(json.dumps(_tree(original)), encoding="utf-8")
    (of_pdf,) = predict(NAME, learnt, [original])
    (of_tree,) = predict(NAME, learnt, [document(path, 1, (), "application/json")])
    values = [[(i["key"], i["value"]) for i in said.key_values] for said in (of_pdf, of_tree)]
    assert values[0] == values[1] == sorted(paper.fields.items())


@pytest.mark.parametrize("side", ["NaN", "-Infinity", "1e999", "1" + "0" * 400, "null", '"0.1"'])
def test_words_without_a_place_are_left_out_of_a_text_tree(side):
    box = '"x": 0.1, "y": 0.2, "width": 0.3'
    good = f'{{"text": "Total: 3.50", {box}, "height": 0.02}}'
    tree = f'{{"pages": [{good}, {{"text": "nowhere", {box}, "height": {side}}}]}}'
    assert [word.text for word in read_tree(tree)] == ["Total: 3.50"]


def test_a_blank_page_among_others_has_no_values(bills, tmp_path):
    learnt = train(NAME, bills)
    page = {"page": 0, "width": 595.28, "height": 841.89, "unit": "pt", "blocks": []}
    blank = []
    for number, data in enumerate((" \n", json.dumps({"pages": [page]}))):
        (tmp_path / f"blank{number}").write_text(data, encoding="utf-8")
        blank.append(document(tmp_path / f"blank{number}", 90 + number, ()))
        with pytest.raises(UnreadableDocument, match="contains no"):
            predict(NAME, learnt, blank[-1:])
    said = predict(NAME, learnt, [*blank, bills[0]])
    assert [bool(one.key_values) for one in said] == [False, False, True]


def test_the_tree_of_a_late_page_is_read(bills, tmp_path):
    words = [
        {"text": text, "x": 0.1, "y": 0.1 * row, "width": 0.3, "height": 0.02}
        for row, text in enumerate(["Bill no. R-99", "Total: 99.50", "Thanks"])
    ]
    path = tmp_path / "page-7.json"
    path.write_text(json.dumps({"pages": [{"page": 7, "blocks": words}]}), encoding="utf-8")
    (said,) = predict(NAME, train(NAME, bills), [document(path, 97, ())], threshold=0)
    told = {item["key"]: item["value"] for item in said.key_values}
    assert told == {"number": "R-99", "total": "99.50"}


def test_half_surrogate_pairs_in_a_text_tree_are_replaced():
    tree = r'{"text": "3.5\ud800", "x": 0.1, "y": 0.2, "width": 0.3, "height": 0.02}'
    assert [word.text for word in read_tree(tree)] == ["3.5\ufffd"]


def _tree(original):
    from leia_nb.service.trainers.extraction.read_segments import read_segments

    lines = [
        {
            "text": segment.text,
            "box": {
                "x": segment.left,
                "y": segment.top,
                "width": segment.right - segment.left,
                "height": segment.bottom - segment.top,
            },
        }
        for segment in read_segments(original, 1)
    ]
    return {"pages": [{"page": 0, "blocks": lines}]}


def test_many_texts_are_subsampled(bills, monkeypatch):
    monkeypatch.setattr(key_value_extractor, "_MOST_SPANS", 1)
    monkeypatch.setattr(key_value_extractor, "_LEAST_SPANS_PER_DOCUMENT", 3)
    learnt = train(NAME, bills)
    assert learnt.description.extra["keys"] == ["number", "total"]


def test_a_text_without_anything_like_a_value_says_nothing(bills, tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("only words\nand more words", encoding="utf-8")
    empty = replace(document(path, 9, (("TEXT", {"total": "9.50"}),)))
    learnt = train(NAME, [*bills, empty])
    assert predict(NAME, learnt, [empty])[0].key_values == []


def test_numbers_are_found_in_any_notation(bills):
    said = [{"total": float(dict(d.annotations)["TEXT"]["total"])} for d in bills]
    numbers = [
        replace(bill, annotations=(("TEXT", one),)) for bill, one in zip(bills, said, strict=True)
    ]
    learnt = train(NAME, numbers)
    (first, *_) = predict(NAME, learnt, bills, threshold=0)
    assert first.key_values[0]["value"] == "3.50"


@pytest.mark.parametrize("number", [2, 6])
def test_texts_without_negative_examples_can_be_learned(tmp_path, number):
    totals = [f"{12 * place + 7}.50" for place in range(number)]
    some = texts(
        tmp_path,
        *[f"Invoice\nTotal: {total}\nThanks" for total in totals],
        predictions=[{"total": total} for total in totals],
    )
    said = predict(NAME, train(NAME, some), some)
    told = [[(item["key"], item["value"]) for item in one.key_values] for one in said]
    assert told == [[("total", total)] for total in totals]


def test_the_newest_of_several_annotations_counts(bills):
    first = bills[0]
    wrong = replace(first, annotations=(("TEXT", {"total": "nowhere"}), *first.annotations))
    assert (
        "do not occur in the texts: 0."
        in train(NAME, [wrong, *bills[1:]]).description.documentation
    )


def test_a_value_that_is_not_there_is_left_out_and_counted(bills):
    wrong = replace(bills[0], annotations=(("TEXT", {"total": "nowhere", "number": "R-00"}),))
    assert (
        "do not occur in the texts: 1."
        in train(NAME, [wrong, *bills[1:]]).description.documentation
    )


@pytest.mark.parametrize(
    ("annotations", "why"),
    [
        ((), "at least two documents that have a TEXT annotation with values, got 0 of 6"),
        ((("TEXT", "12.50"), ("TYPING", {"category": "x"})), "got 0 of 6"),
        ((("TEXT", {"total": None, "": "x", "a": [1], "b": True, "c": " "}),), "got 0 of 6"),
    ],
)
def test_documents_without_values_are_refused(bills, annotations, why):
    without = [replace(bill, annotations=annotations) for bill in bills]
    for refuse in (trainer(NAME).check, lambda d: train(NAME, d)):
        with pytest.raises(UnusableDocuments, match=why) as caught:
            refuse(without)
        assert "annotation_type TEXT" in caught.value.message
    with pytest.raises(UnusableDocuments, match="got 1 of 6"):
        trainer(NAME).check([bills[0], *without[1:]])


def test_values_that_are_not_in_the_texts_are_named(bills):
    wrong = [replace(b, annotations=(("TEXT", {"total": "nowhere"}),)) for b in bills[:4]]
    with pytest.raises(UnusableDocuments, match="5 of 7 annotated values") as caught:
        train(NAME, [*wrong, replace(bills[4], annotations=(("TEXT", {"total": "?"}),)), bills[5]])
    assert "total = 'nowhere' in document " in caught.value.message
    assert "(text-0.txt)" in caught.value.message


def test_a_key_in_a_single_document_cannot_be_learned(bills):
    single = [
        replace(bill, annotations=(("TEXT", {f"key-{n}": "Thanks" if n % 2 else f"R-{n}{n}"}),))
        for n, bill in enumerate(bills)
    ]
    with pytest.raises(UnusableDocuments, match="No key has values in the texts of at least two"):
        train(NAME, single)


def test_documents_of_another_kind_are_refused_by_name(bills):
    with pytest.raises(
        UnusableDocuments, match=r"text-0\.txt\) is image/png, but key_value_ext"
    ) as it:
        trainer(NAME).check([replace(bills[0], mime_type="image/png"), *bills[1:]])
    assert "reads text documents, PDFs and text trees. Transform it to text first" in str(it.value)


def test_a_pdf_without_text_is_refused_by_name(learnt, tmp_path):
    pdf = FPDF()
    pdf.add_page()
    path = tmp_path / "scan.pdf"
    path.write_bytes(bytes(pdf.output()))
    with pytest.raises(UnreadableDocument, match=r"\(scan.pdf\) contains no text"):
        predict(NAME, learnt, [document(path, 1, ())])


@pytest.mark.parametrize("data", [b"%PDF-1.4 broken", b"\0\1\2", b""])
def test_a_damaged_document_is_refused_by_name(learnt, tmp_path, data):
    path = tmp_path / "odd.pdf"
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument, match=r"\(odd.pdf\)"):
        predict(NAME, learnt, [document(path, 1, ())])


def test_a_text_of_one_endless_line_is_read_in_bounded_time(learnt, tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("word 12.50 " * 200_000, encoding="utf-8")
    (said,) = predict(NAME, learnt, [document(path, 1, ())])
    assert len(said.key_values) <= 4


SCRIPT = """
import sys
from pathlib import Path
from leia_nb import packaging
from leia_nb.samples import papers
from leia_nb.service.worker.process import warm
from tests.unit.service.training_documents import documents, train
warm()
folder, target, step = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
folder.mkdir()
trained = train("key_value_extractor", documents(folder, papers.generate(12, 0)[::step]))
packaging.write_model(target, trained.estimator, trained.description)
"""


def test_training_twice_gives_the_same_bytes(tmp_path):
    targets = [tmp_path / "1.zip", tmp_path / "2.zip"]
    for target, step in zip(targets, ("1", "-1"), strict=True):
        folder = str(tmp_path / target.stem)
        subprocess.run([sys.executable, "-c", SCRIPT, folder, str(target), step], check=True)
    assert targets[0].read_bytes() == targets[1].read_bytes()
