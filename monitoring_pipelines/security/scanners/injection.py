"""Scans texts for the words of attacks on prompts; a hit is a text that scores enough of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.security.facts import CONTEXT, INPUT
from monitoring_pipelines.security.injection import SCORE, WORDS, families
from monitoring_pipelines.security.scanner import Hit, Scanner, add

if TYPE_CHECKING:
    from collections.abc import Iterator

ATTACK = "attack"


def _scan(text: str) -> Iterator[Hit]:
    found = families(text)
    if sum(found.values()) >= SCORE:
        yield Hit(ATTACK, "")
        for name in found:
            yield Hit(name, "")


# also what hides words: other forms of letters, what has no width, and Base64
_HIDING = (
    "[\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
    "\uff21-\uff5a\u2100-\u214f\U0001d400-\U0001d7ff\U000e0020-\U000e007e]"
)
INJECTION = add(
    Scanner(
        name="injection",
        reads=frozenset({INPUT, CONTEXT}),
        hint=f"(?i:{'|'.join(WORDS)})|{_HIDING}|[A-Za-z0-9+/]{{24}}",
        scan=_scan,
    )
)
