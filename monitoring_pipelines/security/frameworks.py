"""Which signal touches which entry of a list of threats: dated data, not code."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def frameworks() -> dict[str, Any]:
    """The lists with their state and date, and the entries by signal."""
    package = resources.files("monitoring_pipelines.security")
    found: dict[str, Any] = json.loads(
        package.joinpath("frameworks.json").read_text(encoding="utf-8")
    )
    return found


def entries(signal: str) -> tuple[str, ...]:
    """Entries that a signal touches.

    >>> entries("SEC-12")
    ('LLM10', 'AML.T0034')
    """
    return tuple(one for ids in frameworks()["signals"].get(signal, {}).values() for one in ids)
