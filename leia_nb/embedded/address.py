"""Where an embedded service listens, as it says itself in `service.json`."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_ANSWER_SECONDS = 5
_ANSWER_BYTES = 65536


@dataclass(frozen=True)
class Address:
    """Where an embedded service listens.

    Parameters
    ----------
    url : str
        The base address, e.g. ``http://127.0.0.1:40123/leia/1.0.0``.
    pid : int
        The service's process id.
    instance : str
        A random name; each start of a service has another.
    """

    url: str
    pid: int
    instance: str


def find(folder: Path) -> Address | None:
    """Return the address of the service that runs on a data folder, or None.

    The service named in `service.json` counts only if it answers by the name
    (`instance`) written there.
    """
    address = _written(folder)
    return address if address and _instance_at(address.url) == address.instance else None


def _written(folder: Path) -> Address | None:
    """Return what `service.json` says, None if it is no address."""
    try:
        said = json.loads((folder / "service.json").read_text(encoding="utf-8"))
        url, pid, instance = said["url"], said["pid"], said["instance"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    if not (isinstance(url, str) and url.startswith("http://") and isinstance(instance, str)):
        return None
    usable_pid = isinstance(pid, int) and not isinstance(pid, bool) and pid > 1
    return Address(url=url, pid=pid, instance=instance) if usable_pid else None


def _instance_at(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=_ANSWER_SECONDS
        )
    except (ValueError, http.client.InvalidURL):
        return None
    try:
        connection.request("GET", f"{parts.path}/health")
        said = json.loads(connection.getresponse().read(_ANSWER_BYTES))
        return said.get("instance") if isinstance(said, dict) else None
    except (OSError, ValueError, RecursionError, http.client.HTTPException):
        return None
    finally:
        connection.close()
