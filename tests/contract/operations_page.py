"""Write docs/operations.md: LEIA's operations with their client methods and service routes.

The page is generated from requests recorded in a test; `make operations` regenerates it.
"""

import os
from pathlib import Path

import pytest

from .operation_lookup import OPERATIONS
from .sdk_defects import DEFECTS
from .sdk_failures import FAILURES

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
COMMAND = "make operations"
WRITE = "LEIA_NB_WRITE_OPERATIONS"  # if set, the test writes the page instead of comparing it
# Operations that the first request after connecting calls.
BY_CONNECTING = {
    "login_application_post": "`leia_nb.connect(url, api_key)`",
    "login_application": "`Client(url, api_key, key_in_url=True)`",
}
_B64 = (
    "the client sends the raw bytes, which are a quarter shorter; decode Base64 data with "
    "`base64.b64decode(text)`"
)
# Parameters that no client method accepts, with reasons.
NOT_OFFERED = {("create_document", "b64"): _B64}
_HEAD = """# LEIA's operations

All 72 operations, with the client method that calls each and the route of the embedded service
that responds, as recorded by a test. One method covers both the plain and the admin operation; the
login determines which is called, and `scope=` overrides this. `make operations` generates this
page; a test fails if it is outdated.

| # | Operation | Client | Service | Status |
|---|---|---|---|---|
"""
_PARAMETERS = """
The methods accept every parameter of their operations except the following, which the service
supports:

| Operation | Parameter | Why the client does not send it |
|---|---|---|
"""
_DEFECTS = """
## The official SDK

`leia-api-sdk` 1.0.9 and 1.1.4 work with the embedded service, apart from the defects below. For the
ten admin operations on models, the client sends the same method, path, query, headers and body as
the SDK, except where the SDK is defective:

| Defect | Versions | What the SDK does |
|---|---|---|
"""
_FAILURES = """
Calls of the SDK that fail with every service:

| Call | Version | Error | Cause |
|---|---|---|---|
"""


def page(methods, statuses):
    """Return the page for each operation's client methods and response statuses."""
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
