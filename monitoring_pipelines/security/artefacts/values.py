"""What lies on the stack of a pickle, as far as it matters to see what would be called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Name:
    """A global, by module and qualified name."""

    module: str
    qualname: str

    def __str__(self) -> str:
        return f"{self.module}.{self.qualname}"


@dataclass(slots=True)
class Made:
    """What a call of an allowed `name` gives."""

    name: Name
    arguments: Any = None
    built: Any = None  # the last state that it was given


@dataclass(slots=True)
class Box:
    """A list, set or dictionary; of a small dictionary the entries with text keys are known.

    `is_whole` tells that it has no others.
    """

    kind: str
    entries: dict[str, Any] = field(default_factory=dict)
    is_whole: bool = True


class _Unknown:
    """Something whose content does not matter, and which is no name."""

    def __repr__(self) -> str:
        return "something"


UNKNOWN = _Unknown()
MARK = object()
MAX_ENTRIES, MAX_ITEMS, MAX_TEXT = 64, 64, 1_000
