from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.errors import StoreError
from monitoring_pipelines.store import schema, summaries
from monitoring_pipelines.store.summaries import SummaryKey
from monitoring_pipelines.summaries.moments import Moments
from tests.store.samples import MODEL, day

if TYPE_CHECKING:
    from monitoring_pipelines.store.database import Store

KEY = SummaryKey(model=MODEL, kind="table", window=day(1), fingerprint="f1")


def moments(n: int) -> Moments:
    return Moments(n, 0.1, 0.2, -1.0, 1.0)


def test_a_summary_comes_back(store: Store) -> None:
    with store.write() as connection:
        summaries.put(connection, KEY, moments(3), n_rows=3)
    with store.read() as connection:
        assert summaries.get(connection, KEY) == moments(3)


def test_the_newer_summary_takes_the_place_of_the_older(store: Store) -> None:
    for n in (3, 4):
        with store.write() as connection:
            summaries.put(connection, KEY, moments(n), n_rows=n)
    with store.read() as connection:
        assert summaries.get(connection, KEY) == moments(4)
        assert connection.scalars(sa.select(schema.summaries.c.n_rows)).all() == [4]


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, model="other"),
        replace(KEY, kind="labelled"),
        replace(KEY, window=day(2)),
        replace(KEY, window=Window(day(1).start, day(3).start)),
        replace(KEY, segment="country=DE"),
        replace(KEY, fingerprint="f2"),
    ],
)
def test_every_part_of_the_key_counts(store: Store, other: SummaryKey) -> None:
    with store.write() as connection:
        summaries.put(connection, KEY, moments(1), n_rows=1)
        assert summaries.get(connection, other) is None
        summaries.put(connection, other, moments(2), n_rows=2)
        assert summaries.get(connection, KEY) == moments(1)
        assert summaries.get(connection, other) == moments(2)


def test_many_windows_are_read_at_once_in_the_order_asked_for(store: Store) -> None:
    with store.write() as connection:
        for number in (1, 2, 4, 9):
            key = replace(KEY, window=day(number))
            summaries.put(connection, key, moments(number), n_rows=number)
    wanted = [day(4), day(3), day(1)]
    with store.read() as connection:
        found = summaries.get_many(connection, MODEL, "table", "f1", wanted)
        assert list(found.items()) == [(day(4), moments(4)), (day(1), moments(1))]
        assert summaries.get_many(connection, MODEL, "table", "f1", []) == {}


def test_a_local_window_finds_what_was_stored_under_it(store: Store) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    # two windows of the hour that the clocks repeat: equal on the wall, an hour apart in fact
    starts = [datetime(2026, 10, 25, 2, tzinfo=berlin, fold=fold) for fold in (0, 1)]
    end = datetime(2026, 10, 25, 3, tzinfo=berlin)
    first = Window(starts[0].astimezone(ZoneInfo("UTC")), starts[1].astimezone(ZoneInfo("UTC")))
    second = Window(starts[1].astimezone(ZoneInfo("UTC")), end)
    with store.write() as connection:
        for n, window in enumerate((first, second)):
            summaries.put(connection, replace(KEY, window=window), moments(n), n_rows=n)
    with store.read() as connection:
        found = summaries.get_many(connection, MODEL, "table", "f1", [first, second])
        assert found == {first: moments(0), second: moments(1)}


def test_a_damaged_payload_is_said(store: Store) -> None:
    with store.write() as connection:
        summaries.put(connection, KEY, moments(1), n_rows=1)
        connection.execute(sa.update(schema.summaries).values(payload=b"MPS1garbage"))
    with store.read() as connection, pytest.raises(StoreError, match="damaged"):
        summaries.get(connection, KEY)


def test_the_newest_window_and_what_was_stored_last(store: Store) -> None:
    with store.write() as connection:
        for number, hashed in ((1, "a"), (3, "a"), (2, "b")):
            key = replace(KEY, window=day(number), fingerprint=hashed)
            summaries.put(connection, key, moments(number), n_rows=number)
    with store.read() as connection:
        before_the_third = day(1).start, day(3).start
        found = summaries.newest_in(connection, MODEL, "table", before_the_third)
        assert found == (day(2), moments(2))
        assert summaries.newest_in(connection, MODEL, "table", None) == (day(2), moments(2))
        everything = day(1).start, day(9).start
        assert summaries.newest_in(connection, MODEL, "table", everything) == (day(3), moments(3))
        assert summaries.newest_in(connection, MODEL, "labelled", None) is None
