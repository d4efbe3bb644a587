"""What was deleted is told by a checkpoint, and the chain can be followed over it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.pipeline.evidence import Verification, verify, verify_since
from monitoring_pipelines.store import evidence, results, summaries
from monitoring_pipelines.store.pruning import old, oldest_open, prune
from monitoring_pipelines.store.summaries import SummaryKey
from monitoring_pipelines.summaries.moments import Moments
from tests.pipeline.test_evidence import change, head, put
from tests.store.samples import MODEL, day, result

if TYPE_CHECKING:
    from monitoring_pipelines.governance.chain import Head
    from monitoring_pipelines.store.database import Store

# windows of the days 1 and 2 have ended
BEFORE = datetime(2026, 3, 3, tzinfo=UTC)


def found(store: Store, *anchors: Head) -> Verification:
    with store.read() as connection:
        return verify(connection, anchors)


def pruned(store: Store, records: datetime | None = BEFORE, model: str = MODEL) -> Any:
    with store.write() as connection:
        return prune(
            connection, model, before=BEFORE, records_before=records, by="dpo", reason="too old"
        )


@pytest.fixture
def filled(store: Store) -> Store:
    """Records 1 to 4 of results, with an approval as record 2."""
    put(store, 1, result(window=day(1)))
    with store.write() as connection:
        evidence.append(connection, evidence.APPROVAL, MODEL, {"version": "v1"})
    for number in (2, 3):
        put(store, number, result(window=day(number)))
    return store


def test_results_go_and_the_chain_holds_and_fits_old_anchors(filled: Store) -> None:
    anchors = [head(filled)]
    with filled.read() as connection:
        anchors += [known for seq in (1, 2) if (known := evidence.at(connection, seq))]
        assert old(connection, MODEL, BEFORE, BEFORE) == (2, 0, (1, 3))
    done, checkpoint = pruned(filled)
    assert (done.results, done.records, checkpoint.seq) == (2, (1, 3), 5)
    verified = found(filled, *anchors, checkpoint)
    assert verified.holds, verified.sentence
    assert (verified.n_records, verified.n_rows) == (5, 1)
    assert "2 results, content of 2 records; last by record 5 (dpo, " in verified.sentence
    with filled.read() as connection:
        (record,) = evidence.of_kind(connection, evidence.CHECKPOINT)
        assert (record["reason"], record["removed"]["results"]) == ("too old", 2)
        assert evidence.of_kind(connection, evidence.APPROVAL)  # what people decided stays
        assert [r["window"][0][:10] for r in evidence.of_kind(connection, evidence.RESULTS)] == [
            "2026-03-03"
        ]
    # again there is nothing to do, and the next checkpoint tells of all
    assert pruned(filled)[0] == (0, 0, ())
    put(filled, 4, result(window=day(4)))
    assert found(filled, *anchors, checkpoint).holds


def test_results_may_go_alone(filled: Store) -> None:
    assert pruned(filled, None)[0].records == ()
    assert found(filled).holds
    put(filled, 1, result(window=day(1)))  # computed again
    assert found(filled).holds


def test_of_another_model_nothing_goes(filled: Store) -> None:
    assert pruned(filled, model="other")[0] == (0, 0, ())
    assert found(filled).n_rows == 3


@pytest.mark.parametrize(
    ("statement", "seq", "told"),
    [
        (
            "UPDATE evidence SET body = '' WHERE seq = 4",
            1,
            "3 records are empty, and the newest ch",
        ),
        ("UPDATE evidence SET body = '' WHERE seq = 2", 2, "was emptied, and is none of results"),
        ("UPDATE evidence SET body = '' WHERE seq = 5", 5, "was emptied, and is none of results"),
        ("DELETE FROM evidence WHERE seq = 1", 1, "record 1 is missing"),
        ("DELETE FROM evidence WHERE seq = 3", 3, "record 3 is missing"),
        ("UPDATE evidence SET hash = '00' WHERE seq = 1", 1, "one was replaced"),
        ("UPDATE evidence SET body = replace(body, 'dpo', 'me') WHERE seq = 5", 5, "was edited"),
    ],
)
def test_what_is_done_to_emptied_records_shows(
    filled: Store, statement: str, seq: int, told: str
) -> None:
    pruned(filled)
    change(filled, statement)
    broken = found(filled).broken
    assert broken is not None
    assert broken.seq == seq
    assert told in broken.reason


def test_an_emptied_record_whose_neighbour_is_empty_too_shows(filled: Store) -> None:
    put(filled, 1, result(window=day(1)))
    put(filled, 2, result(window=day(2)))
    pruned(filled)
    # no content of record 6 tells the hash of record 5, and the checkpoint does
    change(filled, "UPDATE evidence SET hash = 'ff' WHERE seq = 5")
    broken = found(filled).broken
    assert broken is not None
    assert "the newest checkpoint tells of 4, or of others" in broken.reason


def test_a_row_that_comes_back_is_told_as_deleted(filled: Store) -> None:
    with filled.engine.begin() as connection:
        first, *_ = results.stored_rows(connection)
    pruned(filled)
    with filled.engine.begin() as connection:
        connection.execute(results.TABLE.insert().values(first))
    assert "record 5 says that psi of credit_default" in found(filled).sentence


def test_what_is_new_is_followed_from_a_head_before_the_checkpoint(filled: Store) -> None:
    known = head(filled)
    pruned(filled)
    with filled.read() as connection:
        assert verify_since(connection, known) == (head(filled), None)


def test_summaries_of_windows_go_and_those_of_the_reference_stay(filled: Store) -> None:
    with filled.write() as connection:
        for kind in ("table", "reference_table", "binning"):
            key = SummaryKey(model=MODEL, kind=kind, window=day(1), fingerprint="f")
            summaries.put(connection, key, Moments(1, 0.0, 0.0, 0.0, 0.0), n_rows=1)
    assert pruned(filled)[0].summaries == 1


def test_no_incident_is_open(filled: Store) -> None:
    with filled.read() as connection:
        assert oldest_open(connection, MODEL) is None
