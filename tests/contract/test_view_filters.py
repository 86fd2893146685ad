"""Every filter and sortable field of LEIA's listings is in the views."""

import json
from pathlib import Path

import pytest

from leia_nb.resources import jobs, models
from leia_nb.widgets.views.job_filters import job_filters, job_sorting
from leia_nb.widgets.views.model_filters import model_filters, model_sorting

_FACTS = Path(__file__).parent / "facts" / "operations.json"
_PAGING = {"sort", "offset", "limit"}


@pytest.mark.parametrize(
    ("operation", "filters"),
    [("admin_get_models", model_filters), ("admin_get_jobs", job_filters)],
)
def test_every_filter_is_a_field(operation, filters):
    facts = json.loads(_FACTS.read_text(encoding="utf-8"))["operations"][operation]
    known = {one["name"] for one in facts["parameters"] if one["in"] == "query"}
    assert set(filters().fields) == known - _PAGING


@pytest.mark.parametrize(
    ("sorting", "sortable"),
    [(model_sorting, models.SORTABLE), (job_sorting, jobs.SORTABLE)],
)
def test_every_order_can_be_chosen(sorting, sortable):
    assert set(sorting().sortable) == set(sortable)
