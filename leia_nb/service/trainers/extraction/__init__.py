"""Shared by the extractors: the positions of words in a document, and candidates for values."""
