"""The tamper tests: each change is found, and the first bad record is named."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.errors import EvidenceError
from monitoring_pipelines.governance.chain import (
    GENESIS,
    Break,
    Head,
    Key,
    Record,
    Verifier,
    canonical,
    digest,
    seal,
    verify,
)
from tests.governance.chains import chain

if TYPE_CHECKING:
    from collections.abc import Callable

KEY, OTHER = Key(b"0123456789abcdef"), Key(b"another secret of 30 bytes ...")
N = 10


def found(records: list[Record], *anchors: Head, keys: tuple[Key, ...] = ()) -> Break | None:
    verifier = Verifier(keys={key.id: key for key in keys}, anchors=dict(anchors))
    return verify(records, verifier)


def edited(record: Record, key: Key | None = None, **changes: Any) -> Record:
    """Another content with a hash that fits it, as somebody does who knows how."""
    body = canonical({**json.loads(record.body), **changes})
    return record._replace(body=body, hash=digest(body, key))


def test_the_hash_is_the_plain_one_of_the_text() -> None:
    (first, second) = chain(2)
    assert first.body == (
        '{"kind":"results","model":"churn","prev":"' + "0" * 64 + '","seq":1,"value":"of 1"}'
    )
    assert first.hash == hashlib.sha256(first.body.encode()).hexdigest()
    assert json.loads(second.body)["prev"] == first.hash
    (keyed,) = chain(1, KEY)
    assert keyed.hash == hmac.new(KEY.secret, keyed.body.encode(), "sha256").hexdigest()


@pytest.mark.parametrize("key", [None, KEY])
def test_a_chain_as_it_was_written_is_whole(key: Key | None) -> None:
    records = chain(N, key)
    anchors = [Head(r.seq, r.hash) for r in records]
    assert found(records, *anchors, keys=(key,) if key else ()) is None
    assert found([]) is None


def swapped(records: list[Record]) -> list[Record]:
    """Contents of records 4 and 5 in each other's place."""
    a, b = records[3], records[4]
    records[3], records[4] = b._replace(seq=4), a._replace(seq=5)
    return records


