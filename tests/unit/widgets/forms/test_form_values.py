"""Whatever is filled into a form, it answers in words and stays in one piece."""

import json
import os

import numpy as np
import pandas as pd
import pytest
from ipywidgets.widgets.widget import _instances

import leia_nb
from leia_nb import errors
from leia_nb.widgets.common import shared_layouts


class Unshowable:
    def __repr__(self):
        raise RuntimeError("no picture of me")


def circle():
    found = {}
    found["again"] = found
    return found


ODD = {
    "a huge number": 10**400,
    "no number": float("nan"),
    "half a character": "\ud800",
    "half a character in a list": ["\ud800"],
    "bytes": b"x",
    "an object": object(),
    "an object without repr": Unshowable(),
    "a list of everything": [None, 1, object()],
    "a dict of what JSON has not": {"a": float("nan")},
    "a dict without texts": {1: 2},
    "a circle": circle(),
    "a deep text": "[" * 100_000,
    "a long number": "10" * 3000,
    "a long text": "x" * 200_000,
    "an empty frame": pd.DataFrame(),
    "an empty array": np.array([]),
    "missing": pd.NA,
    "markup": "<script>alert('canary')</script>",
    "quotes": "a'\"\\\n\t{x}",
}


@pytest.fixture(params=["apply", "train", "create", "edit"])
def form(request, leia):
    model = ["digits-v1"] if request.param == "edit" else []
    made = getattr(leia.forms, request.param)(*model)
    yield made
    made.close()


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_a_field_takes_it_or_says_why_not(form, value):
    for name, field in form.fields.items():
        try:
            form.fill(**{name: value})
        except errors.InvalidInput as error:
            assert error.field == name
        said = form.check()
        assert all(len(message) <= 1500 for message in said.values())
        compile(form.code, "the form's code", "exec")
        json.dumps([part.get_state() for part in field.row.children], default=str).encode()


def test_a_text_field_takes_no_other_type(leia):
    form = leia.forms.create()
    for value in (7, True, ["a"], {"a": 1}, pd.DataFrame()):
        with pytest.raises(errors.InvalidInput, match=r"name must be a string"):
            form.fill(name=value)
    form.close()


def test_a_key_of_a_wrong_type_is_not_repeated():
    form = leia_nb.login_form()
    with pytest.raises(errors.InvalidInput) as caught:
        form.fill(api_key=["canary"])
    assert "canary" not in str(caught.value)
    form.close()


@pytest.mark.parametrize("text", ["1_000", "٣", "1e3", "1.0", "9" * 5000])
def test_seconds_that_are_none(leia, text):
    form = leia.forms.create(ttl=text)
    assert "must be a whole number of seconds" in form.check()["ttl"]
    form.close()


def test_a_pipe_is_no_model_file_and_is_not_waited_for(leia, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    form = leia.forms.create(file=tmp_path / "pipe")
    assert "is a device or pipe" in form.check()["file"]
    form.close()


def test_the_home_of_nobody(leia):
    form = leia.forms.create(file="~nobody-of-this-name/model.zip")
    assert form.check()["file"].startswith("~nobody-of-this-name/model.zip does not exist")
    form.close()


def test_a_form_opens_filled_in(leia):
    form = leia.forms.apply(model="digits-v1", documents="digits-test", tag=None)
    assert form.values["model"] == "digits-v1"
    assert len(form.values["documents"]) == 20
    form.close()
    form = leia.forms.train(model_module="image_classifier", documents_tag="digits-train")
    assert form.check() == {}
    form.close()
    form = leia.forms.edit("digits-v1", description="Reads digits")
    assert form.values == {"model": "digits-v1", "description": "Reads digits"}
    form.close()


def test_a_form_that_cannot_be_filled_in_does_not_stay_open(leia):
    before = set(_instances)
    with pytest.raises(errors.InvalidInput, match="ApplyForm has no field 'modle'"):
        leia.forms.apply(modle="digits-v1")
    assert all(shared_layouts.is_shared(_instances[one]) for one in set(_instances) - before)


def test_a_view_opens_filtered(leia):
    view = leia.forms.models(tags=["digits"])
    assert view.frame["short_name"].tolist() == ["digits-v1"]
    assert view.fill(name="Digits") is view
    assert view.values == {"tags": ("digits",), "name": "Digits"}
    view.wait().close()
    view = leia.forms.jobs(job_type="train")
    assert view.values == {"job_type": "train"}
    view.wait().close()


def test_all_errors_are_shown_at_once(leia):
    form = leia.forms.apply(page_range="a", model_params="{")
    with pytest.raises(errors.InvalidInput) as caught:
        form.submit()
    said = str(caught.value)
    assert said.startswith(f"{len(form.errors)} fields are invalid:\n")
    assert all(f"  {name}: {message}" in said for name, message in form.errors.items())
    assert set(form.errors) == {"model", "documents", "page_range", "model_params"}
    form.close()


def test_code_says_what_is_missing(leia):
    form = leia.forms.apply(model="digits-v1")
    assert "# still missing: documents\n" in form.code
    assert "leia.models.apply('digits-v1', ..., format_type='classification')" in form.code
    assert "missing" not in form.fill(documents="digits-test").code
    form.close()
    form = leia.forms.create()
    assert "# still missing: file, name\nmodel = leia.models.create(..., ...)" in form.code
    form.close()
    form = leia.forms.edit("digits-v1")
    assert "# no changes yet\n" in form.code
    assert "no changes" not in form.fill(name="Other").code
    form.close()


def test_headers_are_shown_an_example_of_headers(leia):
    form = leia.forms.apply(callback_headers="[]", model_params="[]")
    said = form.check()
    assert said["callback_headers"].endswith('e.g. {"X-Project": "digits"}.')
    assert said["model_params"].endswith('e.g. {"top": 3}.')
    form.close()


def test_invalid_documents_are_shown_at_their_field(leia):
    form = leia.forms.apply(model="digits-v1", documents=["zzz"])
    with pytest.raises(errors.UnknownDocument):
        form.submit(wait=True)
    assert form.errors == {"documents": str(form._failure)}
    assert "'zzz'" in form.errors["documents"]
    form.close()
