"""Every parameter of the seed document's ten operations is a parameter of the client's method."""

import inspect

import pytest

from leia_nb.resources.models import Models

from .facts import read

SEED = read("seed_operations")
METHODS = {
    "admin_apply_model_async": Models.apply,
    "admin_create_model": Models.create,
    "admin_delete_model": Models.delete,
    "admin_edit_model": Models.edit,
    "admin_get_model": Models.get,
    "admin_get_model_contents": Models.download,
    "admin_get_models": Models.list,
    "admin_tag_model": Models.tag,
    "admin_train_model_async": Models.train,
    "admin_untag_model": Models.untag,
}
# LEIA's name -> ours, where an object goes as well as its id, or the session fills it in.
RENAMED = {"model_id": "model", "document_ids": "documents"}
FILLED = {
    "admin_apply_model_async": {"token", "body"},  # the body is made of the other parameters
    "admin_train_model_async": {"token", "body"},
    "admin_create_model": {"token", "body"},  # the body is `file`
}


def test_there_is_a_method_for_each_of_the_ten_operations():
    assert set(METHODS) == set(SEED)


@pytest.mark.parametrize("operation", METHODS)
def test_method_takes_every_parameter(operation):
    signature = inspect.signature(METHODS[operation]).parameters
    wanted = set(SEED[operation]["parameters"]) - FILLED.get(operation, {"token"})
    if operation != "admin_get_models":  # there, model_id is a filter
        wanted = {RENAMED.get(name, name) for name in wanted}
    assert wanted <= set(signature)


@pytest.mark.parametrize("operation", METHODS)
def test_optional_parameters_are_optional_and_by_name(operation):
    signature = inspect.signature(METHODS[operation]).parameters
    for name, facts in SEED[operation]["parameters"].items():
        if name in signature and not facts["required"]:
            assert signature[name].default is not inspect.Parameter.empty, name
            assert signature[name].kind is inspect.Parameter.KEYWORD_ONLY, name


def test_create_takes_the_file():
    assert "file" in inspect.signature(Models.create).parameters


@pytest.mark.parametrize("operation", METHODS)
def test_docstring_names_the_operation(operation):
    assert operation.removeprefix("admin_") in (METHODS[operation].__doc__ or "")
