"""The form that applies a model, and its code in a fresh process: they do the same."""

import pandas as pd
import pytest

from leia_nb.errors import InvalidInput

from .form_code import run
from .service_process import wait_until


@pytest.fixture
def leia(leia_of_forms):
    return leia_of_forms


def test_the_pasted_code_gives_the_same_table(leia, tmp_path):
    form = leia.forms.apply().fill(model="Digits", documents="digits-test")
    table = form.submit(wait=True)
    pd.testing.assert_frame_equal(run(form.code, tmp_path), table)


def test_the_pasted_code_of_chosen_documents(leia, tmp_path):
    chosen = leia.documents.list(tags=["digits-test"], limit=3)[::-1]
    form = leia.forms.apply().fill(
        model="digits-v1", documents=chosen, format_type=None, model_params={"top": 2}
    )
    table = form.submit(wait=True)
    assert list(table.index) == list(chosen.index)
    pd.testing.assert_frame_equal(run(form.code, tmp_path), table)


def test_the_pasted_code_of_pages_of_another_job(leia, tmp_path):
    documents = leia.documents.list(tags=["digits-test"])
    before = leia.models.apply("digits-v1", documents)
    form = leia.forms.apply().fill(
        model="digits-v1", documents=documents[:1], execute_after_id=before, page_range="0,2:5,-1"
    )
    table = form.submit(wait=True)
    assert list(table.index) == [documents.index[page] for page in (0, 2, 3, 4, 19)]
    pd.testing.assert_frame_equal(run(form.code, tmp_path), table)


def test_the_pasted_code_of_a_held_job_starts_it(leia, tmp_path):
    form = leia.forms.apply().fill(
        model="digits-v1", documents="digits-test", block_processing=True
    )
    form.submit()
    wait_until(lambda: form.job)
    form.start()
    wait_until(lambda: form.result is not None)
    pd.testing.assert_frame_equal(run(form.code, tmp_path), form.result)


def test_the_code_holds_no_key(leia):
    form = leia.forms.apply().fill(model="digits-v1", documents="digits-test")
    assert leia._session._get_api_key() not in form.code


def test_two_forms_at_once(leia):
    forms = [leia.forms.apply().fill(model="digits-v1", documents="digits-test") for _ in range(4)]
    for form in forms:
        form.submit()
    tables = [form.submit(wait=True) for form in forms]
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])
    assert len({form.job.id for form in forms}) == 4


def test_a_held_job_can_be_started_at_once_after_sending(leia):
    form = leia.forms.apply()
    form.fill(model="digits-v1", documents="digits-test", block_processing=True).submit()
    form.start()
    assert len(form.job.wait(progress=False)) == 20


def test_nothing_to_start_before_sending(leia):
    with pytest.raises(InvalidInput, match="submitted yet"):
        leia.forms.apply().start()
