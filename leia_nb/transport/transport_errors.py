"""What can go wrong on the way to LEIA and back, as errors of this package.

The errors of the libraries below hold whole requests, with keys and tokens; they end
here and are never chained to ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from urllib3 import BaseHTTPResponse, exceptions

from leia_nb.errors import (
    ConnectionFailed,
    InvalidInput,
    LeiaError,
    OutcomeUnknown,
    RequestTimeout,
)
from leia_nb.transport.request import Clock, Request

_BLOCK = 64 * 1024
_MAX_BODY = 512 * 1024 * 1024


@dataclass(frozen=True)
class TransportFailure:
    """A try that brought no answer.

    Parameters
    ----------
    error : LeiaError
        What it is for the caller, if it was the last try.
    nothing_sent : bool
        Whether the connection was never made.
    """

    error: LeiaError
    nothing_sent: bool = False


def read_body(raw: BaseHTTPResponse, clock: Clock) -> bytes:
    """Return a whole body, within the clock's time and without letting it grow for ever."""
    parts: list[bytes] = []
    size = 0
    while part := raw.read1(_BLOCK, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > _MAX_BODY:
            raise exceptions.ProtocolError("the answer is too long")
        if clock.over:
            raise TimeoutError("the answer takes too long")
    return b"".join(parts)


def nothing_sent(caught: Exception) -> bool:
    """Whether the connection was never made."""
    return isinstance(
        _cause(caught),
        exceptions.NewConnectionError
        | exceptions.ConnectTimeoutError
        | exceptions.SSLError
        | exceptions.ProxyError,
    )


def translate(caught: Exception, order: Request, address: str) -> LeiaError:
    """Return our error for one of the libraries below."""
    if isinstance(caught, ValueError):
        return InvalidInput(f"{address!r} is no usable address. Check it.", field="url")
    cause = _cause(caught)
    if nothing_sent(caught):
        words = _unreachable(cause, address)
        return ConnectionFailed(words, retryable=not isinstance(cause, exceptions.SSLError))
    slow = isinstance(cause, exceptions.TimeoutError | TimeoutError) or "timed out" in str(cause)
    happened = f"{address} did not answer in time" if slow else f"The line to {address} broke"
    return broken(order, happened, slow=slow)


def _cause(caught: BaseException) -> BaseException:
    """Return the innermost of the errors that requests and urllib3 wrap in one another."""
    inner = getattr(caught, "reason", None) or (caught.args[0] if caught.args else None)
    return _cause(inner) if isinstance(inner, exceptions.HTTPError) else caught


def broken(order: Request, happened: str, *, slow: bool = False) -> LeiaError:
    """Return the error for an answer that did not come whole, or not in time."""
    if not order.repeatable:
        return unclear(order, happened)
    kind = RequestTimeout if slow else ConnectionFailed
    return kind(f"{happened} ({order.operation.name}). Try again.", retryable=True)


def unclear(order: Request, happened: str) -> OutcomeUnknown:
    """Return the error for a change that may or may not have been carried out."""
    return OutcomeUnknown(
        f"{happened} after {order.operation.name} was sent, so it is not known whether LEIA "
        "carried it out. Look (list or get the object), and repeat the call if it did not happen."
    )


def _unreachable(cause: BaseException, address: str) -> str:
    if isinstance(cause, exceptions.ProxyError):
        return f"The proxy before {address} cannot be reached. Check HTTPS_PROXY and NO_PROXY."
    if isinstance(cause, exceptions.SSLError):
        return (
            f"The certificate of {address} is not trusted. If it is your organisation's own, set "
            "REQUESTS_CA_BUNDLE to the file of its certificate authority."
        )
    if isinstance(cause, exceptions.NameResolutionError):
        host = urlsplit(address).hostname
        return f"The name {host!r} is not known (address {address}). Check the address."
    if not isinstance(cause, exceptions.NewConnectionError):
        return f"{address} does not accept a connection in time. Check the address and the network."
    return f"Nothing answers at {address}. Check the address, and that the service runs."
