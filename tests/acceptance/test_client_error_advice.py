"""What the client and the service say when something is given that cannot be: the way out."""

import pandas as pd
import pytest

from leia_nb import errors

from .clients import connected, picture, shades
from .sample_files import pdf


@pytest.fixture(scope="module")
def leia(service):
    with connected(service) as leia:
        yield leia


@pytest.fixture(scope="module")
def bob(service):
    with connected(service, "key-of-bob") as bob:
        yield bob


@pytest.fixture(scope="module")
def documents(leia):
    return shades(leia, "directed")


@pytest.fixture(scope="module")
def model(leia, documents):
    job = leia.models.train(
        "image_classifier", "directed", model_name="Directed shades", short_name="directed"
    )
    return job.result(progress=False)


@pytest.fixture
def others(bob):
    document = bob.documents.upload(picture(9), filename="bob.png", progress=False)
    yield document
    bob.documents.delete(document)


def test_an_own_model_on_documents_of_another_application(leia, bob, model, others):
    for options in ({}, {"application_id": others.application_id}):
        with pytest.raises(errors.NotYours, match=r"model 'directed'.*allowed_application_ids"):
            leia.models.apply("directed", others, **options)
    with pytest.raises(errors.NotYours, match=r"document .*application_id"):
        leia.models.apply("directed", others.id)
    leia.models.edit(model, allowed_application_ids=[others.application_id])
    try:
        listed = leia.documents.list(document_id=others, application_id=others.application_id)
        for given in (others, listed, [others]):
            for said in ("directed", model):
                found = leia.models.apply(said, given).result(progress=False)
                assert found.index.tolist() == [others.id]
    finally:
        leia.models.edit(model, allowed_application_ids=[])


def test_documents_of_several_applications(leia, documents, others):
    with pytest.raises(errors.InvalidInput, match="Submit a job for each"):
        leia.models.apply("directed", [documents[0], others])


def test_what_only_the_plain_call_has_is_named(leia, model, documents, others):
    for given in (
        {"save_result": True, "application_id": others.application_id},
        {"priority": 1},
    ):
        with pytest.raises(
            errors.InvalidInput, match=f"not accept {next(iter(given))}.* log in as"
        ):
            leia.models.apply("directed", others, **given)
    plain = {"scope": "plain", "application_id": others.application_id}
    with pytest.raises(errors.InvalidInput, match="omit scope"):
        leia.models.apply("directed", others, **plain)
    own = {"save_result": False, "application_id": documents[0].application_id}
    leia.models.apply("directed", documents[0], **own).cancel()


def test_a_name_in_place_of_a_model(leia, bob, model, documents):
    words = r"model's name, which does not identify it\. Use its short name 'directed'"
    for call in (leia.models.get, lambda name: leia.models.apply(name, documents[0])):
        with pytest.raises(errors.UnknownModel, match=words):
            call("Directed shades")
    with pytest.raises(errors.UnknownModel, match="List the models"):
        bob.models.get("Directed shades")
    train = leia.models.train("image_classifier", "directed", model_name="Nameless shades")
    second = train.result(progress=False)
    with pytest.raises(errors.UnknownModel, match=f"Use its id '{second.id}'"):
        leia.models.get("Nameless shades")
    leia.models.edit(second, name="Directed shades")
    with pytest.raises(errors.UnknownModel, match="Several models have this name"):
        leia.models.get("Directed shades")
    leia.models.delete(second)


def test_a_tag_in_place_of_a_document(leia, bob, model):
    words = r"It is a tag of 24 documents: leia\.documents\.list\(tags=\['directed'\]\)"
    with pytest.raises(errors.UnknownDocument, match=words):
        leia.models.apply(model, "directed")
    with pytest.raises(errors.UnknownDocument, match=words):
        leia.documents.get("directed")
    with pytest.raises(errors.UnknownDocument, match="It never existed"):
        bob.documents.get("directed")


def test_a_transform_that_makes_it_readable_is_named(leia, model):
    paper = leia.documents.upload(pdf("one"), filename="one.pdf", tags=["unread"], progress=False)
    words = "Transform it to image first"
    with pytest.raises(errors.UnusableDocuments, match=words):
        leia.models.apply(model, paper)
    leia.annotations.create(paper, "TYPING", {"category": "one"})
    with pytest.raises(errors.UnusableDocuments, match=words):
        leia.models.train("image_classifier", "unread")
    text = leia.documents.upload(b"a b", filename="a.txt", progress=False)
    with pytest.raises(errors.UnusableDocuments, match=r"text/plain\. Leave it out"):
        leia.models.apply(model, text)
    for document in (paper, text):
        leia.documents.delete(document)


def test_a_document_of_another_application_is_annotated_by_that(leia, others):
    with pytest.raises(errors.UnknownDocument, match=r"own documents.* log in as the application"):
        leia.annotations.create(others, "TYPING", {"category": "a"})


def test_what_is_given_in_place_of_an_object(leia, model, documents):
    frame = leia.documents.list(tags=["directed"], limit=3, progress=False)
    job = leia.models.apply(model, documents[0])
    wrong = {
        r"Pass its result: job\.result": lambda: leia.models.apply(job, documents[0]),
        r"loop over their ids; .*tag_result": lambda: leia.documents.tag(frame, "x"),
        r"Expected one document, got 3.* loop over": lambda: leia.documents.delete(frame),
        "documents_tag must be a tag.*tag_result": lambda: leia.models.train(
            "text_classifier", frame
        ),
        r"leia\.applications\.list\(email=": lambda: leia.applications.get("ada@example.org"),
        r"Pass row\.Index": lambda: leia.documents.get(next(frame.itertuples())),
    }
    for words, call in wrong.items():
        with pytest.raises(errors.InvalidInput, match=words):
            call()


def test_a_row_of_a_frame_stands_for_its_object(leia, documents):
    row = pd.DataFrame(
        {"filename": ["a.png"], "tag": ["t"]}, index=pd.Index([documents[0].id], name="id")
    ).iloc[0]
    assert leia.documents.get(row) == documents[0]
    ids = pd.Series([one.id for one in documents[:2]], name="document_id", index=["a", "b"])
    assert len(leia.models.apply("directed", ids).record.document_ids) == 2


def test_waiting_for_what_is_not_there_leaves_no_bar(leia, capfd):
    with pytest.raises(errors.UnknownJob):
        leia.jobs.wait(["nothing", "nowhere"])
    assert "jobs" not in capfd.readouterr().err


def test_a_name_that_is_nearly_one_is_asked_about(leia, bob, model, documents):
    leia.models.edit(model, short_name="nearly-v1")
    leia.documents.tag(documents[0], "nearly-train")
    with pytest.raises(errors.UnknownModel, match="Did you mean 'nearly-v1'"):
        leia.models.get("nearly-v7")
    with pytest.raises(errors.UnknownModel) as caught:
        bob.models.get("nearly-v7")
    assert "nearly-v1" not in str(caught.value)
    with pytest.raises(errors.NoDocuments, match="Did you mean 'nearly-train'"):
        leia.models.train("image_classifier", documents_tag="nearly-trian")
    with pytest.raises(errors.NoDocuments) as caught:
        bob.models.train("image_classifier", documents_tag="nearly-trian")
    assert "nearly-train" not in str(caught.value)
    with pytest.raises(errors.UnknownModelModule, match=r"'image_classifier'.*start the service"):
        leia.models.train("image_clasifier", documents_tag="nearly-train")
