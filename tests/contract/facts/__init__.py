"""LEIA's API as facts: the seed document's ten operations, all 72, and the schemas."""

import json
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


def read(name: str) -> dict[str, Any]:
    """Return one of the fact files: seed_operations, operations or schemas."""
    return json.loads((_HERE / f"{name}.json").read_text(encoding="utf-8"))
