r"""A chain of records: whoever holds a later hash sees any change of what came before.

Each record is canonical JSON (RFC 8785; it holds no fraction, so nothing depends on how a program
writes one) with its number and the hash of the record before. Its own hash is

.. math:: h_i = \mathrm{SHA256}(r_i), \qquad r_i \ni h_{i-1}

or HMAC-SHA256 with a key, which somebody who can write to the database but lacks the key cannot
make. Edits, gaps and swaps show by themselves. A cut tail and a chain that was written anew from
some record on show only against an *anchor*: a number and a hash that were kept elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from monitoring_pipelines.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GENESIS = "0" * 64
HASH_LENGTH = len(GENESIS)
MIN_SECRET = 16
# a program that knows numbers as floats only, such as JavaScript, is exact up to here
MAX_INTEGER = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Key:
    """A secret that records are sealed with. Its `id` stands in them and tells nothing of it."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < MIN_SECRET:
            raise EvidenceError(
                f"An evidence key needs at least {MIN_SECRET} characters; "
                "`openssl rand -hex 32` makes one."
            )

    @property
    def id(self) -> str:
        """First 16 hexadecimal digits of HMAC-SHA256 of a fixed text."""
        return hmac.digest(self.secret, b"monitoring-pipelines evidence", "sha256").hex()[:16]


class Head(NamedTuple):
    """Number and hash of a record; kept elsewhere, it is an anchor."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read what `str` wrote; raises an `EvidenceError`.

        >>> Head.parse(f"7:{'ab' * 32}").seq
        7
        """
        number, _, digest = text.strip().partition(":")
        is_hash = len(digest) == HASH_LENGTH and not set(digest) - set("0123456789abcdef")
        if not number.isdecimal() or not is_hash:
            raise EvidenceError(
                f"'{text[:100]}' is no anchor; write NUMBER:HASH as a digest shows it."
            )
        return cls(int(number), digest)


START = Head(0, GENESIS)


class Record(NamedTuple):
    """A record as it is stored: number, what it is filed under, canonical text, hash."""

    seq: int
    kind: str
    model: str
    body: str
    hash: str


class Break(NamedTuple):
    """The first record that cannot be trusted, and why."""

    seq: int
    reason: str


def canonical(value: Any) -> str:
    """Write `value` as RFC 8785 does; fractions and integers above 2**53 - 1 are refused.

    >>> canonical({"b": [1, None], "a": "é"})
    '{"a":"é","b":[1,null]}'
    """
    _require_exact(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _require_exact(value: Any) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            if not (isinstance(name, str) and name.isascii()):
                msg = f"a name of a record is ASCII text: {name!r}"
                raise TypeError(msg)
            _require_exact(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _require_exact(inner)
    elif isinstance(value, int) and abs(value) > MAX_INTEGER:
        msg = f"a record holds no integer beyond 2**53 - 1: {value}"
        raise TypeError(msg)
    elif value is not None and not isinstance(value, str | int):
        msg = f"a record holds text, integers, lists and mappings: {value!r}"
        raise TypeError(msg)


def seal(fields: Mapping[str, Any], last: Head, key: Key | None = None) -> Record:
    """The record of `fields`, which have a `kind` and a `model`, that follows `last`."""
    own = {"seq": last.seq + 1, "prev": last.hash} | ({"key": key.id} if key else {})
    if taken := own.keys() & fields.keys():
        msg = f"the chain itself writes {sorted(taken)}"
        raise TypeError(msg)
    body = canonical({**fields, **own})
    return Record(last.seq + 1, fields["kind"], fields["model"], body, digest(body, key))


def digest(body: str, key: Key | None = None) -> str:
    """Hash of a record, 64 hexadecimal digits."""
    data = body.encode()
    if key is None:
        return hashlib.sha256(data).hexdigest()
    return hmac.digest(key.secret, data, "sha256").hex()


@dataclass(slots=True)
class Verifier:
    """Follows a chain record by record, from `head` on, until the first that breaks it.

    `keys` are those that records may be sealed with, the present one first; `anchors` are heads
    that were kept elsewhere. After a record with a key there is none without one, and with keys
    the newest record has one: otherwise the whole chain could be written anew without a key.
    """

    keys: Mapping[str, Key] = field(default_factory=dict)
    anchors: Mapping[int, str] = field(default_factory=dict)
    head: Head = START
    is_keyed: bool = False

    def follow(self, record: Record) -> dict[str, Any] | Break:
        """Content of the next record, or why the chain ends before it."""
        seq, follows = record.seq, self.head.seq + 1
        if seq != follows:
            return Break(follows, f"record {follows} is missing; record {seq} comes next")
        fields = _content(record.body)
        if fields is None:
            return Break(seq, f"record {seq} was edited: it is no JSON")
        broken = self._place_of(record, fields) or self._seal_of(record, fields)
        if broken is None and fields.get("prev") != self.head.hash:
            first = max(self.head.seq, 1)
            broken = Break(
                first, f"record {seq} does not follow record {seq - 1}: one was replaced"
            )
        if broken is None and self.anchors.get(seq, record.hash) != record.hash:
            broken = Break(seq, f"record {seq} is not the one of the anchor: it was rewritten")
        if broken is not None:
            return broken
        self.head = Head(seq, record.hash)
        return fields

    def end(self) -> Break | None:
        """What is wrong with a chain that has no further record."""
        last = self.head.seq
        beyond = [seq for seq in self.anchors if seq > last]
        if beyond:
            told = f"the chain ends with record {last}, and an anchor names record {max(beyond)}"
            return Break(last + 1, f"record {last + 1} is missing: {told}")
        if self.keys and last and not self.is_keyed:
            return Break(last, f"record {last} has no key, and this process was given one")
        return None

    def _place_of(self, record: Record, fields: Mapping[str, Any]) -> Break | None:
        seq = record.seq
        if fields.get("seq") != seq:
            return Break(seq, f"record {seq} holds the content of record {fields.get('seq')}")
        if (fields.get("kind"), fields.get("model")) != (record.kind, record.model):
            return Break(seq, f"record {seq} is filed under another model or kind than it tells")
        return None

    def _seal_of(self, record: Record, fields: Mapping[str, Any]) -> Break | None:
        seq, name, key = record.seq, fields.get("key"), None
        if name is not None:
            key = self.keys.get(str(name))
            if key is None:
                return Break(
                    seq, f"record {seq} is sealed with key {name!s:.16}, which is not given"
                )
            self.is_keyed = True
        elif self.is_keyed:
            return Break(seq, f"record {seq} has no key, and earlier ones have: it was replaced")
        if not hmac.compare_digest(digest(record.body, key), record.hash):
            return Break(seq, f"record {seq} was edited: its hash does not fit its content")
        return None


def verify(records: Iterable[Record], verifier: Verifier) -> Break | None:
    """The first record that breaks the chain; None if all is as it was written."""
    for record in records:
        found = verifier.follow(record)
        if isinstance(found, Break):
            return found
    return verifier.end()


def _content(body: str) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
