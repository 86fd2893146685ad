import pytest

from leia_nb.enums import TransformType
from leia_nb.service import transforms
from leia_nb.service.parameters import values_of
from leia_nb.service.trainers import InvalidParameters, UnusableDocuments
from tests.unit.service.transform_bench import TransformBench


@pytest.fixture
def bench(tmp_path):
    return TransformBench(tmp_path)


def test_every_transform_of_leia_is_implemented():
    assert set(transforms.NAMES) == {str(name) for name in TransformType}


@pytest.mark.parametrize(
    ("output_type", "given", "read"),
    [
        ("image", {}, {"image_slice": None, "output_quality": 75}),
        ("image", {"output_quality": "50"}, {"image_slice": None, "output_quality": 50}),
        ("image", {"image_slice": "0,2:5,-1"}, {"image_slice": "0,2:5,-1", "output_quality": 75}),
        ("image", {"image_slice": 3}, {"image_slice": "3", "output_quality": 75}),
        ("trim", {"output_quality": 100}, {"output_quality": 100}),
        ("split", {"split_size": "20"}, {"split_size": 20}),
        ("split", {}, {"split_size": 1000}),
        ("merge", {}, {}),
    ],
)
def test_parameters_are_read(output_type, given, read):
    parameters = values_of(transforms.read_parameters(output_type, given))
    assert parameters == {"skip_unusable": False, **read}


@pytest.mark.parametrize(
    ("output_type", "given", "why"),
    [
        ("image", {"output_quality": 0}, "output_quality must be an integer from 1 to 100, got 0 "),
        ("image", {"output_quality": "101"}, "output_quality must be .*, got '101' "),
        ("image", {"output_quality": "fine"}, "output_quality must be .*, got 'fine' "),
        ("image", {"output_quality": True}, "output_quality must be .*, got True "),
        (
            "image",
            {"image_slice": "1..5"},
            "image_slice must be a string such as 0,2:5,-1, got '1..5' .* Python slices",
        ),
        ("image", {"image_slice": ""}, "image_slice must be .*, got '' "),
        ("image", {"image_slice": "::0"}, "image_slice must be .*, got '::0' "),
        ("image", {"image_slice": "0," * 600 + "0"}, "image_slice must be .*, got '0,0,0"),
        ("image", {"image_slice": [1]}, r"image_slice must be .*, got \[1\] "),
        ("split", {"split_size": 0}, "split_size must be an integer from 1 to 1000000000, got 0 "),
        ("split", {"split_size": "1e400"}, "split_size must be .*, got '1e400' "),
        ("split", {"output_quality": 5}, "the transform split has no parameter 'output_quality'"),
        ("merge", {"sep": ","}, "no parameter 'sep'. Known parameters: skip_unusable "),
    ],
)
def test_wrong_parameters_are_refused(output_type, given, why):
    with pytest.raises(InvalidParameters, match=why) as caught:
        transforms.read_parameters(output_type, given)
    assert str(caught.value).startswith("transform_params: ")
    assert (caught.value.code, caught.value.field) == (
        "invalid_transform_params",
        "transform_params",
    )


@pytest.mark.parametrize(
    ("output_type", "mime_type", "advice"),
    [
        ("image", "text/plain", "documents with pages or frames"),
        ("image", "application/zip", "requires a PDF, an image or a video"),
        ("trim", "application/pdf", "transform `image`"),
        ("autorotate", "application/pdf", "transform `image`"),
        ("merge", "application/pdf", "transform `text`"),
        ("merge", "image/png", "transform `text`"),
        ("split", "image/png", "transform `text`"),
        ("text", "video/mp4", "transform `image`"),
        ("text", "audio/mpeg", "is of type audio/mpeg"),
        ("text_tree", "text/plain", "no layout"),
        ("transcode", "application/pdf", "`image` for images"),
        ("transcode", "text/plain; charset=utf-8", "is a text"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_opened(
    bench, output_type, mime_type, advice
):
    good = bench.document(b"", "good", None)
    bad = bench.document(b"", "bad.dat", mime_type)
    bad.path.unlink()
    with pytest.raises(UnusableDocuments, match=advice) as caught:
        transforms.check(output_type, [good, bad])
    assert bad.label in str(caught.value)


@pytest.mark.parametrize(
    ("output_type", "mime_type"),
    [
        ("image", "application/pdf"),
        ("image", "image/gif"),
        ("image", "video/mp4"),
        ("text", "text/html"),
        ("text", "application/json"),
        ("text", "IMAGE/PNG"),
        ("split", "text/markdown"),
        *((name, None) for name in transforms.NAMES),
        *((name, "application/octet-stream") for name in transforms.NAMES),
    ],
)
def test_what_makes_sense_passes(bench, output_type, mime_type):
    transforms.check(output_type, [bench.document(b"", "a", mime_type)])


@pytest.mark.parametrize("name", transforms.NAMES)
def test_how_many_documents_a_transform_makes(name):
    assert transforms.makes_several(name, 1) is (name in ("image", "split"))
    assert transforms.makes_several(name, 2) is (name != "merge")
