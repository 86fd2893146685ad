"""What one embedded service is told when it starts."""

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
    """The settings of one service.

    Parameters
    ----------
    data_dir : pathlib.Path
        The data folder: database, blobs, work folders, log, admin key.
    host : str
        Address to listen on, loopback by default.
    port : int
        Port to listen on; 0 takes any free one.
    workers : int
        Worker processes that run jobs; one per core, at most 4, by default. Without
        any (0) jobs stay READY, and the calls about workers are refused.
    idle_timeout : float or None
        Seconds without a request and without an unfinished job after which the
        service leaves by itself; None = never.
    token_ttl : float
        Seconds that a login token lives after its last use.
    max_limit : int
        Most rows one page of a listing holds; also the default page.
    """

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 0
    workers: int = field(default_factory=_default_workers)
    idle_timeout: float | None = None
    token_ttl: float = 3600.0
    max_limit: int = 1000

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
        """The file that is given up when the disk is nearly full."""
        return self.data_dir / "reserve"

    @property
    def work(self) -> Path:
        """The folder in which each running job has a folder of its own."""
        return self.data_dir / "work"

    @property
    def admin_key(self) -> Path:
        """The file that holds the first admin key (mode 0600)."""
        return self.data_dir / "admin.key"

    @property
    def lock(self) -> Path:
        """The file a running service holds locked, so that a data folder has one."""
        return self.data_dir / "service.lock"

    @property
    def address(self) -> Path:
        """The JSON file in which a running service says where it listens."""
        return self.data_dir / "service.json"
