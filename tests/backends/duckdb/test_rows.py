"""A window is a set: each id once, whatever the order of the rows."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.domain.window import Window
from tests.backends.duckdb.engine import log_of

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = Window(START, START + timedelta(days=1))


def kept(log: dict[str, list[Any]], window: Window | None = None) -> tuple[set[Any], int, int]:
    rows = select_rows(log_of(log, time="at"), window, "id")
    names = ", ".join(name for name in log if name != "at")
    found = rows.log.query(f"SELECT {names} FROM ({rows.statement})")
    return set(found), rows.n_rows, rows.n_duplicates


@pytest.mark.parametrize("seed", range(5))
def test_the_earliest_of_repeated_rows_is_kept_in_any_order(seed: int) -> None:
    rows = [
        (1, START + timedelta(hours=3), "late"),
        (1, START + timedelta(hours=1), "early"),
        (2, START, "only"),
        (2, START, "only"),
    ]
    random.Random(seed).shuffle(rows)
    ids, at, x = (list(column) for column in zip(*rows, strict=True))
    assert kept({"id": ids, "at": at, "x": x}) == ({(1, "early"), (2, "only")}, 2, 2)


@pytest.mark.parametrize("name", ["log", "row", "x"])
def test_of_rows_at_one_moment_the_same_one_is_kept_in_any_order(name: str) -> None:
    """Also if a column has the name of something in our own SQL."""
    found = []
    for seed in range(6):
        rows = [(1, START, 7, text) for text in ("a", "b", "c", "d")]
        random.Random(seed).shuffle(rows)
        ids, at, same, text = (list(column) for column in zip(*rows, strict=True))
        found.append(kept({"id": ids, "at": at, name: same, "text": text}))
    assert all(one == found[0] for one in found)
    assert found[0][1:] == (1, 3)


def test_rows_without_id_are_all_kept() -> None:
    log = {"id": [None, None, 1, 1], "at": [START] * 4}
    rows = select_rows(log_of(log, time="at"), None, "id")
    assert (rows.n_rows, rows.n_duplicates) == (3, 1)


def test_bounds_are_half_open() -> None:
    at = [DAY.start - timedelta(microseconds=1), DAY.start, DAY.end - timedelta(microseconds=1)]
    found, n, _ = kept({"id": [1, 2, 3, 4], "at": [*at, DAY.end]}, DAY)
    assert (found, n) == ({(2,), (3,)}, 2)


def test_text_with_offsets_is_ordered_by_time() -> None:
    """By the letters 00:30+00:00 would come before 01:00+02:00, which is earlier."""
    log = {
        "id": [1, 1],
        "at": ["2026-01-01T00:30:00+00:00", "2026-01-01T01:00:00+02:00"],
        "x": ["later", "earlier"],
    }
    assert kept(log)[0] == {(1, "earlier")}
