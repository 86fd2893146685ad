"""A trainer from outside the package, which waits and fails on request.

`gate` names a file: the trainer writes its process id to `<gate>.pid` and continues when
the file exists. `fault` makes it fail.
"""

import os
import time
from pathlib import Path

from pydantic import Field

from leia_nb.service.trainers.classifier import ClassifierApplyParameters
from leia_nb.service.trainers.image_classifier import ImageClassifier, ImageClassifierParameters


class PatientParameters(ImageClassifierParameters):
    gate: str | None = Field(None, description="a file to wait for")
    fault: str | None = Field(None, description="how to fail")


class PatientApplyParameters(ClassifierApplyParameters):
    gate: str | None = Field(None, description="a file to wait for")
    fault: str | None = Field(None, description="how to fail")


class Patient(ImageClassifier):
    name = "patient"
    training_parameters = PatientParameters
    apply_parameters = PatientApplyParameters

    def fit(self, documents, parameters):
        _wait(parameters)
        values = parameters.model_dump(exclude={"gate", "fault"})
        return super().fit(documents, ImageClassifierParameters(**values))

    def predict(self, estimator, description, documents, parameters):
        _wait(parameters)
        return super().predict(estimator, description, documents, parameters)


class Lacking:
    name = "lacking"


def _wait(parameters):
    if parameters.fault == "memory":
        raise MemoryError
    if parameters.fault == "bug":
        raise KeyError("oops")
    if parameters.gate:
        gate = Path(parameters.gate)
        partial = gate.with_name(gate.name + ".pid.part")
        partial.write_text(str(os.getpid()))
        partial.replace(gate.with_name(gate.name + ".pid"))
        while not gate.exists():
            time.sleep(0.01)
