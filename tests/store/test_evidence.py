"""The chain as it is stored, on both databases, by one writer and by many."""

from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.governance.chain import START, Head, Key, Verifier, verify
from monitoring_pipelines.store import evidence, results
from monitoring_pipelines.store.database import Store
from tests.store.samples import AS_OF, MODEL, day, result

if TYPE_CHECKING:
    from typing import Any

    from monitoring_pipelines.governance.chain import Record

KEY = Key(b"0123456789abcdef")
SPAWN = multiprocessing.get_context("spawn")
WRITERS, TURNS = 4, 25


def chain(store: Store) -> list[Record]:
    with store.read() as connection:
        return [*evidence.records(connection)]


def contents(store: Store) -> list[dict[str, Any]]:
    return [json.loads(record.body) for record in chain(store)]


def put(store: Store, *columns: str, **more: Any) -> None:
    rows = [result(column=column, **more) for column in columns]
    with store.write() as connection:
        results.replace(
            connection, rows, model=MODEL, window=day(1), metrics=["psi", "run"], as_of=AS_OF
        )


def test_stored_results_are_vouched_for_in_the_same_transaction(store: Store) -> None:
    put(store, "a", "b")
    (record,) = contents(store)
    assert (record["kind"], record["model"]) == ("results", MODEL)
    assert record["window"] == ["2026-03-01T00:00:00.000000Z", "2026-03-02T00:00:00.000000Z"]
    assert record["as_of"] == "2026-03-10T08:00:00.000000Z"
    ((metric, n, _),) = record["rows"]
    assert (metric, n) == ("psi", 2)
    assert record["verdicts"] == {"warn": 2}
    told = {name: record[name] for name in ("config", "code", "run", "versions")}
    assert told == {"config": ["abc"], "code": ["1.0"], "run": ["r1"], "versions": ["v7"]}
    # segments hold values of the data, and a record is never erased
    assert "country" not in json.dumps(record)

    def interrupted() -> None:
        with store.write() as connection:
            results.replace(
                connection, [result()], model=MODEL, window=day(1), metrics=["psi"], as_of=AS_OF
            )
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(chain(store)) == 1


def test_rows_that_go_are_recorded_and_nothing_is_not(store: Store) -> None:
    put(store)
    assert chain(store) == []
    put(store, "a", metric="run")
    put(store, "b")
    (_, second) = contents(store)
    assert [(metric, n) for metric, n, _ in second["rows"]] == [("psi", 1), ("run", 0)]
    put(store)
    assert [(m, n) for m, n, _ in contents(store)[-1]["rows"]] == [("psi", 0)]


def test_records_are_found_and_follow_each_other(store: Store) -> None:
    with store.write() as connection:
        first = evidence.append(connection, evidence.APPROVAL, "a", {"who": "ana"})
        evidence.append(connection, evidence.APPROVAL, "b", {"who": "bo"})
        last = evidence.append(connection, evidence.APPROVAL, "a", {"who": "cy\x00"})
    with store.read() as connection:
        assert evidence.head(connection) == last
        assert evidence.at(connection, 1) == first
        assert evidence.at(connection, 9) is None
        found = evidence.of_kind(connection, evidence.APPROVAL, "a")
        assert [record["who"] for record in found] == ["ana", "cy\u2400"]
        assert len(evidence.of_kind(connection, evidence.APPROVAL)) == 3
        newest = evidence.newest(connection, evidence.APPROVAL, "b")
        assert newest is not None
        assert newest["who"] == "bo"
        assert evidence.newest(connection, evidence.CARD, "b") is None
        assert [r.seq for r in evidence.records(connection, after=1)] == [2, 3]


def test_an_empty_chain_has_a_head_too(store: Store) -> None:
    with store.read() as connection:
        assert evidence.head(connection) == START


def test_more_records_than_a_page_are_read_once_and_in_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "PAGE", 3)
    with store.write() as connection:
        for n in range(6):
            evidence.append(connection, evidence.CARD, "a", {"n": n})
    assert [record.seq for record in chain(store)] == [1, 2, 3, 4, 5, 6]
    assert verify(chain(store), Verifier()) is None


def test_a_key_of_the_store_seals(database_url: str) -> None:
    put(Store.open(database_url), "a")
    old = Key(b"fedcba9876543210")
    put(Store.open(database_url, keys=[old]), "a")
    store = Store.open(database_url, keys=[KEY, old])
    put(store, "a")
    assert [content.get("key") for content in contents(store)] == [None, old.id, KEY.id]
    with store.read() as connection:
        keys = evidence.keys_of(connection)
    assert verify(chain(store), Verifier(keys=keys)) is None
    assert verify(chain(store), Verifier(keys={KEY.id: KEY})) is not None


def write(url: str, worker: int) -> list[Head]:
    store, heads = Store.open(url), []
    for turn in range(TURNS):
        with store.write() as connection:
            results.replace(
                connection,
                [result(model=f"m{worker}", value=float(turn))],
                model=f"m{worker}",
                window=day(1),
                metrics=["psi"],
                as_of=AS_OF,
            )
            heads.append(evidence.head(connection))
    return heads


def test_writers_at_once_keep_one_chain(database_url: str) -> None:
    with ProcessPoolExecutor(WRITERS, mp_context=SPAWN) as pool:
        heads = [*pool.map(write, [database_url] * WRITERS, range(WRITERS))]
    found = chain(Store.open(database_url))
    assert len(found) == WRITERS * TURNS
    anchors = dict(head for of_one in heads for head in of_one)
    assert len(anchors) == WRITERS * TURNS  # each saw its own record as the newest
    assert verify(found, Verifier(anchors=anchors)) is None
    # they did write in turns, and not one after the other
    models = [record.model for record in found]
    assert models != sorted(models)
