"""What a paper says, before it is laid out: names, numbers, dates, amounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from leia_nb.samples.papers import vocabulary

_THOUSANDS = {"en": (",", "."), "de": (".", ","), "fr": (" ", ","), "es": (".", ",")}
_SIGNS = {"en": ["$", "£", "USD", ""], "de": ["EUR", ""], "fr": ["EUR", ""], "es": ["EUR", ""]}


@dataclass(frozen=True)
class Line:
    """One line of goods: amounts in cents."""

    text: str
    quantity: int
    price: int

    @property
    def amount(self) -> int:
        """Quantity times price, in cents."""
        return self.quantity * self.price


class Writer:
    """How one paper writes dates and amounts."""

    def __init__(self, random: Random, language: str) -> None:
        self._random = random
        self.language = language
        self._separators = _THOUSANDS[language]
        self._sign = random.choice(_SIGNS[language])
        self._sign_first = self._sign in ("$", "£") or random.random() < 0.4
        self._date_style = random.choice(["iso", "numbers", "numbers", "words"])

    def number(self, cents: int) -> str:
        """Write an amount without its currency."""
        thousands, point = self._separators
        whole = f"{cents // 100:,}".replace(",", thousands)
        return f"{whole}{point}{cents % 100:02}"

    def money(self, cents: int) -> str:
        """Write an amount with its currency, where this paper has it."""
        number = self.number(cents)
        if not self._sign:
            return number
        if self._sign in ("$", "£"):
            return self._sign + number
        return f"{self._sign} {number}" if self._sign_first else f"{number} {self._sign}"

    def date(self, day: date) -> str:
        """Write a date."""
        if self._date_style == "iso":
            return day.isoformat()
        if self._date_style == "numbers":
            return day.strftime("%m/%d/%Y" if self.language == "en" else "%d.%m.%Y")
        month = vocabulary.MONTHS[self.language].split()[day.month - 1]
        return {
            "en": f"{month} {day.day}, {day.year}",
            "de": f"{day.day}. {month} {day.year}",
            "fr": f"{day.day} {month} {day.year}",
            "es": f"{day.day} de {month} de {day.year}",
        }[self.language]


class Content:
    """Everything that one paper says.

    Parameters
    ----------
    random : random.Random
        Where chance comes from.
    kind : str
        ``"invoice"``, ``"receipt"`` or ``"letter"``.
    """

    def __init__(self, random: Random, kind: str) -> None:
        self.kind = kind
        self.language = random.choice(vocabulary.LANGUAGES)
        self.writer = Writer(random, self.language)
        self.sender = self._company(random)
        self.sender_address = self._address(random)
        self.receiver = self._company(random) if random.random() < 0.6 else _person(random)
        self.receiver_address = self._address(random)
        self.person = _person(random)
        self.day = date(2023, 1, 1) + timedelta(days=random.randrange(1400))
        self.due = self.day + timedelta(days=random.choice([10, 14, 30]))
        self.number = _number(random, self.day.year)
        self.customer = f"{random.randrange(10_000, 99_999)}"
        self.phone = f"0{random.randrange(100, 999)} {random.randrange(100_000, 999_999)}"
        self.lines = self._lines(random)
        self.rate = random.choice([7, 10, 19, 20, 21])
        self.label = {
            name: random.choice(choices)
            for name, choices in vocabulary.LABELS[self.language].items()
            if name != "columns"
        }
        self.columns = vocabulary.LABELS[self.language]["columns"]
        self.title = random.choice(vocabulary.TITLES[self.language].get(kind, [""]))
        self.subject = random.choice(vocabulary.SUBJECTS[self.language])
        self.sentences = random.sample(
            vocabulary.SENTENCES[self.language], random.choice([3, 4, 5])
        )

    @property
    def net(self) -> int:
        """The sum of the lines, in cents."""
        return sum(line.amount for line in self.lines)

    @property
    def tax(self) -> int:
        """The tax on it, in cents."""
        return round(self.net * self.rate / 100)

    @property
    def total(self) -> int:
        """What is to be paid, in cents."""
        return self.net + self.tax

    @property
    def fields(self) -> dict[str, str]:
        """What the paper says, as it is printed."""
        said = {"date": self.writer.date(self.day), "number": self.number, "sender": self.sender}
        if self.kind != "letter":
            said["total"] = self.writer.number(self.total)
        return said

    def _company(self, random: Random) -> str:
        form = random.choice(vocabulary.FORMS[self.language])
        trade = random.choice(vocabulary.TRADES)
        name = random.choice([*vocabulary.LAST, *vocabulary.TOWNS[self.language]])
        return random.choice([f"{name} {trade} {form}", f"{trade} {name} {form}"])

    def _address(self, random: Random) -> list[str]:
        street = random.choice(vocabulary.STREETS[self.language])
        house = random.randrange(1, 180)
        town = random.choice(vocabulary.TOWNS[self.language])
        first = f"{house} {street}" if self.language in ("en", "fr") else f"{street} {house}"
        return [first, f"{random.randrange(10_000, 99_999)} {town}"]

    def _lines(self, random: Random) -> list[Line]:
        goods = random.sample(vocabulary.GOODS[self.language], random.randrange(1, 6))
        return [
            Line(good, random.randrange(1, 12), random.randrange(150, 30_000)) for good in goods
        ]


def _person(random: Random) -> str:
    return f"{random.choice(vocabulary.FIRST)} {random.choice(vocabulary.LAST)}"


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
