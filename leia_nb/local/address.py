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
    try:
        said = json.loads((folder / "service.json").read_text(encoding="utf-8"))
        address = Address(url=said["url"], pid=said["pid"], instance=said["instance"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return address if _instance_at(address.url) == address.instance else None


def _instance_at(url: str) -> str | None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=_ANSWER_SECONDS
    )
    try:
        connection.request("GET", f"{parts.path}/health")
        said = json.loads(connection.getresponse().read(_ANSWER_BYTES))
        return said.get("instance") if isinstance(said, dict) else None
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()
