"""An extractor of images from outside the package, which creates a given number of files."""

import errno
import math

from pydantic import Field

from leia_nb.service.trainers import (
    OutputDocument,
    Prediction,
    Trainer,
    TrainerParameters,
    UnusableDocuments,
    work_folder,
)


class CutterParameters(TrainerParameters):
    pieces: int = Field(2, description="files per document")
    fault: str | None = Field(None, description="what is wrong with the files")


class Cutter(Trainer):
    name = "cutter"
    model_type = "image_extraction"
    input_types = ("image",)
    trainable = False
    apply_parameters = CutterParameters

    def check(self, documents):
        raise UnusableDocuments("It does not learn.")

    def fit(self, documents, parameters):
        raise NotImplementedError

    def predict(self, estimator, description, documents, parameters):
        if parameters.fault == "full":
            raise OSError(errno.ENOSPC, "No space left on device")
        return [
            Prediction([], files=tuple(_pieces(document, parameters))) for document in documents
        ]


def _pieces(document, parameters):
    for number in range(parameters.pieces):
        path = work_folder() / f"{document.id}-{number}.png"
        if parameters.fault == "input":
            path = document.path
        elif parameters.fault != "missing":
            path.write_bytes(b"\x89PNG\r\n\x1a\n piece %d" % number)
        score = math.nan if parameters.fault == "nan" else 0.5
        yield OutputDocument(
            path,
            f"piece-{number}.png",
            "image/png",
            document.id,
            page=document.page,
            tags=("piece",),
            details={"prediction": {"label": "stamp", "score": score}, "id": "no id of its own"},
        )
