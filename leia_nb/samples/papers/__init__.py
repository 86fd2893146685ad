"""Office papers with varied layouts and true annotations: `generate`, `load_papers`."""

from leia_nb.samples.papers.generator import KINDS, Paper, generate
from leia_nb.samples.papers.upload import load_papers

__all__ = ["KINDS", "Paper", "generate", "load_papers"]
