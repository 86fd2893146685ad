"""Communication with the browser: synchronization, file drops, static files."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
"""The folder of the JavaScript and CSS files."""
