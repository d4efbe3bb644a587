"""Finds canary tokens: texts that stand in a prompt or a document only to be seen where they leak.

A token is found as it is, in any case, spaced out, reversed, and in Base64 and hexadecimal.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from monitoring_pipelines.security.facts import OUTPUT
from monitoring_pipelines.security.scanner import Hit, Scanner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME, MIN_LENGTH = "canaries", 8
_APART = re.compile(r"[\W_]+")


def canaries(tokens: Sequence[str]) -> Scanner:
    """A scanner for `tokens`, each of at least eight letters and digits.

    >>> [hit.kind for hit in canaries(["blue-heron-7731"]).scan("so: 1377 noreh eulb")]
    ['canary 1 reversed']
    """
    forms = [form for number, token in enumerate(tokens, 1) for form in _forms(number, token)]

    def scan(text: str) -> Iterator[Hit]:
        close = {"": text, "close": _APART.sub("", text).casefold()}
        for kind, how, form in forms:
            if form in close[how]:
                yield Hit(kind, "")

    # spaced or encoded, a token has nothing that an engine could look for
    return Scanner(name=NAME, reads=frozenset({OUTPUT}), hint=".", scan=scan)


def _forms(number: int, token: str) -> Iterator[tuple[str, str, str]]:
    kind, close = f"canary {number}", _APART.sub("", token).casefold()
    yield kind, "close", close
    yield f"{kind} reversed", "close", close[::-1]
    yield f"{kind} in hexadecimal", "close", token.encode().hex()
    data = token.encode()
    for shift in range(3):
        # the first and the last characters depend on what stands beside the token
        encoded = base64.b64encode(b"\0" * shift + data).decode().rstrip("=")
        yield f"{kind} in Base64", "", encoded[(0, 2, 3)[shift] : -1]


def is_long_enough(token: str) -> bool:
    """Whether a token is long enough not to be met by chance.

    >>> is_long_enough("blue-heron-7731"), is_long_enough("a-b-c-d")
    (True, False)
    """
    return len(_APART.sub("", token)) >= MIN_LENGTH
