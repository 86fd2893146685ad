"""Real documents to try LEIA on: `load_digits`."""

from leia_nb.samples.digits import load_digits

__all__ = ["load_digits"]
