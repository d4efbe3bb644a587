r"""A chain of records: whoever holds a later hash sees any change of what came before.

Each record is canonical JSON (RFC 8785; it holds no fraction, so nothing depends on how a program
writes one) with its number and the hash of the record before. Its own hash is

.. math:: h_i = \mathrm{SHA256}(r_i), \qquad r_i \ni h_{i-1}

or HMAC-SHA256 with a key, which somebody who can write to the database but lacks the key cannot
make. Edits, gaps and swaps show by themselves. A cut tail and a chain that was written anew from
some record on show only against an *anchor*: a number and a hash that were kept elsewhere.

A record of results may be *emptied* once its rows were deleted: its number and hash stay, and a
later record, the checkpoint, has the number of all emptied ones and the hash of their heads. So
the chain can be followed over them, they fit old anchors, and one without a checkpoint shows.
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
EMPTIED = ""
# kinds that may be emptied: of the others people may need the content for as long as it matters
EMPTIABLE = frozenset({"results", "older"})


class Record(NamedTuple):
    """A record as it is stored: number, what it is filed under, canonical text, hash.

    The text of one that was emptied is "".
    """

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
class Emptied:
    """Records without content, in their order: how many, and the hash of their heads."""

    n: int = 0
    first: int = 0
    _lines: Any = field(default_factory=hashlib.sha256)

    def add(self, head: Head) -> None:
        """Count one more."""
        self.n, self.first = self.n + 1, self.first or head.seq
        self._lines.update(f"{head}\n".encode())

    @property
    def told(self) -> list[Any]:
        """What a checkpoint says of them."""
        return [self.n, self._lines.hexdigest()]


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
    emptied: Emptied = field(default_factory=Emptied)
    checkpoint: dict[str, Any] | None = None
    is_whole: bool = field(init=False)

    def __post_init__(self) -> None:
        # from within, what was emptied before is not seen
        self.is_whole = self.head.seq == 0

    def follow(self, record: Record) -> dict[str, Any] | Break:
        """Content of the next record, or why the chain ends before it; {} of an emptied one."""
        seq, follows = record.seq, self.head.seq + 1
        if seq != follows:
            return Break(follows, f"record {follows} is missing; record {seq} comes next")
        if record.body == EMPTIED:
            return self._over(record)
        fields = _content(record.body)
        if fields is None:
            return Break(seq, f"record {seq} was edited: it is no JSON")
        broken = self._place_of(record, fields) or self._seal_of(record, fields)
        if broken is None and fields.get("prev") != self.head.hash:
            first = max(self.head.seq, 1)
            broken = Break(
                first, f"record {seq} does not follow record {seq - 1}: one was replaced"
            )
        broken = broken or self._anchor_of(record)
        if broken is not None:
            return broken
        self.head = Head(seq, record.hash)
        if "emptied" in fields:
            self.checkpoint = fields
        return fields

    def _over(self, record: Record) -> dict[str, Any] | Break:
        """Pass an emptied record: the next one has its hash, and the checkpoint all of them."""
        if record.kind not in EMPTIABLE:
            return Break(record.seq, f"record {record.seq} was emptied, and is none of results")
        if broken := self._anchor_of(record):
            return broken
        self.head = Head(record.seq, record.hash)
        self.emptied.add(self.head)
        return {}

    def end(self) -> Break | None:
        """What is wrong with a chain that has no further record."""
        last = self.head.seq
        beyond = [seq for seq in self.anchors if seq > last]
        if beyond:
            told = f"the chain ends with record {last}, and an anchor names record {max(beyond)}"
            return Break(last + 1, f"record {last + 1} is missing: {told}")
        claim: list[Any] = self.checkpoint["emptied"] if self.checkpoint else Emptied().told
        if self.is_whole and self.emptied.told != claim:
            first = self.emptied.first or last
            return Break(
                first,
                f"from record {first} on {self.emptied.n:,} records are empty, and the newest "
                f"checkpoint tells of {claim[0]:,}, or of others",
            )
        if self.keys and last and not self.is_keyed:
            return Break(last, f"record {last} has no key, and this process was given one")
        return None

    def _anchor_of(self, record: Record) -> Break | None:
        if self.anchors.get(record.seq, record.hash) == record.hash:
            return None
        told = f"record {record.seq} is not the one of the anchor: it was rewritten"
        return Break(record.seq, told)

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
