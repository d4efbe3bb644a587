"""What a scanner of texts is; it tells kinds, and values only to be hashed and compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Hit(NamedTuple):
    """Something of a `kind`, with its normal form, which is hashed and never kept."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanner:
    """Finds things in one text.

    `reads` are the roles of columns that it looks at. `hint` is a pattern in RE2's syntax, which
    Python's `re` understands too, that every text with a hit matches. With `is_news`, what the same
    row's input holds is no hit of its output: a person may be told what they said.
    """

    name: str
    reads: frozenset[str]
    hint: str
    scan: Callable[[str], Iterator[Hit]]
    is_news: bool = False


SCANNERS: Registry[Scanner] = Registry("scanner")


def add(scanner: Scanner) -> Scanner:
    """Register `scanner` under its name."""
    SCANNERS.add(scanner.name, scanner)
    return scanner
