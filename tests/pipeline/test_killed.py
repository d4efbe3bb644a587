"""A run that is killed at any moment and run again: the same rows, one message."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.notify.slack import SlackNotifier
from monitoring_pipelines.pipeline.delivery import drain
from monitoring_pipelines.store.database import Store
from tests.cli.conftest import make
from tests.fake_slack import TOKEN, FakeSlack, without_proxy

if TYPE_CHECKING:
    from pathlib import Path

RUN = "from monitoring_pipelines.cli.main import console; console()"
# what may differ between two runs of the same windows
PASSING = {"run_id"}


def start(root: Path, slack: FakeSlack) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "MONITORING_DATABASE_URL": f"sqlite:///{root / 'monitoring.db'}",
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_CHANNEL": "C0ALERTS",
        "SLACK_API_URL": slack.url,
    }
    command = [sys.executable, "-c", RUN, "--project", str(root), "run", "churn"]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def results(root: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(root / "monitoring.db")) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(results)")]
        kept = ", ".join(f'"{name}"' for name in names if name not in PASSING)
        return connection.execute(f"SELECT {kept} FROM results ORDER BY {kept}").fetchall()


def n_roots(slack: FakeSlack, after: int = 0) -> int:
    """Messages that are no answer in a thread, without the first `after`."""
    return sum("thread_ts" not in message for message in slack.messages[after:])


def deliver_after_the_lease(root: Path, slack: FakeSlack) -> None:
    """Drain as the sensor does later: a message of a killed call is looked for, not repeated."""
    store = Store.open(f"sqlite:///{root / 'monitoring.db'}")
    notifiers = {"slack": SlackNotifier(TOKEN, slack.url, default_channel="C0ALERTS")}
    report = drain(store.engine, notifiers, datetime.now(UTC) + timedelta(minutes=2))
    assert report.waiting == report.dead == 0


@pytest.mark.slow
def test_killed_and_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_proxy(monkeypatch)
    with FakeSlack() as slack:
        whole = tmp_path / "whole"
        whole.mkdir()
        make(whole)
        began = time.monotonic()
        assert start(whole, slack).wait() == 1  # the model fails on three days
        lasted = time.monotonic() - began
        expected = results(whole)
        assert n_roots(slack) == 1
        for step in range(1, 7):
            root = tmp_path / f"killed-{step}"
            root.mkdir()
            make(root)
            said = len(slack.messages)
            process = start(root, slack)
            # most of the time is imports; what can be torn apart is in the last part
            time.sleep(lasted * (0.4 + 0.1 * step))
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert start(root, slack).wait() == 1
            assert results(root) == expected, step
            deliver_after_the_lease(root, slack)
            assert n_roots(slack, said) == 1, step
            marks = [m["metadata"]["event_payload"]["idem"] for m in slack.messages[said:]]
            assert len(marks) == len(set(marks)), step
