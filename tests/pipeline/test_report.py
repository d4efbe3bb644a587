"""What a page is made of is what is stored, and a file is written whole or not at all."""

from __future__ import annotations

import os
import stat
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.alerts.area import Area, area
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.pipeline.report import make_report, write_page
from monitoring_pipelines.store.results import read, replace
from tests.pipeline.lab import FIRST, LATER, Lab, declared, labels_of, rows
from tests.report.html import parsed
from tests.report.samples import result

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def ran(lab: Lab) -> Lab:
    """Four monitored days; the labels of the last two come after the moment of the run."""
    log = rows(n_days=6, per_day=200)
    lab.now = datetime(2026, 1, 7, tzinfo=UTC)
    lab.write(log, labels_of(log, timedelta(days=3)))
    lab.run(*(lab.day(number) for number in range(2, 6)))
    return lab


def test_values_are_those_of_the_store(ran: Lab) -> None:
    made = make_report(ran.model, ran.store, None, None, ran.now)
    content, root = made.content, parsed(made.page.html)
    with ran.store.read() as connection:
        stored = read(connection, model="credit")
    assert {c.window for c in content.judged} == {r.window for r in stored}
    assert sum(c.n for c in content.judged) == len(stored)
    auc = [r for r in stored if r.metric == "roc_auc" and not r.segment]
    told = root.table("roc_auc by window")
    for row, one in zip(told, reversed(auc), strict=True):
        assert row["window"] == f"{one.window.start:%Y-%m-%d}"
        assert float(row["value"]) == pytest.approx(one.value, abs=0.0006)
        assert row["status"] == one.status
    # days 3 and 4 have some labels by the 7th, 5 and 6 none: there the estimate counts
    assert told[0]["status"] == Status.ESTIMATED
    columns = {r.column for r in stored if area(r.metric) is Area.DRIFT and r.column}
    assert {row["column"] for row in root.table("Newest window, of each")} == columns
    volume = next(r for r in root.table("The whole window") if r["metric"] == "volume")
    assert volume["newest"] == "200"
    assert "4 windows may still change, until 2026-01-12 00:00" in root.one("incidents").text


def test_a_period_is_that_of_the_windows_that_start_in_it(ran: Lab) -> None:
    start, end = FIRST + timedelta(days=3), FIRST + timedelta(days=5)
    content = make_report(ran.model, ran.store, start, end, ran.now).content
    assert [window.start for window in content.due] == [start, start + timedelta(days=1)]
    assert {c.window for c in content.judged} == {window.utc for window in content.due}
    assert {r.window for r in content.newest} == {content.due[-1].utc}


@pytest.mark.parametrize(
    ("start", "says"),
    [
        (datetime(2030, 1, 1, tzinfo=UTC), "it is monitored from 2026-01-03."),
        (None, "has a stored result; `mlmon run credit` makes some."),
    ],
)
def test_no_window_is_one_sentence(lab: Lab, start: datetime | None, says: str) -> None:
    with pytest.raises(ConfigError, match="No window of 'credit'") as told:
        make_report(lab.model, lab.store, start, None, LATER)
    assert says in str(told.value)


def test_security_with_a_private_place_is_not_told(ran: Lab) -> None:
    found = result(0, model="credit", window=ran.day(5).utc, metric="sec_07_secrets", reason="key")
    with ran.store.write() as connection:
        replace(
            connection,
            [found],
            model="credit",
            window=found.window,
            metrics={found.metric},
            as_of=found.as_of,
        )
    assert "Security" in make_report(ran.model, ran.store, None, None, ran.now).page.html
    ran.config = declared(alerts={"security": ["email:ciso@example.org"]})
    made = make_report(ran.model, ran.store, None, None, ran.now)
    assert Area.SECURITY not in {card.area for card in made.page.health.cards}
    assert not [one for one in made.content.watched if one.signal.startswith("SEC-")]
    assert "have a private place" in made.page.html


def test_a_log_that_is_away_leaves_the_page(ran: Lab) -> None:
    (ran.root / "log.parquet").unlink()
    made = make_report(ran.model, ran.store, None, None, ran.now)
    assert made.content.watched_error or made.content.watched
    assert "log.parquet" in made.page.html


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    assert write_page("ä", path) == 2
    assert write_page("<p>", path) == 3
    assert path.read_bytes() == b"<p>"
    assert [*tmp_path.iterdir()] == [path]
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


def test_what_cannot_be_written_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "page.html"):
        with pytest.raises(ConfigError, match=r"cannot be written: .+\."):
            write_page("<p>", path)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.slow
def test_many_windows_and_columns_take_seconds_and_little_room(lab: Lab) -> None:
    columns = [f"feature_{n}" for n in range(40)]
    metrics = ("jensen_shannon", "psi", "hellinger", "l_infinity", "missing_rate", "unseen_rate")
    lab.config = declared(reference={"start": "2025-01-01", "end": "2026-01-01"}, labels=None)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    end = first + timedelta(days=90)
    due = lab.model.windows(None, end, LATER)
    with lab.store.write() as connection:
        for number, window in enumerate(due):
            shared = {"model": "credit", "window": window.utc, "as_of": window.utc.end}
            bad = {"verdict": Verdict.WARN} if number % 9 == 0 else {}
            found = [
                result(metric=metric, column=column, value=number / 90, **shared | bad)
                for metric in metrics
                for column in columns
            ]
            found += [result(metric=metric, **shared) for metric in ("volume", "staleness")]
            names = {*metrics, "volume", "staleness"}
            as_of = window.utc.end
            replace(
                connection, found, model="credit", window=window.utc, metrics=names, as_of=as_of
            )
    at = time.process_time()
    made = make_report(lab.model, lab.store, None, end, LATER)
    took = time.process_time() - at
    assert len(made.content.due) == 90
    assert len(made.page.html) < 500_000
    assert took < 5  # half a second on a machine of our own
    parsed(made.page.html)
