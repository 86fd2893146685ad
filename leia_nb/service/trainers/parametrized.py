"""What all modules with listed parameters share: reading these, and telling of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from leia_nb.packaging import ModelDescription
from leia_nb.service.parameters import Parameter, read

STRENGTH = Parameter(
    "strength", 1.0, "how closely to follow the examples (inverse regularization)", 1e-4, 1e4
)
SEED = Parameter("seed", 0, "start of the random numbers", 0, 2**32 - 1)


class Parametrized:
    """A module that says in lists which parameters it takes.

    A training takes its `own_parameters`, and the `shared_parameters` of all modules of its
    kind; an apply takes the `apply_parameters`.
    """

    name: str
    about: ClassVar[str]
    own_parameters: ClassVar[tuple[Parameter, ...]] = ()
    shared_parameters: ClassVar[tuple[Parameter, ...]] = ()
    apply_parameters: ClassVar[tuple[Parameter, ...]] = ()

    def read_parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return every training parameter; see `Trainer.read_parameters`."""
        known = (*self.own_parameters, *self.shared_parameters)
        return read(known, given, f"training with {self.name}")

    def read_apply_parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return every parameter of an apply; see `Trainer.read_apply_parameters`."""
        return read(self.apply_parameters, given, f"applying a model of {self.name}")

    def describe(self) -> dict[str, Any]:
        """Return what the module does, and its parameters in a line each."""
        training = (*self.own_parameters, *self.shared_parameters)
        return {
            "model_module": self.name,
            "about": self.about,
            "training": [parameter.line for parameter in training],
            "apply": [parameter.line for parameter in self.apply_parameters],
        }

    def settings(self, description: ModelDescription) -> dict[str, Any]:
        """Return the parameters that a model was trained with, or their defaults."""
        names = {parameter.name for parameter in self.own_parameters}
        kept = {name: value for name, value in description.parameters.items() if name in names}
        return self.read_parameters(kept)