TAMPERED: dict[str, tuple[Callable[[list[Record]], list[Record]], int, str]] = {
    "edit": (
        lambda r: [*r[:3], r[3]._replace(body=r[3].body.replace("of 4", "of 9")), *r[4:]],
        4,
        "record 4 was edited: its hash does not fit its content",
    ),
    "no JSON": (
        lambda r: [*r[:3], r[3]._replace(body="{"), *r[4:]],
        4,
        "record 4 was edited: it is no JSON",
    ),
    "other spelling": (
        lambda r: [*r[:3], r[3]._replace(body=r[3].body.replace(":", ": ")), *r[4:]],
        4,
        "record 4 was edited: its hash does not fit its content",
    ),
    "edit with its hash": (
        lambda r: [*r[:3], edited(r[3], value="of 9"), *r[4:]],
        4,
        "record 5 does not follow record 4: one was replaced",
    ),
    "filed elsewhere": (
        lambda r: [*r[:3], r[3]._replace(model="other"), *r[4:]],
        4,
        "record 4 is filed under another model or kind than it tells",
    ),
    "delete": (lambda r: [*r[:3], *r[4:]], 4, "record 4 is missing; record 5 comes next"),
    "delete the first": (lambda r: r[1:], 1, "record 1 is missing; record 2 comes next"),
    "reorder": (swapped, 4, "record 4 holds the content of record 5"),
    "doubled": (lambda r: [*r[:4], r[3], *r[4:]], 5, "record 5 is missing; record 4 comes next"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_change_is_found_without_an_anchor(name: str) -> None:
    change, seq, reason = TAMPERED[name]
    assert found(change(chain(N))) == Break(seq, reason)


def test_a_cut_tail_shows_against_an_anchor_and_only_there() -> None:
    records = chain(N)
    last = Head(N, records[-1].hash)
    assert found(records[:7]) is None
    broken = found(records[:7], last)
    assert broken is not None
    assert broken.seq == 8
    assert "ends with record 7, and an anchor names record 10" in broken.reason
    assert found([], last) is not None


@pytest.mark.parametrize("first", [1, 4, N])
def test_a_rewrite_shows_against_an_anchor_and_only_there(first: int) -> None:
    records = chain(N)
    kept = records[: first - 1]
    after = Head(first - 1, kept[-1].hash if kept else GENESIS)
    forged = [*kept, *chain(N - first + 1, after=after, value="forged")]
    assert found(forged) is None
    anchors = [Head(r.seq, r.hash) for r in records]
    assert found(forged, *anchors) == Break(
        first, f"record {first} is not the one of the anchor: it was rewritten"
    )
    # one anchor at the end is enough to know that, though not where it begins
    broken = found(forged, anchors[-1])
    assert broken is not None
    assert broken.seq == N


def test_with_a_key_a_rewrite_shows_by_itself() -> None:
    records = chain(N, KEY)
    # who lacks the key cannot give an edited record its hash,
    broken = found([*records[:3], edited(records[3], value="x"), *records[4:]], keys=(KEY,))
    assert broken == Break(4, "record 4 was edited: its hash does not fit its content")
    # nor end the chain in a record without a key, whether he keeps what comes before or not
    after = Head(3, records[2].hash)
    for forged in ([*records[:3], *chain(7, after=after)], chain(N)):
        assert found(forged, keys=(KEY,)) is not None
    # nor with a key of his own
    broken = found(chain(N, OTHER), keys=(KEY,))
    assert broken is not None
    assert "which is not given" in broken.reason


def test_a_key_may_come_later_and_be_replaced() -> None:
    records = chain(3)
    records += chain(3, KEY, Head(3, records[-1].hash))
    records += chain(3, OTHER, Head(6, records[-1].hash))
    assert found(records, keys=(OTHER, KEY)) is None
    broken = found(records, keys=(OTHER,))
    assert broken is not None
    assert broken.seq == 4


def test_every_single_byte_counts() -> None:
    records = chain(3)
    for index in range(len(records[1].body)):
        body = records[1].body
        changed = body[:index] + chr(ord(body[index]) ^ 1) + body[index + 1 :]
        broken = found([records[0], records[1]._replace(body=changed), records[2]])
        assert broken is not None
        assert broken.seq == 2


def test_canonical_json_is_that_of_rfc_8785() -> None:
    # the strings of its section 3.2.2, and the order of names
    value = {"string": '€$\u000f\nA\'B"\\\\"/', "literals": [None, True, False], "a": {}}
    assert canonical(value) == (
        '{"a":{},"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@pytest.mark.parametrize("bad", [0.5, float("nan"), 2**53, b"x", {"é": 1}, {1: 2}, [{"a": 1.0}]])
def test_what_two_programs_may_write_differently_is_refused(bad: Any) -> None:
    with pytest.raises(TypeError):
        canonical(bad)


def test_the_chain_writes_its_own_fields() -> None:
    with pytest.raises(TypeError, match="itself writes"):
        seal({"kind": "results", "model": "m", "seq": 7}, Head(0, GENESIS))


@pytest.mark.parametrize(
    "text", ["", "7", "7:abc", "x:" + "0" * 64, "7:" + "G" * 64, "-1:" + GENESIS]
)
def test_a_wrong_anchor_is_one_sentence(text: str) -> None:
    with pytest.raises(EvidenceError, match="write NUMBER:HASH"):
        Head.parse(text)
    assert Head.parse(f" {Head(12, GENESIS)}\n") == Head(12, GENESIS)


def test_a_short_key_is_refused_and_none_is_shown() -> None:
    with pytest.raises(EvidenceError, match="at least 16"):
        Key(b"short")
    assert "0123456789abcdef" not in repr(KEY)
    assert KEY.id != OTHER.id


def test_a_hundred_thousand_records_are_verified_in_seconds() -> None:
    records = chain(100_000, inputs={"predictions": "f" * 64}, rows=[["psi", 20, "a" * 64]] * 6)
    began = time.perf_counter()
    assert found(records) is None
    assert time.perf_counter() - began < 10
