"""Measured rates with their standard errors, as Markdown tables between markers of a page."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.special import bdtrc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


# tables by name, and what is above nominal
Measured = tuple[dict[str, str], list[str]]


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `draws`."""

    hits: int
    draws: int

    @property
    def value(self) -> float:
        return self.hits / self.draws

    def error(self, nominal: float) -> float:
        """Standard error if the true rate is `nominal`."""
        return math.sqrt(nominal * (1 - nominal) / self.draws)

    def exceeds(self, nominal: float, alpha: float) -> bool:
        """Whether so many hits or more have a probability below `alpha` at the `nominal` rate."""
        return bool(bdtrc(self.hits - 1, self.draws, nominal) < alpha) if self.hits else False

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.hits + other.hits, self.draws + other.draws)

    def __str__(self) -> str:
        return digits(self.value)


def digits(value: float) -> str:
    """Two significant digits below 0.1, without an exponent where people would not write one."""
    if value == 0:
        return "0"
    if value < 1e-4:
        return f"{value:.1e}".replace("e-0", "e-")
    return f"{value:.2g}" if value < 0.1 else f"{value:.2f}"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def put(page: Path, name: str, text: str) -> None:
    """Write `text` between the markers of `name`, which must be there."""
    start, end = f"<!-- measured: {name} -->", f"<!-- end: {name} -->"
    old = page.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(old):
        raise SystemExit(f"{page.name} has no place for '{name}'")
    new = pattern.sub(lambda _: f"{start}\n{text}\n{end}", old)
    page.write_text(new, encoding="utf-8")


class Cells(dict[tuple[object, ...], Rate]):
    """Rates by names, of which the last is the nominal rate."""

    def count(self, key: tuple[object, ...], hits: int, draws: int = 1) -> None:
        self[key] = self.get(key, Rate(0, 0)) + Rate(int(hits), draws)

    def pooled(self, *wanted: object) -> Rate:
        """Sum over the cells that have all of the `wanted` names."""
        return sum((rate for key, rate in self.items() if {*wanted} <= {*key}), Rate(0, 0))

    def failures(self) -> list[str]:
        """Cells above nominal, by a test that all together fail by chance once in a hundred."""
        return [
            f"{key}: {rate.hits} of {rate.draws}"
            for key, rate in self.items()
            if rate.exceeds(_nominal(key), 0.01 / len(self))
        ]

    def worst(self, *wanted: object) -> str:
        """The cell with the highest rate among those that have the `wanted` names."""
        found = {key: rate for key, rate in self.items() if {*wanted} <= {*key}}
        key, rate = max(found.items(), key=lambda item: item[1].value)
        return with_error(rate, _nominal(key))


def with_error(rate: Rate, nominal: float) -> str:
    return f"{rate} ± {digits(rate.error(nominal))}"


def _nominal(key: tuple[object, ...]) -> float:
    nominal = key[-1]
    assert isinstance(nominal, float)
    return nominal
