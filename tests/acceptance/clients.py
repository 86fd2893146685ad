"""Clients of the real service, and what they upload."""

import io
from contextlib import contextmanager

from leia_nb.client import Client


@contextmanager
def connected(service, api_key=None):
    """Open a client with an application's key, the admin's by default."""
    with Client(service.url, api_key or service.key) as leia:
        yield leia


def picture(shade, size=8):
    """Make a small grey PNG."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("L", (size, size), shade).save(buffer, "PNG")
    return buffer.getvalue()


def shades(leia, tag, count=24):
    """Upload dark and light pictures, annotated as such; return the documents."""
    documents = []
    for number in range(count):
        light = number % 2
        document = leia.documents.upload(
            picture(number + 200 * light),
            filename=f"{tag}-{number:02}.png",
            tags=[tag],
            progress=False,
        )
        leia.annotations.create(document, "TYPING", {"category": "light" if light else "dark"})
        documents.append(document)
    return documents
