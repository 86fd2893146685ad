"""Find the LEIA operation of a request."""

import re

from .facts import read

OPERATIONS = read("operations")["operations"]
_BASE = re.compile(r".*?/leia/1\.0\.0(?=/)")


def _pattern(template):
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)))


# Fewer placeholders first: `/document/tag` is not the document with the id "tag".
_PATTERNS = sorted(
    ((facts["path"].count("{"), facts["method"], _pattern(facts["path"]), name)
     for name, facts in OPERATIONS.items()),
    key=lambda entry: entry[0],
)  # fmt: skip


def operation_of(method, path):
    """Return the name of the operation that a request calls, or None."""
    below = _BASE.sub("", path.partition("?")[0], count=1)
    for _, known_method, pattern, name in _PATTERNS:
        if known_method == method and pattern.fullmatch(below):
            return name
    return None
