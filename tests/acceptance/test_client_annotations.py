"""Annotations with the client: changing and deleting them."""

import pytest

from leia_nb import errors
from leia_nb.enums import AnnotationType

from .clients import connected


@pytest.fixture(scope="module")
def leia(service):
    with connected(service, "key-of-ada") as leia:
        yield leia


@pytest.fixture(scope="module")
def document(leia):
    document = leia.documents.upload(b"words", filename="words.txt", progress=False)
    yield document
    leia.documents.delete(document)


@pytest.fixture
def annotation(leia, document):
    return leia.annotations.create(document, "TEXT", {"total": "1"}, name="first", tags=["a"])


def test_get(leia, annotation):
    assert leia.annotations.get(annotation.id) == annotation
    assert leia.annotations.get(leia.annotations.list(annotation_id=annotation)) == annotation


def test_update(leia, annotation):
    told = leia.annotations.update(annotation, {"total": "2", "more": [1, None]}, name="second")
    assert (told.prediction, told.name) == ({"total": "2", "more": [1, None]}, "second")
    assert leia.annotations.update(annotation, "free").prediction == "free"
    renamed = leia.annotations.update(annotation.id, name="third")
    assert (renamed.prediction, renamed.name, renamed.tags) == ("free", "third", ("a",))
    assert leia.annotations.get(annotation) == renamed


def test_tag_and_untag(leia, annotation):
    assert leia.annotations.tag(annotation, "c/d ü").tags == ("a", "c/d ü")
    leia.annotations.untag(annotation, "a")
    assert leia.annotations.get(annotation).tags == ("c/d ü",)
    assert leia.annotations.list(tags=["c/d ü"]).index.tolist() == [annotation.id]


def test_delete(leia, annotation):
    leia.annotations.delete(annotation)
    for ask in (leia.annotations.get, leia.annotations.delete):
        with pytest.raises(errors.UnknownAnnotation, match=annotation.id):
            ask(annotation)
    with pytest.raises(errors.UnknownAnnotation):
        leia.annotations.update(annotation, {})
    with pytest.raises(errors.UnknownAnnotation):
        leia.annotations.tag(annotation, "t")


def test_references(leia, document):
    said = {"document_id": document.id}
    reference = leia.annotations.create(document, AnnotationType.REF, said)
    assert (reference.annotation_type, reference.prediction) == (AnnotationType.REF, said)
    listed = leia.annotations.list(document_id=document, annotation_type="REF")
    assert listed.index.tolist() == [reference.id]


def test_annotations_of_others(service, annotation):
    with connected(service, "key-of-bob") as bob:
        with pytest.raises((errors.NotYours, errors.UnknownAnnotation)):
            bob.annotations.get(annotation)
        with pytest.raises(errors.NotYours):
            bob.annotations.delete(annotation)
