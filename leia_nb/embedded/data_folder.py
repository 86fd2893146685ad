"""The data folder of an embedded service: where it is, and the URL and admin key in it."""

from __future__ import annotations

import http.client
import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from leia_nb.api.paths import as_path
from leia_nb.errors import InvalidInput

_TIMEOUT_SECONDS = 5
_MAX_BYTES = 65536


@dataclass(frozen=True)
class Address:
    """Where an embedded service listens, as written in `service.json`."""

    url: str
    pid: int
    instance: str  # a random name, new at each start


def data_folder(data_dir: Path | str | None = None) -> Path:
    """Return the data folder: the given one, else LEIA_NB_HOME, else one in the user's home."""
    path = data_dir or os.environ.get("LEIA_NB_HOME")
    if path:
        return as_path(path, "data_dir").absolute()
    import platformdirs

    return platformdirs.user_data_path("leia_nb", appauthor=False)


def admin_key(folder: Path) -> str:
    """Return the admin key of a data folder: from its key file, else from LEIA_API_KEY."""
    try:
        return (folder / "admin.key").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        pass
    if key := os.environ.get("LEIA_API_KEY"):
        return key
    raise InvalidInput(
        f"The data folder {folder} has no readable file admin.key; its service was probably first "
        "started with an API key in LEIA_API_KEY. Pass that key as api_key=…, or set LEIA_API_KEY.",
        field="api_key",
    )


def find(folder: Path) -> Address | None:
    """Return the address of the service that is running on a data folder."""
    address = _read_address(folder)
    # Another program may have taken the port of a service that was killed.
    return address if address and _instance_at(address.url) == address.instance else None


def _read_address(folder: Path) -> Address | None:
    try:
        content = json.loads((folder / "service.json").read_text(encoding="utf-8"))
        url, pid, instance = content["url"], content["pid"], content["instance"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    if not (isinstance(url, str) and url.startswith("http://") and isinstance(instance, str)):
        return None
    is_pid = isinstance(pid, int) and not isinstance(pid, bool) and pid > 1
    return Address(url=url, pid=pid, instance=instance) if is_pid else None


def _instance_at(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=_TIMEOUT_SECONDS
        )
    except (ValueError, http.client.InvalidURL):
        return None
    try:
        connection.request("GET", f"{parts.path}/health")
        payload = json.loads(connection.getresponse().read(_MAX_BYTES))
        return payload.get("instance") if isinstance(payload, dict) else None
    except (OSError, ValueError, RecursionError, http.client.HTTPException):
        return None
    finally:
        connection.close()
