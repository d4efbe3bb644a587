"""What was there before the chain is vouched for as it was found, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from monitoring_pipelines.pipeline.evidence import Verification, verify
from monitoring_pipelines.store import evidence, results
from monitoring_pipelines.store.adoption import adopt
from monitoring_pipelines.store.versions import VERSION_TABLE
from tests.pipeline.test_evidence import change, put
from tests.store.samples import day, result

if TYPE_CHECKING:
    from monitoring_pipelines.store.database import Store


def found(store: Store) -> Verification:
    with store.read() as connection:
        return verify(connection)


@pytest.fixture
def upgraded(store: Store) -> Store:
    """Three windows from before migration 0004, brought to this release."""
    for number in (1, 2, 3):
        put(store, number, *(result(window=day(number), column=c) for c in "ba"))
    change(store, "DELETE FROM evidence")
    change(store, f"UPDATE {VERSION_TABLE} SET version_num = '0004'")
    store.upgrade()
    return store


def test_they_are_told_as_what_they_are(upgraded: Store) -> None:
    done = found(upgraded)
    assert done.holds, done.sentence
    assert (done.n_records, done.n_rows, done.n_older) == (3, 6, 6)
    assert "results that are theirs: 0; results older than the chain, as record 3" in done.sentence
    put(upgraded, 2, result(window=day(2)))
    assert (found(upgraded).n_rows, found(upgraded).n_older) == (5, 4)


@pytest.mark.parametrize(
    "statement", ["UPDATE results SET value = 9", "DELETE FROM results WHERE \"column\" = 'a'"]
)
def test_from_then_on_a_change_shows(upgraded: Store, statement: str) -> None:
    change(upgraded, statement)
    assert "record 1 knows other rows" in found(upgraded).sentence


def test_nothing_is_adopted_once_all_results_have_records(upgraded: Store) -> None:
    put(upgraded, 4, result(window=day(4)))
    with upgraded.engine.begin() as connection:
        first, *_ = results.stored_rows(connection)
        connection.execute(results.TABLE.insert().values({**first, "metric": "roc_auc"}))
    for _ in range(2):
        change(upgraded, f"UPDATE {VERSION_TABLE} SET version_num = '0004'")
        upgraded.upgrade()
    with upgraded.write() as connection:
        assert adopt(connection) == 0
    assert "no record knows roc_auc" in found(upgraded).sentence


def test_a_later_record_of_older_results_is_a_break(upgraded: Store) -> None:
    put(upgraded, 4, result(window=day(4)))
    with upgraded.write() as connection:
        (record, *_) = evidence.of_kind(connection, evidence.OLDER)
        fields = {name: record[name] for name in ("window", "as_of", "rows")}
        evidence.append(connection, evidence.OLDER, record["model"], fields)
    broken = found(upgraded).broken
    assert broken is not None
    assert broken.seq == 5
    assert "record 4 before it is of a release that had none" in broken.reason


def test_a_new_database_has_nothing_older(store: Store) -> None:
    with store.write() as connection:
        assert adopt(connection) == 0
        assert connection.scalar(sa.select(sa.func.count()).select_from(evidence.evidence)) == 0
