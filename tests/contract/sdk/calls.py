"""Runs in the SDK's environment: makes calls, each at an address of its own.

Reads ``{"calls": [{"url", "operation", "parameters"}]}``; prints, per call, the error's
class or null. A value that JSON has no word for is ``{"$time"}``, ``{"$bytes"}`` or
``{"$body": [class, members]}``.
"""

import base64
import inspect
import json
import sys
from datetime import datetime


def main():
    told = json.load(sys.stdin)
    print(json.dumps([_call(call) for call in told["calls"]]))  # noqa: T201


def _call(call):
    from leiaapi.generated import ApiClient, Configuration

    configuration = Configuration()
    configuration.host = call["url"]
    method = _method(call["operation"], ApiClient(configuration))
    values = {name: _value(value) for name, value in call["parameters"].items()}
    if "body" in values:
        values[_body_of(method)] = values.pop("body")
    try:
        method(**values)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def _method(operation, client):
    import leiaapi.generated.api as every

    for api in vars(every).values():
        if inspect.isclass(api) and hasattr(api, operation):
            return getattr(api(client), operation)
    raise LookupError(operation)


def _body_of(method):
    """The newer version calls the body after its class."""
    names = [name for name in inspect.signature(method).parameters if name.endswith("_body")]
    return names[0] if names else "body"


def _value(value):
    if not isinstance(value, dict) or not any(name.startswith("$") for name in value):
        return value
    ((kind, held),) = value.items()
    if kind == "$time":
        return datetime.fromisoformat(held)
    if kind == "$bytes":
        return base64.b64decode(held)
    import leiaapi.generated.models as models

    return getattr(models, held[0])(**held[1])


if __name__ == "__main__":
    main()
