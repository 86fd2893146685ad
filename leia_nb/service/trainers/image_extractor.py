"""The trainer `image_extractor`: which pictures are on a page, cut out."""

from __future__ import annotations

import re
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
    MadeFile,
    TrainingDocument,
    UnusableDocuments,
    work_folder,
)
from leia_nb.service.documents.readers import read_image
from leia_nb.service.trainers.base import Prediction, Trained, TrainerParameters
from leia_nb.service.trainers.extraction import annotated_boxes, box_detector, regions
from leia_nb.service.trainers.extraction.annotated_boxes import Drawn, Example
from leia_nb.service.trainers.extraction.box_detector import Case, Found, Size
from leia_nb.service.trainers.extraction.page_text import is_pdf
from leia_nb.service.trainers.sklearn_trainer import Seed, SklearnTrainer, Strength

if TYPE_CHECKING:
    from PIL.Image import Image

_THRESHOLD = 0.5
_ENOUGH_PAGES = 100
_MOST_PARTS, _LEAST_PARTS = 60_000, 60
_Counts = dict[str, tuple[int, int, int]]


class ImageExtractorParameters(TrainerParameters):
    """The parameters of a training with `image_extractor`."""

    strength: Strength = 1.0
    pages: int = Field(
        5, ge=1, le=100, description="how many pages of a PDF to use, from the first"
    )
    folds: int = Field(
        3,
        ge=2,
        le=20,
        description="folds of the cross-validation, at most the number of documents",
    )
    seed: Seed = 0


