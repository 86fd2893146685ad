"""Every filter and sortable field of LEIA's listings is in the views."""

import json
from pathlib import Path

import pytest

from leia_nb.api.operations import SORTABLE
from leia_nb.widgets.views.resource_filters import make_filters, make_sorting

_FACTS = Path(__file__).parent / "facts" / "operations.json"
_PAGING = {"sort", "offset", "limit"}


@pytest.mark.parametrize(
    ("operation", "resource"),
    [("admin_get_models", "model"), ("admin_get_jobs", "job")],
)
def test_every_filter_is_a_field(operation, resource):
    facts = json.loads(_FACTS.read_text(encoding="utf-8"))["operations"][operation]
    known = {one["name"] for one in facts["parameters"] if one["in"] == "query"}
    assert set(make_filters(resource).fields) == known - _PAGING


@pytest.mark.parametrize(
    ("resource", "sortable"),
    [("model", SORTABLE["get_models"]), ("job", SORTABLE["get_jobs"])],
)
def test_every_order_can_be_chosen(resource, sortable):
    assert set(make_sorting(resource).sortable) == set(sortable)
