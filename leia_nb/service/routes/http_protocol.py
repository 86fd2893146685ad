"""How a request is answered that never reaches the application, as it is no HTTP."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from leia_nb.service.api_errors import bad
from leia_nb.service.routes.error_handlers import answer

_MESSAGE = (
    "The request cannot be read. Its line with the whole query has 64 KiB at most: send what is "
    "longer in a JSON body, or in several requests. Else it is no HTTP."
)


class Protocol(HttpToolsProtocol):
    """uvicorn's own, but what cannot be parsed is refused as JSON."""

    def send_400_response(self, msg: str) -> None:
        """Answer 400 and hang up; `msg` is uvicorn's, and went to its log."""
        del msg
        told = answer(bad("invalid_parameter", _MESSAGE))
        told.headers["Connection"] = "close"
        head = [b"HTTP/1.1 400 Bad Request", *(b": ".join(pair) for pair in told.raw_headers)]
        self.transport.write(b"\r\n".join([*head, b"", bytes(told.body)]))
        self.transport.close()
