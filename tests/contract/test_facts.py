"""The copied facts agree with each other, and with the originals where those are at hand."""

import json
from pathlib import Path

import pytest

from leia_nb import enums

from .facts import read

ORIGINALS = Path(__file__).parents[2].parent / "shared" / "contract"


@pytest.mark.skipif(
    not ORIGINALS.is_dir(), reason="the original facts are not beside this checkout"
)
@pytest.mark.parametrize("name", ["operations", "schemas"])
def test_copy_is_the_original(name):
    assert read(name) == json.loads((ORIGINALS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("operation", read("seed_operations"))
def test_seed_agrees_with_all_operations(operation):
    seed, all_operations = read("seed_operations")[operation], read("operations")["operations"]
    assert (seed["method"], seed["path"]) == (
        all_operations[operation]["method"],
        all_operations[operation]["path"],
    )
    named = {parameter["name"] for parameter in all_operations[operation]["parameters"]}
    assert set(seed["parameters"]) - {"body"} <= named


@pytest.mark.parametrize(
    ("ours", "leias"),
    [
        (enums.AnnotationType, "AnnotationTypes"),
        (enums.ApplicationType, "ApplicationTypes"),
        (enums.FormatType, "FormatTypes"),
        (enums.ModelInputType, "ModelInputTypes"),
        (enums.ModelType, "ModelTypes"),
        (enums.ResultType, "ResultTypes"),
        (enums.Speed, "Speed"),
        (enums.JobStatus, "Statuses"),
        (enums.TransformType, "TransformTypes"),
    ],
)
def test_enumerations_have_the_wire_values(ours, leias):
    assert [member.value for member in ours] == read("schemas")[leias]["enum"]


def test_job_types_add_only_the_training_and_the_conditional():
    leias = set(read("schemas")["JobTypes"]["enum"])
    assert {member.value for member in enums.JobType} - leias == {"train", "conditional"}
