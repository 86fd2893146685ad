"""A form in the browser: found by what a person reads, used by clicking and typing."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

JOB_SECONDS = 60.0
MOST_TABS = 60


class FormOnPage:
    """A form below a cell."""

    def __init__(self, locator: Locator) -> None:
        self.locator = locator
        self.page = locator.page

    def field(self, label: str) -> Locator:
        """Return the control with a label; a required field's star does not matter."""
        name = re.compile(rf"^{re.escape(label)}( \*)?$")
        return self.locator.get_by_label(name).and_(self.locator.locator("input, select, textarea"))

    def fill(self, label: str, text: str) -> None:
        """Click into a field, empty it and type."""
        type_into(self.field(label), text)

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a list."""
        self.field(label).select_option(label=option)

    def button(self, name: str) -> Locator:
        """Return the button with a name."""
        return self.locator.get_by_role("button", name=name, exact=True)

    def click(self, name: str) -> None:
        """Click a button."""
        self.button(name).click()

    def tab_to(self, control: Locator, *, backwards: bool = False) -> None:
        """Press Tab until a control has the focus."""
        for _ in range(MOST_TABS):
            if control.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
        raise AssertionError(f"Tab never reaches {control}")

    @property
    def message(self) -> Locator:
        """What stands in red: next to a field, or below the form."""
        return self.locator.locator(".leia-message, .leia-failed")

    def expect_message(self, words: str | re.Pattern[str], seconds: float = 15) -> None:
        """Wait until a message in red says this."""
        expect(self.message.filter(has_text=words).first).to_be_visible(timeout=seconds * 1000)

    def expect_text(self, words: str | re.Pattern[str], seconds: float = JOB_SECONDS) -> None:
        """Wait until this can be read in the form."""
        expect(self.locator.get_by_text(words).first).to_be_visible(timeout=seconds * 1000)


def type_into(field: Locator, text: str) -> None:
    """Click into a field, empty it, type, and leave it."""
    field.click()
    field.fill("")
    field.press_sequentially(text)
    field.press("Tab")