class ImageExtractorApplyParameters(TrainerParameters):
    """The parameters of applying an `image_extractor`."""

    threshold: float = Field(
        _THRESHOLD, ge=0, le=1, description="lowest score of a picture that is cut out"
    )
    most: int = Field(
        20, ge=1, le=1000, description="maximum number of pictures per page, the best ones"
    )


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
        "A logistic regression weighs the edges, the colours, the place and the size of every "
        "part of a page that hangs together, or of windows where that does not single them out."
    )
    training_parameters: ClassVar = ImageExtractorParameters
    apply_parameters: ClassVar = ImageExtractorApplyParameters

    def check(self, documents: Sequence[TrainingDocument]) -> None:
        """Refuse documents that cannot be trained on; opens none of them.

        Raises
        ------
        UnusableDocuments
            If no label is on two documents, a box is not on its page, or a kind cannot be
            read.
        """
        self._usable(documents)

    def fit(self, documents: Sequence[TrainingDocument], parameters: Any) -> Trained:
        """Train on the documents that have boxes, and cross-validate."""
        some, labels = self._usable(documents)
        first = islice(_pages_of(some, parameters.pages), _ENOUGH_PAGES)
        sizes = box_detector.sizes_to_slide((picture, drawn) for picture, drawn, _ in first)
        most = max(_MOST_PARTS // len(some), _LEAST_PARTS)
        cases = [
            box_detector.case(picture, drawn, sizes, number, most)
            for picture, drawn, number in _pages_of(some, parameters.pages)
        ]
        _require_pages(some, cases)
        _require_others(cases)
        counts = _cross_validate(cases, labels, len(some), parameters)
        estimator = box_detector.fitted(cases, parameters.strength)
        description = self.describe_model(
            estimator,
            _accuracy(counts),
            _facts(some, len(documents) - len(some), counts),
            parameters,
            [(e.document.md5sum, f"{e.drawn}") for e in some],
            extra={"labels": labels, "windows": [list(size) for size in sizes]},
        )
        return Trained(estimator, description)

    def predict(
        self,
        estimator: Any,
        description: ModelDescription,
        documents: Sequence[InputDocument],
        parameters: Any,
    ) -> list[Prediction]:
        """Apply a model: every picture found, cut out, the surest of a page first."""
        pages = self.trained_parameters(description).pages
        sizes = _sizes(description)
        predictions = []
        for document in documents:
            files: list[MadeFile] = []
            for number, image in _images(document, pages):
                told = _found(estimator, image, sizes, parameters)
                files.extend(_cut(document, number, image, one, len(files)) for one in told)
            predictions.append(Prediction(_items(files), files=tuple(files)))
        return predictions

    def _usable(self, documents: Sequence[TrainingDocument]) -> tuple[list[Example], list[str]]:
        some = annotated_boxes.examples(documents)
        labels = annotated_boxes.usable_labels(some)
        self.check_types(example.document for example in some)
        kept = [
            Example(e.document, tuple(drawn for drawn in e.drawn if drawn.label in labels))
            for e in some
        ]
        return [example for example in kept if example.drawn], labels


def _images(document: InputDocument, pages: int) -> Iterator[tuple[int | None, Image]]:
    """Yield a document's pages as RGB, numbered if it is a PDF."""
    if not is_pdf(document):
        yield None, read_image(document, color=True)
        return
    with pdf.opened(document) as opened:
        for number in range(min(pages, len(opened))):
            yield number, opened.image(number)


def _pages_of(
    some: Sequence[Example], pages: int
) -> Iterator[tuple[regions.Picture, tuple[Drawn, ...], int]]:
    """Yield the pages with boxes, what was drawn on each, and the number of their document."""
    for number, example in enumerate(some):
        for page, image in _images(example.document, pages):
            drawn = tuple(one for one in example.drawn if page is None or one.page == page)
            if drawn:
                yield regions.Picture(image), drawn, number


def _require_pages(some: Sequence[Example], pages: Sequence[Any]) -> None:
    if not pages:
        raise UnusableDocuments(
            f"The boxes of all {len(some)} annotated documents are on pages that the documents "
            "do not have, or beyond the pages that are looked at. Annotate them with page counted "
            "from 0, or raise the parameter pages."
        )


def _require_others(cases: Sequence[Case]) -> None:
    if not box_detector.is_enough(cases):
        raise UnusableDocuments(
            "There is nothing on the annotated pages but what the boxes hold, so nothing can be "
            "told from it. Annotate whole pages, or train an image_classifier."
        )


def _sizes(description: ModelDescription) -> list[Size]:
    given = description.extra.get("windows", [])
    sizes = [(float(width), float(height)) for width, height in given][:100]
    return [size for size in sizes if 0 < size[0] <= 1 and 0 < size[1] <= 1]


def _found(
    estimator: Any, image: Image, sizes: Sequence[Size], parameters: ImageExtractorApplyParameters
) -> list[Found]:
    picture = regions.Picture(image)
    parts = regions.candidates(picture, sizes)
    rows = regions.describe(picture, parts)
    return box_detector.find(estimator, parts, rows, parameters.threshold)[: parameters.most]


def _cut(
    document: InputDocument, page: int | None, image: Image, found: Found, number: int
) -> MadeFile:
    """Write the part of a page as a PNG."""
    box = found.box
    corners = (
        int(box.x * image.width),
        int(box.y * image.height),
        max(round((box.x + box.width) * image.width), int(box.x * image.width) + 1),
        max(round((box.y + box.height) * image.height), int(box.y * image.height) + 1),
    )
    path = work_folder() / f"{document.id}-{number}.png"
    image.crop(corners).save(path, "PNG")
    word = re.sub(r"[^\w-]+", "-", found.label)[:40]
    said = {side: round(getattr(box, side), 6) for side in ("x", "y", "width", "height")}
    return MadeFile(
        path,
        f"{PurePath(document.filename).stem[:150]}-{number}-{word}.png",
        "image/png",
        document.id,
        page=document.page if page is None else page,
        tags=(found.label,),
        details={"prediction": {"label": found.label, **said, "score": found.score}},
    )


def _items(files: Sequence[MadeFile]) -> list[dict[str, Any]]:
    told = [file.details["prediction"] for file in files]
    return [{"key": one["label"], "value": one, "score": one["score"]} for one in told]


def _cross_validate(
    cases: Sequence[Case],
    labels: Sequence[str],
    documents: int,
    parameters: ImageExtractorParameters,
) -> _Counts:
    """Return per label how many boxes were found rightly, missed and told wrongly."""
    from sklearn.model_selection import KFold

    counts = dict.fromkeys(labels, (0, 0, 0))
    parts = KFold(min(parameters.folds, documents), shuffle=True, random_state=parameters.seed)
    for train, test in parts.split(range(documents)):
        some = [case for case in cases if case.document in set(train.tolist())]
        if not box_detector.is_enough(some):
            continue
        estimator = box_detector.fitted(some, parameters.strength)
        for case in (case for case in cases if case.document in set(test.tolist())):
            found = box_detector.find(estimator, case.boxes, case.rows, _THRESHOLD)
            for label in labels:
                of_label = [one for one in found if one.label == label]
                drawn = [one for one in case.drawn if one.label == label]
                right, missed, wrong = box_detector.count(drawn, of_label)
                a, b, c = counts[label]
                counts[label] = (a + right, b + missed, c + wrong)
    return counts


def _accuracy(counts: _Counts) -> float:
    right = sum(values[0] for values in counts.values())
    return right / max(sum(map(sum, counts.values())), 1)


def _facts(some: Sequence[Example], left_out: int, counts: _Counts) -> list[str]:
    by_label = "; ".join(
        f"{label}: {right} found, {missed} missed, {wrong} wrong"
        for label, (right, missed, wrong) in counts.items()
    )
    return [
        f"Accuracy: {_accuracy(counts):.4f}, the share of boxes found among those found, missed "
        "and wrong, by cross-validation; a box is found if the overlap (IoU) is at least "
        f"{box_detector.RIGHT}.",
        f"By label: {by_label}.",
        f"Documents: {len(some)}, and {left_out} left out because they have no boxes.",
    ]
