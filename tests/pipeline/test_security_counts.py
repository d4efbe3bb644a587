"""Numbers of a window as far as its columns allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.domain.window import Cadence, window_of
from monitoring_pipelines.pipeline.security_counts import extremes, guarded, newcomers
from tests.backends.duckdb import test_extremes, test_guarded
from tests.backends.duckdb.test_texts import rows

if TYPE_CHECKING:
    from pathlib import Path

WEEK = test_extremes.pd.Timedelta(days=7)
WINDOW = window_of(test_extremes.DAY, Cadence.DAY, test_extremes.DAY.tz)


def test_what_the_columns_allow(tmp_path: Path) -> None:
    found = test_extremes.rows(tmp_path)
    assert extremes(found, WINDOW, {}, ((), ()), None) == {"gap": 840 * 60}
    roles = {"principal": "who", "cost": "cost", "status": "status", "sequence": "n"}
    assert extremes(found, WINDOW, roles | {"api_key": "key"}, ((), ("key",)), None) == {
        "gap": 840 * 60, "flood": 6, "missing_numbers": 1, "shared_key": 2,
        "calls": 4, "cost": 10, "denied": 2,
    }  # fmt: skip
    some = extremes(found, WINDOW, {"principal": "who"}, (("x", "n", "cost"), ()), None)
    # two users are too few to find one among them
    assert {"calls", "probing"} <= {*some}
    assert "suspects" not in some


def test_of_no_row_nothing_is_said(tmp_path: Path) -> None:
    empty = test_extremes.rows(tmp_path, test_extremes.FRAME.iloc[:0])
    assert extremes(empty, WINDOW, {"principal": "who"}, ((), ("x",)), None) == {}


def test_newcomers(tmp_path: Path) -> None:
    found = test_extremes.rows(tmp_path)
    since = (test_extremes.DAY - test_extremes.pd.Timedelta(days=30)).to_pydatetime()
    assert newcomers(found, WINDOW, {}, since) == {}
    # the log begins with this window: everybody would be new
    assert newcomers(found, WINDOW, {"principal": "who"}, since) == {}
    later = window_of(test_extremes.DAY + WEEK, Cadence.WEEK, test_extremes.DAY.tz)
    assert newcomers(found, later, {"principal": "who"}, since) == {"first_seen": 0}


def test_guardrails(tmp_path: Path) -> None:
    found = rows(tmp_path, test_guarded.FRAME)
    assert guarded(found, {}) == {}
    told = guarded(found, test_guarded.ROLES).get("guarded ")
    assert told is not None
    assert (told.n, told.counts) == (5, {"detected": 4, "answered": 1})
    assert np.isfinite(told.n)
