"""Whoever changes a stored number, or the chain, is found; real runs are not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from monitoring_pipelines.governance.chain import Head
from monitoring_pipelines.pipeline.evidence import Verification, verify, verify_since
from monitoring_pipelines.store import evidence, results
from monitoring_pipelines.store.retention import tidy
from tests.pipeline.lab import LATER, labels_of, rows
from tests.store.samples import AS_OF, MODEL, day, result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.store.database import Store
    from tests.pipeline.lab import Lab


def put(store: Store, number: int, *rows: Result, metrics: Sequence[str] = ("psi",)) -> None:
    with store.write() as connection:
        results.replace(
            connection, rows, model=MODEL, window=day(number), metrics=metrics, as_of=AS_OF
        )


@pytest.fixture
def filled(store: Store) -> Store:
    for number in (1, 2, 3):
        put(store, number, *(result(window=day(number), column=c, value=-0.0) for c in "abc"))
    return store


def change(store: Store, statement: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text(statement))


def found(store: Store, *anchors: Head, **options: Any) -> Verification:
    with store.read() as connection:
        return verify(connection, anchors, **options)


def head(store: Store) -> Head:
    with store.read() as connection:
        return evidence.head(connection)


def test_what_was_written_holds(filled: Store) -> None:
    put(filled, 1, result(column="a", value=0.7))  # again, with fewer rows
    put(filled, 2)  # and with none
    done = found(filled, head(filled))
    assert (done.holds, done.n_records, done.n_rows) == (True, 5, 4)
    assert done.sentence == (
        f"Records as they were written: 5; results that are theirs: 4. Head {head(filled)}."
    )


def test_a_part_may_replace_what_another_wrote(store: Store) -> None:
    put(store, 1, result(metric="psi"), result(metric="run"), metrics=["psi", "run"])
    put(store, 1, metrics=["run"])
    assert found(store).holds


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE results SET verdict = 'ok' WHERE \"column\" = 'b'", "record 1 knows other rows"),
        ("UPDATE results SET value = 1e-9 WHERE \"column\" = 'b'", "record 1 knows other rows"),
        ("UPDATE results SET reason = reason || '.'", "record 1 knows other rows"),
        ("DELETE FROM results WHERE \"column\" = 'c'", "record 1 knows other rows"),
        ("UPDATE results SET metric = 'auc'", "no record knows auc"),
        ("DELETE FROM results", "record 1 knows rows for psi of credit_default"),
    ],
)
def test_a_changed_result_is_found(filled: Store, statement: str, told: str) -> None:
    change(filled, statement)
    done = found(filled)
    assert not done.holds
    assert done.broken is None
    assert told in done.sentence
    assert found(filled, results=False).holds


def test_a_result_that_is_slipped_in_is_found(filled: Store) -> None:
    with filled.engine.begin() as connection:
        first, *_ = results.stored_rows(connection)  # all, so that the cursor is closed
        row = {**first, "metric": "roc_auc"}
        connection.execute(results.TABLE.insert().values(row))
    assert "no record knows roc_auc of credit_default" in found(filled).sentence


@pytest.mark.parametrize(
    ("statement", "seq", "told"),
    [
        ("UPDATE evidence SET body = replace(body, 'warn', 'ok') WHERE seq = 2", 2, "edited"),
        ("UPDATE evidence SET hash = upper(hash) WHERE seq = 2", 2, "was edited"),
        ("UPDATE evidence SET model = 'x' WHERE seq = 2", 2, "is filed under another"),
        ("DELETE FROM evidence WHERE seq = 2", 2, "record 2 is missing; record 3 comes next"),
        ("DELETE FROM evidence WHERE seq = 1", 1, "record 1 is missing"),
        ("UPDATE evidence SET seq = 9 WHERE seq = 3", 3, "record 3 is missing"),
    ],
)
def test_a_changed_record_is_found_and_named(
    filled: Store, statement: str, seq: int, told: str
) -> None:
    change(filled, statement)
    done = found(filled)
    assert done.broken is not None
    assert done.broken.seq == seq
    assert told in done.sentence


def test_swapped_records_are_found(filled: Store) -> None:
    for old, new in ((1, 0), (2, 1), (0, 2)):
        change(filled, f"UPDATE evidence SET seq = {new} WHERE seq = {old}")
    done = found(filled)
    assert done.broken is not None
    assert done.broken == (1, "record 1 holds the content of record 2")


def test_a_cut_tail_shows_by_its_results_and_by_an_anchor(filled: Store) -> None:
    anchor = head(filled)
    change(filled, "DELETE FROM evidence WHERE seq = 3")
    assert "no record knows psi" in found(filled).sentence
    change(filled, "DELETE FROM results WHERE window_start >= '2026-03-03'")
    assert found(filled).holds
    done = found(filled, anchor)
    assert done.broken is not None
    assert done.broken.seq == 3


def test_a_rewritten_chain_shows_by_an_anchor(filled: Store) -> None:
    anchor = head(filled)
    change(filled, "DELETE FROM evidence")
    change(filled, "DELETE FROM results")
    for number in (1, 2, 3):
        put(filled, number, result(window=day(number)))
    assert found(filled).holds
    done = found(filled, anchor)
    assert done.broken == (3, "record 3 is not the one of the anchor: it was rewritten")


def test_two_anchors_of_one_record_cannot_both_be_true(filled: Store) -> None:
    done = found(filled, head(filled), Head(3, "f" * 64))
    assert done.broken == (3, "record 3 has two different anchors")


def test_only_what_is_new_is_followed_from_a_known_head(filled: Store) -> None:
    known = head(filled)
    put(filled, 4, result(window=day(4)))
    with filled.read() as connection:
        assert verify_since(connection, known) == (head(filled), None)
        assert verify_since(connection, head(filled)) == (head(filled), None)
    change(filled, "UPDATE evidence SET body = replace(body, 'warn', 'ok') WHERE seq = 4")
    with filled.read() as connection:
        broken = verify_since(connection, known)[1]
        assert broken is not None
        assert broken.seq == 4
    change(filled, "DELETE FROM evidence WHERE seq >= 3")
    with filled.read() as connection:
        broken = verify_since(connection, known)[1]
        assert broken is not None
        assert broken.seq == 3


def test_real_runs_are_vouched_for_with_their_inputs(lab: Lab) -> None:
    log = rows()
    lab.write(log, labels_of(log, timedelta(days=1)))
    for _ in range(2):
        lab.run(lab.day(2), lab.day(3))
    done = found(lab.store)
    assert done.holds, done.sentence
    assert done.n_rows == len(lab.results(latest=False)) > 20
    with lab.store.read() as connection:
        records = evidence.of_kind(connection, evidence.RESULTS, "credit")
    # an estimate is made from the labels of the reference
    assert {*records[0]["inputs"]} == {"predictions", "labels"}
    assert {*records[-1]["inputs"]} == {"predictions", "labels"}
    assert all(len(record["config"]) == 1 for record in records)


def test_tidying_leaves_the_chain_alone(filled: Store) -> None:
    anchor = head(filled)
    with filled.write() as connection:
        tidy(connection, LATER)
    assert found(filled, anchor).holds
