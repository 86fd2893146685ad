"""Reading the JSON of the transform `text_tree`: texts with boxes, on pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from leia_nb.service.json_nesting import MOST_LEVELS, is_deeper
from leia_nb.service.trainers.extraction.text_pieces import Placed

_SIDES = ("x", "y", "width", "height")
_FARTHEST = 1e6
_LETTER = 1.8
_HALF_PAIRS = re.compile("[\ud800-\udfff]")


def read_tree(text: str) -> list[Placed] | None:
    """Return the smallest texts of a text tree that have a box, in their order.

    Parameters
    ----------
    text : str
        What may be the JSON of a text tree.

    Returns
    -------
    list of Placed or None
        None if it is something else.

    Examples
    --------
    >>> tree = '{"pages": [{"page": 0, "blocks": [{"text": "Hi", "box": %s}]}]}'
    >>> box = '{"x": 0.1, "y": 0.2, "width": 0.1, "height": 0.05}'
    >>> [(word.text, word.page, word.left) for word in read_tree(tree % box)]
    [('Hi', 0, 0.1)]
    >>> read_tree("no tree"), read_tree('{"a": 1}'), read_tree('{"pages": []}')
    (None, None, [])
    """
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if is_deeper(tree, MOST_LEVELS):
        return None
    words = list(_walk(tree, 0))
    is_tree = isinstance(tree, dict) and isinstance(tree.get("pages"), list)
    return words if words or is_tree else None


def _walk(node: Any, page: int) -> Iterator[Placed]:
    if isinstance(node, list):
        for item in node:
            yield from _walk(item, page)
    if not isinstance(node, dict):
        return
    number = node.get("page")
    page = number if isinstance(number, int) else page
    inner = [word for value in node.values() for word in _walk(value, page)]
    yield from inner or _placed(node, page)


def _placed(node: dict[str, Any], page: int) -> Iterator[Placed]:
    text = node.get("text")
    box = node.get("box") if isinstance(node.get("box"), dict) else node
    sides = [box.get(side) for side in _SIDES] if isinstance(box, dict) else []
    if not isinstance(text, str) or not text.strip():
        return
    if not all(_is_place(side) for side in sides):
        return
    x, y, width, height = (float(side) for side in sides if side is not None)
    said = _HALF_PAIRS.sub("\N{REPLACEMENT CHARACTER}", text.strip())
    yield Placed(said, page, x, x + width, y, y + height, width / len(said) * _LETTER)


def _is_place(side: Any) -> bool:
    """Tell whether it is a number that can be a place; NaN and Infinity are none."""
    return isinstance(side, int | float) and -_FARTHEST <= side <= _FARTHEST
