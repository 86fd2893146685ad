"""Writes docs/operations.md: LEIA's operations, and what calls and answers each of them.

The page is made of what a test saw on the wire; `make operations` writes it anew.
"""

import os
from pathlib import Path

import pytest

from .parity_defects import DEFECTS
from .paths import OPERATIONS
from .sdk_failures import FAILURES

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
COMMAND = "make operations"
WRITE = "LEIA_NB_WRITE_OPERATIONS"  # set: the test writes the page instead of comparing it
# These are called by the first call after connecting, not by a method of their own.
BY_CONNECTING = {
    "login_application_post": "`leia_nb.connect(url, api_key)`",
    "login_application": "`Client(url, api_key, key_in_address=True)`",
}
_AS_IT_IS = (
    "the body is sent as it is, a quarter shorter than in Base64; who has Base64 gives "
    "`base64.b64decode(text)`, which both calls take"
)
# Parameters that no method of the client takes, and why.
NOT_OFFERED = {("create_document", "b64"): _AS_IT_IS}
_HEAD = """# LEIA's operations

All 72, as a test saw them on the wire: the method of the client that called each, and the route of
the embedded service that answered. One method serves the plain and the admin call of a pair; the
login decides which, `scope=` forces one. This page is written by `make operations`; the tests fail
if it is not what they saw.

| # | Operation | Client | Service | Answer |
|---|---|---|---|---|
"""
_PARAMETERS = """
The methods take every parameter of their operations, but for these, which the service answers all
the same:

| Operation | Parameter | Why the client does not send it |
|---|---|---|
"""
_DEFECTS = """
## The official SDK

`leia-api-sdk` 1.0.9 and 1.1.4 work with the embedded service, wherever they work by themselves. For
the ten admin operations on models our client sends what they send: the same method, path, query,
headers and body. What differs is a defect of theirs:

| Defect | Versions | What the SDK does |
|---|---|---|
"""
_FAILURES = """
What the SDK cannot do, with any service:

| Call | Version | Error | Why |
|---|---|---|---|
"""


def page(methods, statuses):
    """Return the page, of each operation's client methods and the statuses it was answered."""
    rows = [
        f"| {number} | `{name}` | {_client(name, methods)} | `{facts['method']} {facts['path']}` "
        f"| {', '.join(str(status) for status in sorted(statuses[name]))} |"
        for number, (name, facts) in enumerate(OPERATIONS.items(), start=1)
    ]
    left_out = [f"| `{name}` | `{what}` | {why} |" for (name, what), why in NOT_OFFERED.items()]
    defects = [
        f"| {name} | {', '.join(defect.versions)} | {defect.why} |"
        for name, defect in DEFECTS.items()
    ]
    failures = [
        f"| {step} | {version} | {failure.error} | {failure.why} |"
        for version, steps in FAILURES.items()
        for step, failure in steps.items()
    ]
    tables = {_HEAD: rows, _PARAMETERS: left_out, _DEFECTS: defects, _FAILURES: failures}
    return "".join(head + "".join(f"{line}\n" for line in lines) for head, lines in tables.items())


def _client(operation, methods):
    if operation in BY_CONNECTING:
        return BY_CONNECTING[operation]
    return ", ".join(f"`{method}`" for method in sorted(methods[operation]))


if __name__ == "__main__":
    os.environ[WRITE] = "yes"
    raise SystemExit(pytest.main([str(Path(__file__).with_name("test_operations.py"))]))
