"""What an answer holds that it should not, by kind: found while its text is at hand, and not kept.

A kind is told as ``secrets.github_token`` or ``personal_data.iban``. A number with a wrong check
digit is told too, with a question mark: how many of them there are tells chance from truth.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.security.scanners.personal_data import PERSONAL_DATA
from monitoring_pipelines.security.scanners.secrets import SECRETS

if TYPE_CHECKING:
    from collections.abc import Iterator

SCANNED = {scanner.name: scanner for scanner in (PERSONAL_DATA, SECRETS)}
# secrets are looked for by single words first, which is faster than a pattern of them all
_HINT = re.compile(PERSONAL_DATA.hint)
MAX_DEPTH = 8


def findings(answer: Any) -> str:
    """Kinds that an answer holds, apart by blanks; "" if there is none.

    >>> findings([{"type": "text", "text": "Your IBAN is GB82 WEST 1234 5698 7654 32."}])
    'personal_data.iban'
    """
    text = "\n".join(_texts(answer))
    found = {
        f"{name}.{hit.kind}"
        for name, scanner in SCANNED.items()
        if scanner is not PERSONAL_DATA or _HINT.search(text)
        for hit in scanner.scan(text)
    }
    return " ".join(sorted(found))


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Every text of an answer, however its parts are nested."""
    if isinstance(value, str):
        yield value
    elif depth < MAX_DEPTH and isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner, depth + 1)
    elif depth < MAX_DEPTH and isinstance(value, list):
        for inner in value:
            yield from _texts(inner, depth + 1)
