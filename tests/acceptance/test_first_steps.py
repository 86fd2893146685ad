"""What newcomers ran into: each of these was a dead end or an untrue message once."""

import pytest

import leia_nb
from leia_nb import embedded, errors


@pytest.fixture(scope="module")
def leia(tmp_path_factory):
    folder = tmp_path_factory.mktemp("first") / "data"
    yield leia_nb.connect(data_dir=folder)
    embedded.stop(folder)


def _letters(leia, tag, broken_annotation=None):
    for category in ("invoice", "reminder"):
        for number in range(3):
            text = f"{category} number {number}: this {category} is about money".encode()
            name = f"{category}-{number}.txt"
            document = leia.documents.upload(text, filename=name, tags=[tag], progress=False)
            leia.annotations.create(document, "TYPING", {"category": category})
            if broken_annotation is not None:
                leia.annotations.create(document, "TYPING", broken_annotation)


@pytest.mark.parametrize("tag", ["a/b", "a%2Fb", "R&D", "été 2026", "a,b", "x?y#z"])
def test_every_tag_that_can_be_given_can_be_taken_off(leia, tag):
    document = leia.documents.upload(b"text", filename="t.txt", tags=[tag], progress=False)
    assert leia.documents.list(tags=[tag], progress=False).index.tolist() == [document.id]
    leia.documents.untag(document, tag)
    assert leia.documents.get(document).tags == ()
    assert leia.documents.tag(document, tag).tags == (tag,)


@pytest.mark.parametrize(
    "broken", ["invoice", {"cat": "invoice"}, {"category": " "}, {"category": []}]
)
def test_an_annotation_without_a_category_hides_no_earlier_one(leia, broken):
    tag = f"broken {broken}"
    _letters(leia, tag, broken)
    model = leia.models.train("text_classifier", tag, model_name="Letters").wait(progress=False)
    assert "Documents: 6," in model.documentation


def test_a_tag_with_a_slash_can_be_trained_on(leia):
    _letters(leia, "letters/2026")
    job = leia.models.train("text_classifier", "letters/2026", model_name="Letters")
    assert job.wait(progress=False).name == "Letters"


def test_waiting_for_a_blocked_job_says_what_starts_it(leia):
    _letters(leia, "blocked")
    model = leia.models.train("text_classifier", "blocked", model_name="L").wait(progress=False)
    documents = leia.documents.list(tags=["blocked"], progress=False)
    job = leia.models.apply(model, documents, block_processing=True)
    with pytest.raises(errors.WaitTimeout, match=rf"leia\.jobs\.start\('{job.id}'\)"):
        job.wait(timeout=0.3, progress=False)
    assert len(job.start().wait(progress=False)) == 6


def test_a_folder_that_does_not_exist_is_no_file_name(leia, tmp_path):
    document = leia.documents.upload(b"text", filename="t.txt", progress=False)
    with pytest.raises(errors.InvalidInput, match=r"does not exist\. Create it first"):
        leia.documents.download(document, f"{tmp_path}/new/", progress=False)
    assert list(tmp_path.iterdir()) == []


def test_several_files_at_once_are_refused_for_what_they_are(leia):
    with pytest.raises(errors.InvalidInput, match=r"got list\. Files are sent one at a time"):
        leia.documents.upload(["a.txt", "b.txt"])


def test_a_folder_set_up_with_a_key_of_its_own_says_so(fresh_service, monkeypatch):
    running = fresh_service(environment={"LEIA_API_KEY": "own-key"})
    leia = leia_nb.connect(data_dir=running.data_dir)
    with pytest.raises(errors.InvalidInput, match="LEIA_API_KEY") as caught:
        leia.whoami()
    assert str(running.data_dir) in str(caught.value)
    monkeypatch.setenv("LEIA_API_KEY", "own-key")
    assert leia.whoami().application_type == "admin"
