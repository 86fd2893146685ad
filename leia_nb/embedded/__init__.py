"""The embedded service of a data folder: find it, start it, stop it.

The service is a separate process, shared by every kernel that uses the same data folder.
It writes its URL into `service.json` there, and exits when it has been idle for long.
"""

from leia_nb.embedded.data_folder import Address, admin_key, data_folder, find
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
