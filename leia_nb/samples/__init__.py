"""Sample documents: `load_digits`, `load_papers`."""

from leia_nb.samples.digits import load_digits
from leia_nb.samples.papers import load_papers

__all__ = ["load_digits", "load_papers"]
