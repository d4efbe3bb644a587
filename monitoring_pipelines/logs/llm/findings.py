"""What an answer holds that it should not, by kind: found while its text is at hand, and not kept.

A kind is told as ``secrets.github_token`` or ``personal_data.iban``. A number with a wrong check
digit is told too, with a question mark: how many of them there are tells chance from truth.

Most answers hold nothing, and RE2 says so of thousands at once for a fiftieth of what Python's own
patterns cost one by one. So answers wait until there are enough of them; only those that match
a hint are scanned, for the kinds whose hint they match.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.security.recogniser import RECOGNISERS
from monitoring_pipelines.security.scanners.personal_data import PERSONAL_DATA, find_personal_data
from monitoring_pipelines.security.scanners.secrets import SECRETS
from monitoring_pipelines.security.secrets import RULES, find_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pyarrow as pa

    from monitoring_pipelines.logs.llm.records import Call

SCANNED = {scanner.name: scanner for scanner in (PERSONAL_DATA, SECRETS)}
MAX_DEPTH = 8
# characters of answers that may wait
ENOUGH = 4 << 20


@dataclass(slots=True)
class Answers:
    """Answers that wait to be looked through; after `tell` their text is forgotten."""

    _calls: list[Call] = field(default_factory=list, init=False)
    _chars: int = field(default=0, init=False)

    def add(self, call: Call) -> None:
        """Take a call, if it has an answer."""
        if call.answer_text is not None:
            self._calls.append(call)
            self._chars += len(call.answer_text)
            if self._chars > ENOUGH:
                self.tell()

    def tell(self) -> None:
        """Fill in `output_findings` of all that wait."""
        if self._calls:
            told = findings([call.answer_text or "" for call in self._calls])
            for call, kinds in zip(self._calls, told, strict=True):
                call.output_findings, call.answer_text = kinds, None
        self._calls, self._chars = [], 0


def spoken(answer: Any) -> str:
    """Every text of an answer, a line each, however its parts are nested.

    >>> spoken({"content": [{"text": "Hello."}]})
    'Hello.'
    """
    return "\n".join(_texts(answer))


def findings(texts: Sequence[str]) -> list[str]:
    """Kinds that each text holds, apart by blanks; "" if there is none.

    >>> findings(["Your IBAN is GB82 WEST 1234 5698 7654 32.", "Hello."])
    ['personal_data.iban', '']
    """
    import pyarrow as pa

    try:
        array = pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        # a lone surrogate, as Python's own writers leave it; no hint needs one
        array = pa.array([text.encode("utf-8", "replace") for text in texts], pa.large_string())
    found: list[set[str]] = [set() for _ in texts]
    for at, among in _hinted(array, PERSONAL_DATA.hint, RECOGNISERS.values()):
        found[at] |= {
            f"{PERSONAL_DATA.name}.{hit.kind}" for hit in find_personal_data(texts[at], among)
        }
    for at, rules in _hinted(array, SECRETS.hint, RULES):
        found[at] |= {f"{SECRETS.name}.{kind}" for kind, _ in find_secrets(texts[at], rules)}
    return [" ".join(sorted(kinds)) for kinds in found]


def _hinted(array: pa.Array, hint: str, parts: Iterable[Any]) -> Iterator[tuple[int, list[Any]]]:
    """Places of the texts that match `hint`, and those of the `parts` whose hint they match."""
    rows = _matching(array, hint)
    if rows:
        near = array.take(rows)
        among: list[list[Any]] = [[] for _ in rows]
        for part in parts:
            for at in _matching(near, part.hint):
                among[at].append(part)
        yield from zip(rows, among, strict=True)


def _matching(array: pa.Array, hint: str) -> list[int]:
    from pyarrow import compute

    found: list[int] = compute.indices_nonzero(
        compute.match_substring_regex(array, hint)
    ).to_pylist()
    return found


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < MAX_DEPTH and isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner, depth + 1)
    elif depth < MAX_DEPTH and isinstance(value, list):
        for inner in value:
            yield from _texts(inner, depth + 1)
