"""The content of a paper, before layout: names, numbers, dates and amounts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from random import Random
from typing import Any

# The order in the file decides which words a seed selects.
_VOCABULARY = json.loads(files(__package__).joinpath("vocabulary.json").read_text("utf-8"))
LANGUAGES: dict[str, dict[str, Any]] = _VOCABULARY["languages"]
_SYMBOLS = ("$", "£")


@dataclass(frozen=True)
class Item:
    """One item of an invoice or a receipt; the price is in cents."""

    text: str
    quantity: int
    price: int

    @property
    def amount(self) -> int:
        """Quantity times price, in cents."""
        return self.quantity * self.price


class Formatter:
    """How one paper writes dates and amounts."""

    def __init__(self, random: Random, language: str) -> None:
        self._language = language
        self._words = LANGUAGES[language]
        self._currency = random.choice(self._words["currencies"])
        self._currency_first = self._currency in _SYMBOLS or random.random() < 0.4
        self._date_style = random.choice(["iso", "numbers", "numbers", "words"])

    def number(self, cents: int) -> str:
        """Format an amount without its currency."""
        whole = f"{cents // 100:,}".replace(",", self._words["thousands_separator"])
        return f"{whole}{self._words['decimal_point']}{cents % 100:02}"

    def money(self, cents: int) -> str:
        """Format an amount with the currency of this paper, if it has one."""
        number = self.number(cents)
        if self._currency in ("", *_SYMBOLS):
            return f"{self._currency}{number}"
        return (
            f"{self._currency} {number}" if self._currency_first else f"{number} {self._currency}"
        )

    def date(self, day: date) -> str:
        """Format a date."""
        if self._date_style == "iso":
            return day.isoformat()
        if self._date_style == "numbers":
            return day.strftime("%m/%d/%Y" if self._language == "en" else "%d.%m.%Y")
        month = self._words["months"][day.month - 1]
        return str(self._words["long_date"]).format(day=day.day, month=month, year=day.year)


class Content:
    """The content of one paper of a kind: ``"invoice"``, ``"receipt"`` or ``"letter"``."""

    def __init__(self, random: Random, kind: str) -> None:
        self.kind = kind
        self._language = random.choice(list(LANGUAGES))
        self._words = words = LANGUAGES[self._language]
        self.format = Formatter(random, self._language)
        self.sender = self._company(random)
        self.sender_address = self._address(random)
        self.recipient = self._company(random) if random.random() < 0.6 else _person(random)
        self.recipient_address = self._address(random)
        self.person = _person(random)
        self.day = date(2023, 1, 1) + timedelta(days=random.randrange(1400))
        self.due = self.day + timedelta(days=random.choice([10, 14, 30]))
        self.number = _number(random, self.day.year)
        self.customer = f"{random.randrange(10_000, 99_999)}"
        self.phone = f"0{random.randrange(100, 999)} {random.randrange(100_000, 999_999)}"
        self.items = [
            Item(text, random.randrange(1, 12), random.randrange(150, 30_000))
            for text in random.sample(words["goods"], random.randrange(1, 6))
        ]
        self.tax_rate = random.choice([7, 10, 19, 20, 21])
        self.labels = {name: random.choice(choices) for name, choices in words["labels"].items()}
        self.columns: dict[str, str] = words["columns"]
        self.title = random.choice(words["titles"].get(kind, [""]))
        self.subject = random.choice(words["subjects"])
        sentences = random.sample(words["sentences"], random.choice([3, 4, 5]))
        self.paragraphs = [words["greeting"], *sentences, words["closing"]]

    @property
    def net(self) -> int:
        """The sum of the items, in cents."""
        return sum(item.amount for item in self.items)

    @property
    def tax(self) -> int:
        """The tax on the net amount, in cents."""
        return round(self.net * self.tax_rate / 100)

    @property
    def total(self) -> int:
        """The net amount with tax, in cents."""
        return self.net + self.tax

    @property
    def fields(self) -> dict[str, str]:
        """The values to extract, as they are printed."""
        fields = {"date": self.format.date(self.day), "number": self.number, "sender": self.sender}
        if self.kind != "letter":
            fields["total"] = self.format.number(self.total)
        return fields

    def _company(self, random: Random) -> str:
        form = random.choice(self._words["company_forms"])
        trade = random.choice(_VOCABULARY["trades"])
        name = random.choice([*_VOCABULARY["last_names"], *self._words["towns"]])
        return random.choice([f"{name} {trade} {form}", f"{trade} {name} {form}"])

    def _address(self, random: Random) -> list[str]:
        street = random.choice(self._words["streets"])
        house = random.randrange(1, 180)
        town = random.choice(self._words["towns"])
        first = f"{house} {street}" if self._language in ("en", "fr") else f"{street} {house}"
        return [first, f"{random.randrange(10_000, 99_999)} {town}"]


def _person(random: Random) -> str:
    first, last = _VOCABULARY["first_names"], _VOCABULARY["last_names"]
    return f"{random.choice(first)} {random.choice(last)}"


def _number(random: Random, year: int) -> str:
    serial = random.randrange(1, 9999)
    return random.choice(
        [
            f"INV-{year}-{serial:04}",
            f"{year}/{serial}",
            f"R{serial:06}",
            f"{random.choice('ABCDEFGH')}{random.choice('KLMNP')}-{serial}",
            f"{year % 100}-{serial:05}",
            f"{random.randrange(100_000, 9_999_999)}",
        ]
    )
