"""What looking into a file gave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Safety(StrEnum):
    """`unsafe` would run something; `unverified` could not be read to its end, which is no pass."""

    OK = "ok"
    UNVERIFIED = "unverified"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A safety and why, in a few words of ours and names of code."""

    safety: Safety
    reason: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is unpacked of one file, how deep archives may lie, and further `allowed` names.

    With `plain`, pickles are followed as Python's own unpickler reads them, for which the numbers
    that joblib writes are operations.
    """

    n_bytes: int = 4 << 30
    n_operations: int = 20_000_000
    n_members: int = 20_000
    depth: int = 4
    allowed: frozenset[str] = frozenset()
    plain: bool = False


class UnsafeError(Exception):
    """The file would run something that nobody allowed."""


class MisusedError(UnsafeError):
    """The file calls or changes what is no object; whoever loads it would stop there."""


class UnverifiedError(Exception):
    """The file cannot be read to its end."""


def name(text: object) -> str:
    r"""A name of code as it may stand in a message: short, ASCII, without anything but names.

    >>> name("os.system"), name("a\nb<script>")
    ('os.system', 'a?b?script?')
    """
    shown = "".join(
        c if c.isascii() and (c.isalnum() or c in "._-[] /") else "?" for c in str(text)
    )
    return shown[:80]
