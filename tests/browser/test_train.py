"""Training a model from tagged documents."""

import re

from playwright.sync_api import expect

from .conftest import CONNECT


def test_train_from_tagged_documents(open_notebook, leia, picture):
    notebook = open_notebook(CONNECT, "form = leia.forms.train()\nform")
    notebook.run_all()
    form = notebook.form(1)
    form.fill("Model module", "image_classifier")
    form.fill("Documents tag", "digits-train")
    form.expect_text(re.compile("100 documents have this tag, 100 of them annotated"))
    form.fill("Model name", "Trained by hand")
    form.fill("Short name", "by-hand")
    form.click("Train")
    expect(form.button("Cancel job")).to_be_visible()
    expect(form.locator.locator(".leia-card")).to_contain_text("Trained by hand", timeout=60_000)
    about = form.locator.locator(".leia-card td").filter(has_text="Fingerprint")
    expect(about).to_contain_text("Made with scikit-learn")
    picture("train-result", form)
    shown = notebook.run_cell(notebook.add_cell("form.result.short_name"))
    expect(shown).to_contain_text("'by-hand'")
    assert leia.models.get("by-hand").model_module == "image_classifier"


def test_tag_that_no_document_carries(open_notebook, leia):
    notebook = open_notebook(CONNECT, "leia.forms.train()")
    notebook.run_all()
    form = notebook.form(1)
    form.fill("Model module", "image_classifier")
    form.fill("Documents tag", "no-such-tag")
    form.click("Train")
    form.expect_message("No document has the tag 'no-such-tag'")
    said = form.locator.get_by_text("No document has the tag 'no-such-tag'")
    expect(said.filter(visible=True)).to_have_count(1)


def test_declared_parameters_have_inputs(open_notebook, leia):
    notebook = open_notebook(CONNECT, "leia.forms.train()")
    notebook.run_all()
    form = notebook.form(1)
    form.fill("Model module", "image_classifier")
    form.click("More")
    expect(form.field("folds")).to_have_attribute("placeholder", "5")
    form.fill("folds", "99")
    form.expect_message("folds must be an integer from 2 to 20, got 99 (default 5).")
    form.fill("folds", "3")
    form.field("color").check()
    form.choose("features", "pixels")
    expect(form.field("Model params")).to_have_value(
        '{"folds": 3, "color": true, "features": "pixels"}'
    )
    form.fill("Model params", '{"seed": 7}')
    expect(form.field("seed")).to_have_value("7")
    expect(form.field("folds")).to_have_value("")
    expect(form.field("color")).not_to_be_checked()
