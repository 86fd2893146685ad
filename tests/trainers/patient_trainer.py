"""A trainer from outside the package, which waits and breaks when it is told to.

`gate` names a file: the trainer writes its process id to `<gate>.pid` and goes on when
the file exists. `fault` makes it break.
"""

import os
import time
from pathlib import Path

from leia_nb.service.trainers.image_classifier import ImageClassifier

_OWN = ("gate", "fault")


class Patient(ImageClassifier):
    name = "patient"

    def read_parameters(self, given):
        own = {name: given[name] for name in _OWN if name in given}
        rest = {name: value for name, value in given.items() if name not in _OWN}
        return {**super().read_parameters(rest), **own}

    def read_apply_parameters(self, given):
        own = {name: given[name] for name in _OWN if name in given}
        rest = {name: value for name, value in given.items() if name not in _OWN}
        return {**super().read_apply_parameters(rest), **own}

    def fit(self, documents, parameters):
        _wait(parameters)
        kept = {name: value for name, value in parameters.items() if name not in _OWN}
        return super().fit(documents, kept)

    def predict(self, estimator, description, documents, parameters):
        _wait(parameters)
        return super().predict(estimator, description, documents, parameters)


class Lacking:
    name = "lacking"


def _wait(parameters):
    if parameters.get("fault") == "memory":
        raise MemoryError
    if parameters.get("fault") == "bug":
        raise KeyError("oops")
    if parameters.get("gate"):
        gate = Path(parameters["gate"])
        told = gate.with_name(gate.name + ".pid.part")
        told.write_text(str(os.getpid()))
        told.replace(gate.with_name(gate.name + ".pid"))
        while not gate.exists():
            time.sleep(0.01)
