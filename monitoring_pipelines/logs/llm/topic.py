"""What a prompt is about, without its text: 64 numbers of its words, and words that many use.

A text becomes the sum of its words' directions (feature hashing with signs [1]_): each word stands
for one of 64 coordinates and a sign by its hash, so nothing is learnt or stored, and texts on one
subject lie closer together than others. The sum is scaled to a length of 127 and rounded. A word
counts once; words of less than four letters say little of a subject. Of scripts without blanks two
characters that follow each other count as a word.

Words in the clear are kept only as counts of an hour, and only those that at least ten users (or
sessions, or calls, if the log knows no users) had in what was read as one job (some 64 MB). A word
is taken from between blanks as a whole and has letters alone, so no part of an address, a number, a
link or a key is one.

References
----------
.. [1] K. Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009.
   doi:10.1145/1553374.1553516
"""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from unicodedata import category

from monitoring_pipelines.logs.llm.findings import findings
from monitoring_pipelines.logs.llm.records import Term
from monitoring_pipelines.logs.llm.script import script_of
from monitoring_pipelines.logs.llm.values import path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_pipelines.logs.llm.records import Call

DIMENSIONS = 64
LENGTH = 127
# what a person wants stands at the start; more would cost time and tell little
MAX_CHARS, MAX_WORDS = 2_000, 64
SHORTEST, LONGEST = 4, 24
# users, sessions or calls that must have a word before it is kept in the clear
MIN_CELL = 10
# different words of one reading: the rest is not counted
VOCABULARY = 50_000
_HOUR = 3_600_000_000
_DEPTH = 8
_PUNCTUATION = string.punctuation + "“”‘’«»„¿¡…–—"  # noqa: RUF001 - what stands around words
# Thai, Lao, Khmer, kana, Chinese characters: no blanks between words
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")
_PARTS = ("text", "content", "parts", "input_text")
_PEOPLE = {"user", "human"}
_PROMPTS = ("messages", "input", "prompt", "question", "query", "inputText")


def asked(given: Any) -> str | None:
    """Text of the last message of a person; of what has no messages, the whole text.

    >>> asked([{"role": "user", "content": "hello"}, {"role": "assistant", "content": "hi"}])
    'hello'
    """
    if isinstance(given, dict) and "role" not in given:
        inner = next((given[key] for key in _PROMPTS if given.get(key)), None)
        return None if inner is None else asked(inner)
    if isinstance(given, list):
        if given and isinstance(given[0], list):  # batches of messages, as LangChain keeps them
            return asked(given[0])
        for one in reversed(given):
            role = path(one, "role") or path(one, "type")
            if role in _PEOPLE and (text := " ".join(_texts(one))):
                return text[:MAX_CHARS]
        return None
    return " ".join(_texts(given))[:MAX_CHARS] or None


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Texts of a message; what a tool answered is none of a person's."""
    if isinstance(value, str):
        yield value[:MAX_CHARS]
    elif depth < _DEPTH and isinstance(value, list):
        for part in value:
            yield from _texts(part, depth + 1)
    elif depth < _DEPTH and isinstance(value, dict):
        for key in _PARTS:
            if key in value:
                yield from _texts(value[key], depth + 1)


def words(text: str) -> list[str]:
    """Different words of a text, at most `MAX_WORDS`, in their order.

    >>> words("My REFUND, please: order 7731 of jane@example.com is late. Refund!")
    ['refund', 'please', 'order', 'late']
    """
    text = text[:MAX_CHARS].lower()
    found: dict[str, None] = {}
    for raw in dict.fromkeys(text.split()):
        word = raw.strip(_PUNCTUATION)
        if SHORTEST <= len(word) <= LONGEST and _is_word(word):
            found[word] = None
            if len(found) == MAX_WORDS:
                return [*found]
    if not text.isascii():
        for run in _UNSPACED.findall(text):
            found.update((run[at : at + 2], None) for at in range(len(run) - 1))
    return [*found][:MAX_WORDS]


@lru_cache(1 << 16)
def _is_word(word: str) -> bool:
    if word.isascii():
        return word.isalpha()
    if _UNSPACED.search(word):
        return False
    return all(category(letter)[0] in "LM" for letter in word)


@lru_cache(1 << 16)
def _place(word: str) -> tuple[int, int]:
    """Coordinate and sign of a word."""
    number = int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=4).digest())
    return number % DIMENSIONS, 1 if number >> 31 else -1


def topic(found: list[str]) -> list[int] | None:
    """Vector of different words, shape (64,), whole numbers from -127 to 127; None of no words."""
    sums = [0] * DIMENSIONS
    for word in found:
        at, sign = _place(word)
        sums[at] += sign
    length = math.sqrt(sum(value * value for value in sums))
    # many of the sums are equal
    scaled = {value: round(LENGTH * value / length) for value in {*sums}} if length else {}
    return [scaled[value] for value in sums] if length else None


@dataclass(slots=True)
class Topics:
    """Takes topics and scripts, and counts the words of the first call of each user in an hour."""

    _users: dict[str, set[str]] = field(default_factory=dict, init=False)
    _counts: dict[tuple[str, int], Counter[str]] = field(default_factory=dict, init=False)
    _begun: set[tuple[str, int, str]] = field(default_factory=set, init=False)

    def take(self, calls: list[Call], file: str) -> None:
        """Give each call its topic and script, and forget what was asked."""
        for call in calls:
            text, call.asked = call.asked, None
            if text:
                found = words(text)
                call.topic, call.script = topic(found), script_of(text)
                if call.topic is not None and call.timestamp is not None:
                    self._count(call, file, call.timestamp // _HOUR, found)

    def _count(self, call: Call, file: str, hour: int, found: list[str]) -> None:
        user = call.end_user or call.session_id or call.trace_id or call.id
        if (file, hour, user) in self._begun:
            return
        self._begun.add((file, hour, user))
        known = [""]
        for word in found:
            users = self._users.get(word)
            if users is None:
                if len(self._users) >= VOCABULARY:
                    continue
                users = self._users[word] = set()
            if len(users) < MIN_CELL:
                users.add(user)
            known.append(word)
        self._counts.setdefault((file, hour), Counter()).update(known)

    def terms(self) -> Iterator[Term]:
        """Counts of the words that enough users have; under "" the number of users."""
        words = sorted(word for word, users in self._users.items() if len(users) >= MIN_CELL)
        kept = {word for word, kinds in zip(words, findings(words), strict=True) if not kinds}
        kept.add("")
        for (file, hour), counts in self._counts.items():
            for word, n in counts.items():
                if word in kept:
                    yield Term(hour * _HOUR, word, n, source_file=file)
