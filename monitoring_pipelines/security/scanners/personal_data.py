"""Scans texts for structured personal data: cards, accounts, e-mail and IP addresses and others.

A candidate with a wrong check digit is counted too (`MISSED` after its kind): long numbers pass a
check by chance, and how many do not tells it. Names and postal addresses have no form and are not
found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitoring_pipelines.security.facts import OUTPUT, TEXT
from monitoring_pipelines.security.personal import RECOGNISERS
from monitoring_pipelines.security.scanner import Hit, Scanner, add

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitoring_pipelines.security.recogniser import Recogniser

MISSED = "?"
_ALL = RECOGNISERS.values()


def find_personal_data(text: str, among: Iterable[Recogniser] = _ALL) -> Iterator[Hit]:
    """Personal data in a text, and candidates that a check digit refuted.

    `among` may leave out recognisers whose hint the text does not match; their order stays.

    >>> [hit.kind for hit in find_personal_data("card 4111 1111 1111 1111, mail ana@bank.org")]
    ['email', 'payment_card']
    """
    taken: list[tuple[int, int]] = []
    for recogniser in among:
        for match in recogniser.pattern.finditer(text):
            start, end = match.span()
            # the digits of an account number are no telephone number
            if any(start < last and first < end for first, last in taken):
                continue
            normal = recogniser.normal(match[0])
            if normal is not None:
                taken.append((start, end))
                yield Hit(recogniser.kind, normal)
            elif recogniser.chance:
                yield Hit(recogniser.kind + MISSED, re.sub(r"\W", "", match[0]))


PERSONAL_DATA = add(
    Scanner(
        name="personal_data",
        reads=frozenset({OUTPUT, TEXT}),
        hint="|".join(f"(?:{recogniser.hint})" for recogniser in _ALL),
        scan=find_personal_data,
        is_news=True,
    )
)
