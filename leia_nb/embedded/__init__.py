"""The embedded service of a data folder: find it, start it, stop it.

The service is a process of its own, shared by every kernel that uses the same data
folder. It writes where it listens into `service.json` there, and leaves by itself
when it has been idle for long.
"""

from leia_nb.embedded.address import Address, find
from leia_nb.embedded.data_folder import admin_key, data_folder
from leia_nb.embedded.process import find_or_start, require_extra, stop

__all__ = [
    "Address",
    "admin_key",
    "data_folder",
    "find",
    "find_or_start",
    "require_extra",
    "stop",
]
