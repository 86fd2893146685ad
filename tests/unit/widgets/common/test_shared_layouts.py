"""Widgets that share a layout: each is shown, hidden and closed for itself."""

import threading

import ipywidgets
import pytest
from ipywidgets.widgets.widget import _instances

from leia_nb.widgets.common import shared_layouts, styles


@pytest.fixture
def two():
    made = shared_layouts.html("a"), shared_layouts.html("b")
    yield made
    for one in made:
        styles.close(one)


def test_one_is_hidden_and_the_other_is_not(two):
    assert two[0].layout is two[1].layout
    styles.show(two[0], False)
    assert [one.layout.display for one in two] == ["none", None]
    styles.show(two[0], True)
    assert two[0].layout is two[1].layout


def test_a_layout_of_its_own_is_changed_in_place():
    own = ipywidgets.HTML()
    layout = own.layout
    styles.show(own, False)
    assert (own.layout is layout, layout.display) == (True, "none")
    styles.close(own)


def test_closing_one_leaves_the_other_its_layout(two):
    styles.close(two[0])
    assert two[1].layout.comm is not None
    assert two[1].style.comm is not None


def test_what_was_closed_with_all_widgets_is_made_anew():
    shared_layouts.layout(width="auto").close()
    assert shared_layouts.layout(width="auto").comm is not None


@pytest.mark.parametrize("kind", ["apply", "train", "create", "models", "jobs"])
def test_nothing_stays_when_a_form_or_view_is_closed(leia, kind):
    threads = set(threading.enumerate())
    before = set(_instances)
    for _ in range(3):
        opened = getattr(leia.forms, kind)()
        if kind in ("models", "jobs"):
            opened.wait()
        opened.close()
    left = [_instances[one] for one in set(_instances) - before]
    assert [one for one in left if not shared_layouts.is_shared(one)] == []
    for thread in set(threading.enumerate()) - threads:
        thread.join(60)
        assert not thread.is_alive()
