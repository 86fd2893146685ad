"""The sample digits are uploaded once, with their true categories."""

import io

import pytest
from PIL import Image

import leia_nb
from leia_nb import embedded, errors
from leia_nb.samples import load_digits, load_papers
from leia_nb.samples.digits import digits


@pytest.fixture(scope="module")
def leia(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples")
    yield leia_nb.connect(data_dir=folder)
    embedded.stop(folder)


def _load(leia, name, **options):
    tags = {"train_tag": f"{name}-train", "test_tag": f"{name}-test"}
    return load_digits(leia, **{"train": 6, "test": 3, "progress": False} | tags | options)


def test_documents_carry_tag_and_category(leia):
    samples = _load(leia, "plain")
    assert samples.index.name == "id"
    assert dict(samples.dtypes.astype(str)) == dict.fromkeys(
        ["filename", "tag", "category"], "string"
    )
    assert samples["category"].tolist() == [digit.category for digit in digits()[:9]]
    assert samples["tag"].tolist() == ["plain-train"] * 6 + ["plain-test"] * 3
    documents = leia.documents.list(tags=["plain-test"], sort="filename")
    assert documents["filename"].tolist() == [f"digit-{n:04}.png" for n in (6, 7, 8)]
    annotations = leia.annotations.list(document_id=samples.index[0])
    assert annotations["prediction"].tolist() == [{"category": "0"}]


def test_images_are_the_digits_pixel_by_pixel(leia):
    first = _load(leia, "plain").index[0]
    image = Image.open(io.BytesIO(leia.documents.contents(first)))
    assert (image.size, image.mode, image.getextrema()) == ((8, 8), "L", (0, 239))


def test_loading_twice_uploads_nothing_twice(leia):
    first = _load(leia, "twice")
    assert _load(leia, "twice").equals(first)
    assert len(leia.documents.list(tags=["twice-train"])) == 6


def test_an_interrupted_upload_continues_where_it_stopped(leia):
    first = _load(leia, "broken", train=2, test=0)
    bare = leia.documents.upload(
        digits()[2].png, filename="digit-0002.png", tags=["broken-train"], progress=False
    )
    whole = _load(leia, "broken", train=4, test=0)
    assert whole.index[:3].tolist() == [*first.index, bare.id]
    assert len(leia.annotations.list(document_id=bare)) == 1


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"test_tag": "same", "train_tag": "same"}, "test_tag"),
        ({"train": 1797, "test": 1}, "train"),
        ({"train": -1}, "train"),
        ({"test": "5"}, "test"),
        ({"test": None}, "test"),
        ({"train_tag": 5}, "train_tag"),
    ],
)
def test_invalid_arguments_are_rejected_before_anything_is_sent(leia, options, field):
    with pytest.raises(errors.InvalidInput) as caught:
        _load(leia, "refused", **options)
    assert caught.value.field == field
    assert leia.documents.list(tags=["refused-train"]).empty


@pytest.mark.parametrize("client", [None, "http://127.0.0.1:1/leia/1.0.0", leia_nb])
@pytest.mark.parametrize("load", [load_digits, load_papers])
def test_samples_need_a_client(load, client):
    with pytest.raises(errors.InvalidInput, match=r"Connect first: leia = leia_nb\.connect\(\)"):
        load(client)
