"""What a recogniser of structured personal data is: a pattern, and a proof that it is no chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.registry import Registry

if TYPE_CHECKING:
    import re
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Recogniser:
    """A kind of personal data that can be told by its form.

    `pattern` finds candidates; `normal` gives the plain form of a true one, None of any other.
    `hint` is a weaker pattern in RE2's syntax that every candidate's text matches: an engine
    leaves out the others. `chance` is the share of random candidates that `normal` takes for true
    ones, 0 if a random one would not have the form. A `grave` kind is a finding by itself.
    """

    kind: str
    title: str
    pattern: re.Pattern[str]
    hint: str
    normal: Callable[[str], str | None]
    chance: float = 0.0
    grave: bool = False


RECOGNISERS: Registry[Recogniser] = Registry("kind of personal data")


def add(recogniser: Recogniser) -> Recogniser:
    """Register `recogniser` under its kind."""
    RECOGNISERS.add(recogniser.kind, recogniser)
    return recogniser


def digits(text: str) -> str:
    """The ASCII digits of a text.

    >>> digits("4111 1111-1111")
    '411111111111'
    """
    return "".join(char for char in text if "0" <= char <= "9")
