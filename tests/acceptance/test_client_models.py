"""The client's model calls against the real service."""

import hashlib

import pytest

from leia_nb import errors

from .clients import connected


@pytest.fixture(scope="module")
def leia(service):
    with connected(service) as leia:
        yield leia


@pytest.fixture
def model(leia, model_file):
    model = leia.models.create(
        model_file, "R&D, ünïcode + more?", description="for tests", tags=["b", "a"], progress=False
    )
    yield model
    leia.models.delete(model)


def test_create_and_get(leia, model, model_file):
    data = model_file.read_bytes()
    assert model == leia.models.get(model.id)
    assert (model.name, model.description) == ("R&D, ünïcode + more?", "for tests")
    assert (model.tags, model.ttl) == (("a", "b"), 200)
    assert (model.size, model.md5sum) == (len(data), hashlib.md5(data).hexdigest())
    assert model.application_id == leia.application.id
    assert model.extra == {}


def test_create_with_everything(leia, model_file):
    own = leia.application.id
    model = leia.models.create(
        model_file.read_bytes(), "A", short_name="every.thing_1", description="", ttl=-1,
        application_id=own, allowed_application_ids=[own], allow_all_applications=True,
        progress=False,
    )  # fmt: skip
    assert leia.models.get("every.thing_1") == model
    assert (model.ttl, model.allow_all_applications) == (-1, True)
    assert model.allowed_application_ids == (own,)
    with pytest.raises(errors.ShortNameTaken, match=r"every\.thing_1"):
        leia.models.create(model_file, "B", short_name="every.thing_1", progress=False)
    leia.models.delete("every.thing_1")


def test_edit(leia, model):
    own = leia.application.id
    edited = leia.models.edit(model, name="New", ttl=7, allowed_application_ids=[own])
    assert (edited.name, edited.ttl, edited.description) == ("New", 7, "for tests")
    assert edited.allowed_application_ids == (own,)
    edited = leia.models.edit(model, allowed_application_ids=[], allow_all_applications=True)
    assert edited.allowed_application_ids == ()
    assert (edited.name, edited.allow_all_applications) == ("New", True)


@pytest.mark.parametrize("tag", ["plain", "with space", "R&D", "100%", "a+b", "ü", "a,b", "a?b#c"])
def test_tag_and_untag(leia, model, tag):
    assert leia.models.tag(model, tag).tags == tuple(sorted(("a", "b", tag)))
    assert leia.models.list(tags=[tag, "a"]).index.tolist() == [model.id]
    assert leia.models.untag(model, tag) is None
    assert leia.models.get(model).tags == ("a", "b")


def test_download(leia, model, model_file, tmp_path):
    path = leia.models.download(model, tmp_path, progress=False)
    assert path.parent == tmp_path
    assert path.read_bytes() == model_file.read_bytes()
    assert len(list(tmp_path.iterdir())) == 1


def test_delete(leia, model_file):
    model = leia.models.create(model_file, "Short-lived", progress=False)
    assert leia.models.delete(model) is None
    with pytest.raises(errors.UnknownModel) as caught:
        leia.models.get(model)
    assert model.id in str(caught.value)


def test_filters(leia, model):
    found = {
        "model_id": model.id,
        "application_id": model.application_id,
        "model_type": "classification",
        "name": model.name,
        "description": "FOR TEST",
        "input_types": ["text"],
        "tags": ["a", "b"],
        "only_mine": True,
        "created_after": model.creation_time,
    }
    assert leia.models.list(**found).index.tolist() == [model.id]
    for name, other in {"name": "x", "tags": ["x"], "created_before": model.creation_time}.items():
        assert len(leia.models.list(**{**found, name: other})) == 0


def test_listing_has_its_schema_with_and_without_rows(leia, model):
    full, empty = leia.models.list(model_id=model), leia.models.list(name="no such name")
    assert (full.dtypes == empty.dtypes).all()
    assert full.loc[model.id, "tags"] == ("a", "b")
    assert full.loc[model.id, "size"] == model.size


def test_sort_offset_and_limit(leia, model_file):
    models = [
        leia.models.create(model_file, name, tags=["sorted"], progress=False) for name in "bca"
    ]
    names = leia.models.list(tags=["sorted"], sort="-name")["name"].tolist()
    assert names == ["c", "b", "a"]
    assert leia.models.list(tags=["sorted"])["name"].tolist() == ["b", "c", "a"]
    assert leia.models.list(tags=["sorted"], sort="name", offset=1, limit=1)["name"].tolist() == [
        "b"
    ]
    assert len(leia.models.list(tags=["sorted"], offset=9)) == 0
    for model in models:
        leia.models.delete(model)


@pytest.mark.parametrize("content", [b"PK", b"PK\x03\x04 and nonsense"])
def test_a_file_that_only_looks_like_a_model(leia, content):
    before = leia.models.list().index.tolist()
    with pytest.raises(errors.InvalidModelFile) as caught:
        leia.models.create(content, "A", progress=False)
    assert caught.value.status_code == 400
    assert leia.models.list().index.tolist() == before


def test_a_developer_uses_what_is_shared_with_him(service, leia, model):
    with connected(service, "key-of-ada") as ada:
        with pytest.raises(errors.UnknownModel):
            ada.models.get(model)
        leia.models.edit(model, allowed_application_ids=[ada.application.id])
        assert ada.models.get(model).id == model.id
        assert model.id in ada.models.list().index
        assert model.id not in ada.models.list(only_mine=True).index
        with pytest.raises(errors.UnknownModel, match="does not own"):
            ada.models.tag(model, "mine")
        with pytest.raises(errors.Forbidden):
            ada.models.delete(model)


def test_the_admin_acts_for_a_developer(service, leia, model_file):
    with connected(service, "key-of-ada") as ada:
        owner = ada.application.id
        model = leia.models.create(model_file, "For Ada", application_id=owner, progress=False)
        assert model.application_id == owner
        assert ada.models.tag(model, "mine").tags == ("mine",)
        assert leia.models.get(model).tags == ("mine",)  # the record says whose it is
        with pytest.raises(errors.UnknownModel):
            leia.models.get(model.id)  # an id alone is taken as the admin's own
        leia.models.delete(model)
