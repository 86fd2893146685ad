"""The settings of a service."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

MOST_WORKERS = 64
LOG = "the service's log (service.log in its data folder, or the standard error of leia-nb serve)"


def _default_workers() -> int:
    return max(1, min(4, os.cpu_count() or 1))


@dataclass(frozen=True)
class Settings:
    """The settings of one service, and the paths in its data folder."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 0  # 0 takes any free one
    workers: int = field(default_factory=_default_workers)  # processes; 0: jobs stay READY
    idle_timeout: float | None = None  # seconds without requests and jobs until the service ends
    token_ttl: float = 3600.0  # seconds that a login lives after its last use
    max_limit: int = 1000  # rows of the largest page of a listing, and of the default page

    BASE_PATH = "/leia/1.0.0"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data_dir / "leia.db"

    @property
    def blobs(self) -> Path:
        """The folder of the documents' and models' files."""
        return self.data_dir / "blobs"

    @property
    def reserve(self) -> Path:
        """The file that is deleted when the disk is nearly full."""
        return self.data_dir / "reserve"

    @property
    def work(self) -> Path:
        """The folder with one folder per running job."""
        return self.data_dir / "work"

    @property
    def admin_key(self) -> Path:
        """The file with the first admin key (mode 0600)."""
        return self.data_dir / "admin.key"

    @property
    def lock(self) -> Path:
        """The file that a running service locks, so that a data folder has one."""
        return self.data_dir / "service.lock"

    @property
    def address(self) -> Path:
        """The JSON file with the URL of a running service."""
        return self.data_dir / "service.json"
