"""The extractors over HTTP: trained on papers, applied to papers of other layouts."""

import io

import pytest
from PIL import Image

from leia_nb import errors
from leia_nb.samples import load_papers

from .clients import connected

TAGS = {"train_tag": "extract-train", "test_tag": "extract-test"}
PICTURES = {"train_tag": "cut-train", "test_tag": "cut-test"}


@pytest.fixture(scope="module")
def leia(service):
    with connected(service) as opened:
        yield opened


@pytest.fixture(scope="module")
def papers(leia):
    return load_papers(leia, train=30, test=6, seed=3, progress=False, **TAGS)


@pytest.fixture(scope="module")
def values(leia, papers):
    """A trained key_value_extractor."""
    return leia.models.train("key_value_extractor", "extract-train").wait(progress=False)


def test_values_are_told_with_their_scores(leia, papers, values):
    assert (values.model_type, values.model_module) == (
        "key_value_extraction", "key_value_extractor",
    )  # fmt: skip
    some = papers[papers["tag"] == "extract-test"]
    said = leia.models.apply(values, list(some.index)).wait(progress=False)
    assert list(said.index) == list(some.index)
    right = [
        said[key].get(document_id) == value
        for document_id, fields in some["fields"].items()
        for key, value in fields.items()
    ]
    assert sum(right) / len(right) >= 0.75
    scores = said["date_score"].dropna()
    assert scores.between(0, 1).all()
    assert len(scores)


def test_the_raw_result_is_key_value_items(leia, papers, values, admin):
    document_id = papers.index[-1]
    answer = admin.post(f"/model/{values.id}/apply/{document_id}", params={"threshold": "0"})
    job = admin.finished_job(answer.json())
    assert (job["status"], job["result_type"]) == ("PROCESSED", "object")
    assert [item["key"] for item in job["result"]] == ["date", "number", "sender", "total"]
    assert all(set(item) == {"key", "value", "score"} for item in job["result"])


def test_a_text_tree_is_read_as_well_as_its_paper(leia, papers, values):
    paper = papers.index[-2]
    tree = leia.documents.transform(paper, "text_tree").wait(progress=False)
    said = leia.models.apply(values, tree).wait(progress=False)
    assert said["date"].iloc[0] == papers.loc[paper, "fields"]["date"]


def test_pictures_are_cut_out_and_are_documents(leia):
    samples = load_papers(
        leia, train=24, test=3, seed=4, kinds=["letter"], form="image", progress=False, **PICTURES
    )
    model = leia.models.train("image_extractor", "cut-train").wait(progress=False)
    assert model.model_type == "image_extraction"
    paper = next(i for i, boxes in samples["boxes"].iloc[24:].items() if boxes)
    job = leia.models.apply(model, paper)
    said = job.wait(progress=False)
    assert len(said) >= 1
    made = leia.documents.list(original_id=paper, progress=False)
    assert set(made.index) == set(said.index)
    assert {tag for tags in made["tags"] for tag in tags} <= {"logo", "signature", "stamp"}
    for document_id in made.index:
        image = Image.open(io.BytesIO(leia.documents.contents(document_id)))
        assert image.format == "PNG"


def test_values_that_are_nowhere_end_the_training_with_a_reason(leia):
    for number in range(3):
        document = leia.documents.upload(
            b"Total: 12.50", filename=f"n-{number}.txt", tags=["nowhere"], progress=False
        )
        leia.annotations.create(document, "TEXT", {"total": "99.99"})
    with pytest.raises(errors.JobFailed, match=r"3 of 3 annotated values.*total = '99\.99' in"):
        leia.models.train("key_value_extractor", "nowhere").wait(progress=False)


@pytest.mark.parametrize(
    ("module", "why"),
    [("key_value_extractor", "TEXT annotation"), ("image_extractor", "BOX annotations")],
)
def test_documents_without_annotations_are_refused(leia, module, why):
    leia.documents.upload(b"plain", filename="p.txt", tags=["bare-" + module], progress=False)
    with pytest.raises(errors.UnusableDocuments, match=why):
        leia.models.train(module, "bare-" + module)
