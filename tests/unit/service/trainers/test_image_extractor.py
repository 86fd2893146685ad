"""The trainer `image_extractor`: it finds real pictures on other layouts, and cuts them out."""

import io
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from leia_nb.samples import papers
from leia_nb.service.documents.layout import Box
from leia_nb.service.trainers import (
    UnreadableDocument,
    UnusableDocuments,
    image_extractor,
    trainer,
    use_work_folder,
)
from leia_nb.service.trainers.extraction.regions import overlap
from tests.unit.service.training_documents import document, documents, predict, train

NAME = "image_extractor"
BOX = {"label": "logo", "x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}


def _boxes(paper):
    return [("BOX", box) for box in paper.boxes]


@pytest.fixture(scope="module")
def learnt(tmp_path_factory):
    """A model of 45 papers."""
    made = papers.generate(45, 0, form="image")
    return train(NAME, documents(tmp_path_factory.mktemp("pictures"), made, _boxes))


@pytest.fixture
def work(tmp_path):
    with use_work_folder(tmp_path / "work"):
        yield tmp_path / "work"


def _box(said):
    return Box(said["x"], said["y"], said["width"], said["height"])


def _count(boxes, files):
    """Return how many boxes were found, and how many files are none of them."""
    told = [file.details["prediction"] for file in files]
    left = list(boxes)
    right = 0
    for one in told:
        hit = next(
            (b for b in left if b["label"] == one["label"] and overlap(_box(b), _box(one)) >= 0.5),
            None,
        )
        if hit:
            left.remove(hit)
            right += 1
    return right, len(told) - right


def _measured(some, said, what):
    """Return recall and precision, and print them."""
    right, wrong = np.sum(
        [_count(p.boxes, s.files) for p, s in zip(some, said, strict=True)], axis=0
    )
    total = sum(len(paper.boxes) for paper in some)
    recall, precision = right / total, right / (right + wrong)
    figure = f"recall {recall:.3f}, precision {precision:.3f} (IoU >= 0.5, {total} boxes)"
    print(f"image_extractor, {what}: {figure}")  # noqa: T201 -- the figure
    return recall, precision


def test_pictures_on_papers_of_other_layouts_are_found(learnt, work, tmp_path):
    some = papers.generate(45, 1, part="test", form="image")
    said = predict(NAME, learnt, documents(tmp_path, some, _boxes))
    assert min(_measured(some, said, "papers of other layouts")) >= 0.95


def test_pictures_on_the_default_sample_are_found(work, tmp_path):
    learnt = train(NAME, documents(tmp_path, papers.generate(60), _boxes))
    some = papers.generate(30, part="test")
    said = predict(NAME, learnt, documents(tmp_path, some, _boxes))
    assert min(_measured(some, said, "default sample papers")) >= 0.95
    logos = [[box for box in paper.boxes if box["label"] == "logo"] for paper in some]
    found = [_count(boxes, s.files)[0] for boxes, s in zip(logos, said, strict=True)]
    assert sum(found) == sum(map(len, logos))


def test_cross_validation_says_how_good_it_is(learnt):
    about = learnt.description
    assert 0.8 <= about.accuracy <= 1
    for fact in ("IoU) is at least 0.5", "logo: ", "signature: ", "stamp: ", "Documents: "):
        assert fact in about.documentation
    assert about.extra == {"labels": ["logo", "signature", "stamp"], "windows": []}
    assert (about.model_type, about.input_types) == ("image_extraction", ("image", "list[pdf]"))


def test_what_is_cut_out_is_the_part_of_the_page(learnt, work, tmp_path):
    (paper,) = papers.generate(1, 6, kinds=["letter"], form="image")
    (one,) = documents(tmp_path, [paper])
    (said,) = predict(NAME, learnt, [one])
    page = Image.open(io.BytesIO(paper.content))
    assert said.files
    for number, file in enumerate(said.files):
        told = file.details["prediction"]
        assert set(told) == {"label", "x", "y", "width", "height", "score"}
        assert (file.tags, file.mime_type, file.source_id) == (
            (told["label"],), "image/png", one.id,
        )  # fmt: skip
        assert file.filename == f"{one.path.stem}-{number}-{told['label']}.png"
        assert file.path.parent == work
        cut = Image.open(file.path)
        assert abs(cut.width - told["width"] * page.width) <= 1.5
        left, top = int(told["x"] * page.width), int(told["y"] * page.height)
        same = page.crop((left, top, left + cut.width, top + cut.height))
        assert np.array_equal(np.asarray(cut), np.asarray(same))
    scores = [file.details["prediction"]["score"] for file in said.files]
    assert scores == sorted(scores, reverse=True)
    assert len(predict(NAME, learnt, [one], most=1)[0].files) == 1
    assert predict(NAME, learnt, [one], threshold=1)[0].files == ()


def test_pages_of_pdfs_are_looked_at_too(learnt, work, tmp_path):
    (paper,) = papers.generate(1, 6, kinds=["letter"])
    (said,) = predict(NAME, learnt, documents(tmp_path, [paper]))
    assert _count(paper.boxes, said.files)[0] >= 1
    assert all(file.page == 0 for file in said.files)


def test_pdfs_can_be_learned(work, tmp_path):
    some = documents(tmp_path, papers.generate(9, 0), _boxes)
    learnt = train(NAME, some)
    assert "Documents: " in learnt.description.documentation


def _photo(seed, folder):
    """A noisy picture with a disc somewhere: nothing on it hangs together alone."""
    random = np.random.default_rng(seed)
    noise = random.integers(0, 90, (150, 200, 3), dtype=np.uint8)
    image = Image.fromarray(noise)
    x, y = int(random.integers(5, 140)), int(random.integers(5, 95))
    ImageDraw.Draw(image).ellipse([x, y, x + 50, y + 50], fill=(250, 240, 90))
    path = folder / f"photo-{seed}.png"
    image.save(path)
    box = {"label": "sun", "x": x / 200, "y": y / 150, "width": 50 / 200, "height": 50 / 150}
    return document(path, seed, (("BOX", box),), "image/png"), box


def test_things_on_photographs_are_found_by_windows(work, tmp_path):
    made = [_photo(seed, tmp_path) for seed in range(20)]
    learnt = train(NAME, [one for one, _ in made[:14]])
    assert learnt.description.extra["windows"]
    said = predict(NAME, learnt, [one for one, _ in made[14:]])
    right, wrong = np.sum(
        [_count([box], s.files) for (_, box), s in zip(made[14:], said, strict=True)], axis=0
    )
    assert right >= 5
    assert wrong <= 2


def test_many_pages_are_subsampled(work, tmp_path, monkeypatch):
    monkeypatch.setattr(image_extractor, "_MOST_REGIONS", 1)
    some = documents(tmp_path, papers.generate(12, 0, form="image", resolution=50), _boxes)
    assert train(NAME, some).description.accuracy > 0.3


def test_an_empty_page_has_no_pictures(learnt, work, tmp_path):
    for size in [(1, 1), (3000, 10), (600, 800)]:
        path = tmp_path / "white.png"
        Image.new("L", size, 255).save(path)
        (said,) = predict(NAME, learnt, [document(path, 0, ())])
        assert said.files == ()


@pytest.mark.parametrize(
    ("annotations", "why"),
    [
        ((), r"\(labels: none\)"),
        ((("BOX", {"label": "logo"}), ("TEXT", {"total": "1"}), ("BOX", "x")), "labels: none"),
        ((("BOX", {**BOX, "x": 120, "width": 300}),), "fractions of the page, 0 to 1, not pixels"),
        ((("BOX", {**BOX, "width": 0}),), "has an invalid BOX annotation"),
        ((("BOX", {**BOX, "x": 10**400}),), "has an invalid BOX annotation"),
    ],
)
def test_documents_without_usable_boxes_are_refused(tmp_path, annotations, why):
    some = documents(tmp_path, papers.generate(3, 0, form="image"), lambda _: annotations)
    for refuse in (trainer(NAME).check, lambda d: train(NAME, d)):
        with pytest.raises(UnusableDocuments, match=why):
            refuse(some)


def test_a_label_on_one_document_only_is_refused(tmp_path):
    labels = iter("abc")
    some = documents(
        tmp_path,
        papers.generate(3, 0, form="image"),
        lambda _: [("BOX", {**BOX, "label": next(labels)})],
    )
    with pytest.raises(UnusableDocuments, match="labels: a, b, c"):
        trainer(NAME).check(some)


def test_boxes_on_missing_pages_are_refused(tmp_path):
    some = documents(tmp_path, papers.generate(3, 0), lambda _: [("BOX", {**BOX, "page": 7})])
    with pytest.raises(UnusableDocuments, match="pages that do not exist"):
        train(NAME, some)


def test_documents_of_another_kind_or_damaged_are_named(learnt, work, tmp_path):
    some = documents(tmp_path, papers.generate(3, 0, form="image"), lambda _: [("BOX", BOX)])
    with pytest.raises(
        UnusableDocuments, match=r"but image_extractor reads images and PDFs\. Remove"
    ):
        trainer(NAME).check([replace(some[0], mime_type="text/plain"), *some[1:]])
    path = tmp_path / "broken.png"
    path.write_bytes(b"nothing")
    with pytest.raises(UnreadableDocument, match=r"\(broken.png\) is not a supported image"):
        predict(NAME, learnt, [document(path, 1, ())])


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
made = papers.generate(9, 0, form="image", resolution=50)[::step]
some = documents(folder, made, lambda paper: [("BOX", box) for box in paper.boxes])
trained = train("image_extractor", some)
packaging.write_model(target, trained.estimator, trained.description)
"""


def test_training_twice_gives_the_same_bytes(tmp_path):
    targets = [tmp_path / "1.zip", tmp_path / "2.zip"]
    for target, step in zip(targets, ("1", "-1"), strict=True):
        folder = str(tmp_path / target.stem)
        subprocess.run([sys.executable, "-c", SCRIPT, folder, str(target), step], check=True)
    assert targets[0].read_bytes() == targets[1].read_bytes()
