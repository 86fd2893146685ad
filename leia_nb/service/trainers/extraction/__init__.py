"""What the extractors share: where the words of a document stand, and what may be a value."""
