"""The form that creates a model, and its code in a fresh process: they do the same."""

import pytest

from .form_code import run

SAME = ("name", "description", "tags", "ttl", "allow_all_applications", "md5sum", "model_module")


@pytest.fixture
def leia(leia_of_examples):
    return leia_of_examples


@pytest.fixture
def model_file(leia, tmp_path):
    return leia.models.download("digits-v1", tmp_path / "digits.zip", progress=False)


@pytest.fixture
def forget(leia):
    """Delete models at the end."""
    made = []
    yield made.append
    for model in made:
        leia.models.delete(model)


def test_the_pasted_code_creates_the_same_model(leia, model_file, tmp_path, forget):
    form = leia.forms.create().fill(
        file=model_file,
        name='A "quoted" name',
        tags=["a tag", "b,c"],
        description="Two\nlines",
        ttl=-1,
        allow_all_applications=True,
        application_id=leia.whoami().id,
    )
    made = form.submit(wait=True)
    forget(made)
    pasted = run(form.code, tmp_path)
    forget(pasted)
    assert {name: getattr(pasted, name) for name in SAME} == {
        name: getattr(made, name) for name in SAME
    }
    assert pasted.id != made.id
    assert made.md5sum == leia.models.get("digits-v1").md5sum


def test_the_pasted_code_of_a_dropped_file(leia, model_file, tmp_path, forget, monkeypatch):
    form = leia.forms.create()
    field = form.fields["file"]
    field._take(field.area.keep("digits.zip", model_file.read_bytes()))
    code = form.fill(name="Dropped").code
    made = form.submit(wait=True)
    forget(made)
    monkeypatch.chdir(tmp_path)  # the code says to put the file where the kernel runs
    pasted = run(code, tmp_path)
    forget(pasted)
    assert pasted.md5sum == made.md5sum


def test_what_was_created_works(leia, model_file, forget):
    made = leia.forms.create().fill(file=model_file, name="A copy").submit(wait=True)
    forget(made)
    documents = leia.documents.list(tags=["digits-test"], limit=3)
    ours, theirs = (
        leia.models.apply(one, documents).wait(progress=False) for one in (made, "digits-v1")
    )
    assert ours.equals(theirs)


def test_a_second_click_creates_no_second_model(leia, model_file, forget):
    form = leia.forms.create().fill(file=model_file, name="Clicked twice")
    form.submit_button.click()
    form.submit_button.click()
    forget(form.submit(wait=True))
    form.submit_button.click()
    form.submit(wait=True)
    assert len(leia.models.list(name="Clicked twice")) == 1
