"""Finds answers that tell the system prompt: the share of its eight-word parts that they repeat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.security.facts import OUTPUT
from monitoring_pipelines.security.scanner import Hit, Scanner

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME, LEAKED = "prompt_leak", "system prompt"
SIZE, SHARE = 8, 0.3
_WORD = re.compile(r"\w+")


def shingles(text: str) -> set[tuple[str, ...]]:
    """Parts of eight words that follow each other, in lower case.

    >>> len(shingles("one two three four five six seven eight nine"))
    2
    """
    words = _WORD.findall(text.casefold())
    return {tuple(words[i : i + SIZE]) for i in range(len(words) - SIZE + 1)}


def prompt_leak(prompt: str) -> Scanner:
    """A scanner for answers that repeat more than 30 % of the `prompt`.

    Raises
    ------
    ConfigError
        If the prompt has fewer than eight words: no answer could be told to repeat it.
    """
    known = shingles(prompt)
    if not known:
        raise ConfigError(f"`security.system_prompt`: the prompt has fewer than {SIZE} words.")

    def scan(text: str) -> Iterator[Hit]:
        if len(known & shingles(text)) > SHARE * len(known):
            yield Hit(LEAKED, "")

    return Scanner(name=NAME, reads=frozenset({OUTPUT}), hint=".", scan=scan)
