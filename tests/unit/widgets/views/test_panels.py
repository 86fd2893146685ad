"""What opens below a view."""

import ipywidgets

from leia_nb.widgets.common import styles
from leia_nb.widgets.fields.simple import TextField
from leia_nb.widgets.views.panels import Entry


def test_a_text_is_sent_whole_before_a_button_is_pressed():
    """Keys that are sent one by one can come after a click, which then uses half a tag."""
    entry = Entry(TextField("tag", label="Tag", tooltip="It."), [ipywidgets.Button()])
    assert entry.field.control.continuous_update is False
    styles.close(entry)
