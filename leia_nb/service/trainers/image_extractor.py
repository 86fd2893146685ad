"""The trainer `image_extractor`: pictures on pages, cut out."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from leia_nb.enums import ModelInputType, ModelType, Speed
from leia_nb.packaging import ModelDescription
from leia_nb.service.documents import pdf
from leia_nb.service.documents.base import (
    InputDocument,
    OutputDocument,
    TrainingDocument,
    UnusableDocuments,
    work_folder,
)
from leia_nb.service.documents.readers import is_pdf, read_head, read_image
from leia_nb.service.trainers.base import Prediction, Trained, TrainerParameters
from leia_nb.service.trainers.extraction import annotated_boxes, box_detector, regions
from leia_nb.service.trainers.extraction.annotated_boxes import AnnotatedBox, Example
from leia_nb.service.trainers.extraction.box_detector import Counts, Detection, PageExample, Size
from leia_nb.service.trainers.sklearn_trainer import (
    Folds,
    Pages,
    Seed,
    SklearnTrainer,
    Strength,
    Threshold,
    split_folds,
)

if TYPE_CHECKING:
    from PIL.Image import Image

_THRESHOLD = 0.5
_MOST_PAGES_FOR_SIZES = 100
_MOST_REGIONS, _LEAST_REGIONS_PER_DOCUMENT = 60_000, 60
_MOST_SIZES = 100


class ImageExtractorParameters(TrainerParameters):
    """The parameters of a training with `image_extractor`."""

    strength: Strength = 1.0
    pages: Pages = 5
    folds: Folds = 3
    seed: Seed = 0


class ImageExtractorApplyParameters(TrainerParameters):
    """The parameters of applying an `image_extractor`."""

    threshold: Threshold = _THRESHOLD
    most: int = Field(20, ge=1, le=1000, description="maximum number of pictures per page")


class ImageExtractor(SklearnTrainer):
    """Learns from `BOX` annotations which parts of a page are pictures, and cuts them out."""

    name = "image_extractor"
    model_type = str(ModelType.IMAGE_EXTRACTION)
    input_types = (str(ModelInputType.IMAGE), str(ModelInputType.PDFS))
    output_format: ClassVar[Any] = {
        "prediction": dict.fromkeys(("x", "y", "width", "height", "score"), "float")
        | {"label": "str"}
    }
    speed: ClassVar[str] = str(Speed.SLOW)
    description = (
        "Cuts pictures such as logos, stamps or signatures out of images and pages of PDFs. "
        "A logistic regression weighs the edges, the colors, the position and the size of every "
        "connected region of a page, or of windows where regions do not match the pictures."
    )
    training_parameters: ClassVar = ImageExtractorParameters
    apply_parameters: ClassVar = ImageExtractorApplyParameters

    def check(self, documents: Sequence[TrainingDocument]) -> None:
        """Raise `UnusableDocuments` unless a label is on two documents."""
        self._usable(documents)

    def fit(
        self, documents: Sequence[TrainingDocument], parameters: ImageExtractorParameters
    ) -> Trained:
        """Train on the documents that have boxes, and cross-validate."""
        examples, labels = self._usable(documents)
        first = islice(_annotated_pages(examples, parameters.pages), _MOST_PAGES_FOR_SIZES)
        sizes = box_detector.window_sizes((page, boxes) for page, boxes, _ in first)
        most = max(_MOST_REGIONS // len(examples), _LEAST_REGIONS_PER_DOCUMENT)
        pages = [
            box_detector.page_example(page, boxes, sizes, number, most)
            for page, boxes, number in _annotated_pages(examples, parameters.pages)
        ]
        _check_pages(examples, pages)
        counts = _cross_validate(pages, len(examples), parameters)
        estimator = box_detector.fit(pages, parameters.strength)
        return self.trained(
            estimator,
            _accuracy(counts),
            _facts(len(examples), len(documents) - len(examples), labels, counts),
            parameters,
            [(e.document.md5sum, _canonical(e.boxes)) for e in examples],
            extra={"labels": labels, "windows": [list(size) for size in sizes]},
        )

    def probe(self, document: TrainingDocument, parameters: ImageExtractorParameters) -> None:
        """Read the pages of a document that has boxes."""
        if annotated_boxes.examples([document]):
            for _page in _images(document, parameters.pages):
                pass

    def predict(
        self,
        estimator: Any,
        description: ModelDescription,
        documents: Sequence[InputDocument],
        parameters: ImageExtractorApplyParameters,
    ) -> list[Prediction]:
        """Cut out every detected picture, the best of a page first."""
        pages = self.trained_parameters(description).pages
        sizes = _window_sizes(description)
        predictions = []
        for document in documents:
            files: list[OutputDocument] = []
            for number, image in _images(document, pages):
                page = regions.PageImage(image)
                boxes = regions.candidates(page, sizes)
                rows = regions.features(page, boxes)
                detections = box_detector.detect(estimator, boxes, rows, parameters.threshold)
                for detection in detections[: parameters.most]:
                    files.append(_cut(document, number, image, detection, len(files)))
            found = [file.details["prediction"] for file in files]
            items = [{"key": p["label"], "value": p, "score": p["score"]} for p in found]
            predictions.append(Prediction(items, files=tuple(files)))
        return predictions

    def _usable(self, documents: Sequence[TrainingDocument]) -> tuple[list[Example], list[str]]:
        """Return the documents with usable labels, only with the boxes of these, and the labels."""
        examples = annotated_boxes.examples(documents)
        labels = annotated_boxes.usable_labels(examples)
        self.check_types(example.document for example in examples)
        kept = [
            Example(e.document, tuple(box for box in e.boxes if box.label in labels))
            for e in examples
        ]
        return [example for example in kept if example.boxes], labels


def _images(document: InputDocument, pages: int) -> Iterator[tuple[int | None, Image]]:
    """Yield the pages of a document as RGB; their number is None for an image."""
    if not is_pdf(read_head(document)):
        yield None, read_image(document, color=True)
        return
    with pdf.open_pdf(document) as opened:
        for number in range(min(pages, len(opened))):
            yield number, opened.image(number)


def _annotated_pages(
    examples: Sequence[Example], pages: int
) -> Iterator[tuple[regions.PageImage, tuple[AnnotatedBox, ...], int]]:
    """Yield the pages with boxes, their boxes, and the number of their document."""
    for number, example in enumerate(examples):
        for page, image in _images(example.document, pages):
            boxes = tuple(box for box in example.boxes if page is None or box.page == page)
            if boxes:
                yield regions.PageImage(image), boxes, number


def _check_pages(examples: Sequence[Example], pages: Sequence[PageExample]) -> None:
    if not pages:
        raise UnusableDocuments(
            f"The boxes of all {len(examples)} annotated documents are on pages that do not exist "
            "or are beyond the first pages that are used. Annotate pages counted from 0, or "
            "increase the parameter pages."
        )
    if not box_detector.has_background(pages):
        raise UnusableDocuments(
            "The annotated pages contain nothing outside of their boxes, so there are no "
            "negative examples. Annotate whole pages, or train an image_classifier."
        )


def _window_sizes(description: ModelDescription) -> list[Size]:
    # The model file may have been edited.
    sizes = description.extra.get("windows", [])[:_MOST_SIZES]
    windows = [(float(width), float(height)) for width, height in sizes]
    return [size for size in windows if 0 < size[0] <= 1 and 0 < size[1] <= 1]


def _cut(
    document: InputDocument, page: int | None, image: Image, detection: Detection, number: int
) -> OutputDocument:
    """Write the detected part of a page as a PNG."""
    box = detection.box
    left, top = int(box.x * image.width), int(box.y * image.height)
    right = max(round(box.right * image.width), left + 1)
    bottom = max(round(box.bottom * image.height), top + 1)
    path = work_folder() / f"{document.id}-{number}.png"
    image.crop((left, top, right, bottom)).save(path, "PNG")
    word = re.sub(r"[^\w-]+", "-", detection.label)[:40]
    prediction = {"label": detection.label, **box.rounded(6), "score": detection.score}
    return OutputDocument(
        path,
        f"{PurePath(document.filename).stem[:150]}-{number}-{word}.png",
        "image/png",
        document.id,
        page=document.page if page is None else page,
        tags=(detection.label,),
        details={"prediction": prediction},
    )


def _canonical(boxes: Sequence[AnnotatedBox]) -> str:
    return json.dumps([[box.label, box.page, *vars(box.box).values()] for box in boxes])


def _cross_validate(
    pages: Sequence[PageExample], documents: int, parameters: ImageExtractorParameters
) -> Counts:
    counts: Counts = Counter()
    for train, test in split_folds(documents, parameters):
        training = [page for page in pages if page.document in train]
        if not box_detector.has_background(training):
            continue
        estimator = box_detector.fit(training, parameters.strength)
        for page in (page for page in pages if page.document in test):
            detections = box_detector.detect(estimator, page.boxes, page.rows, _THRESHOLD)
            counts.update(box_detector.count(page.annotated, detections))
    return counts


def _accuracy(counts: Counts) -> float:
    correct = sum(number for (_, kind), number in counts.items() if kind == "correct")
    return correct / max(counts.total(), 1)


def _facts(total: int, skipped: int, labels: Sequence[str], counts: Counts) -> list[str]:
    by_label = "; ".join(
        f"{label}: "
        + ", ".join(f"{counts[label, kind]} {kind}" for kind in ("correct", "missed", "false"))
        for label in labels
    )
    return [
        f"Accuracy: {_accuracy(counts):.4f}, the share of correct boxes among the correct, missed "
        "and false ones, by cross-validation; a box is correct if its overlap (IoU) is at least "
        f"{box_detector.CORRECT_OVERLAP}.",
        f"By label: {by_label}.",
        f"Documents: {total}, skipped without boxes: {skipped}.",
    ]
