"""A run that is killed at any moment and run again: the same rows, one message."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from monitoring_pipelines.notify.slack import SlackNotifier
from monitoring_pipelines.pipeline.delivery import drain
from monitoring_pipelines.store.database import Store
from monitoring_pipelines.store.schema import results as table
from tests import postgres
from tests.cli.conftest import make
from tests.fake_slack import TOKEN, FakeSlack, without_proxy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

RUN = "from monitoring_pipelines.cli.main import console; console()"
# what may differ between two runs of the same windows
PASSING = {"run_id"}


def start(root: Path, url: str, slack: FakeSlack) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "MONITORING_DATABASE_URL": url,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_CHANNEL": "C0ALERTS",
        "SLACK_API_URL": slack.url,
    }
    command = [sys.executable, "-c", RUN, "--project", str(root), "run", "churn"]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def results(url: str) -> list[tuple[Any, ...]]:
    kept = [column for column in table.columns if column.name not in PASSING]
    with Store.open(url).read() as connection:
        return [tuple(row) for row in connection.execute(sa.select(*kept).order_by(*kept))]


def n_roots(slack: FakeSlack, after: int = 0) -> int:
    """Messages that are no answer in a thread, without the first `after`."""
    return sum("thread_ts" not in message for message in slack.messages[after:])


def deliver_after_the_lease(url: str, slack: FakeSlack) -> None:
    """Drain as the sensor does later: a message of a killed call is looked for, not repeated."""
    store = Store.open(url)
    notifiers = {"slack": SlackNotifier(TOKEN, slack.url, default_channel="C0ALERTS")}
    report = drain(store.engine, notifiers, datetime.now(UTC) + timedelta(minutes=2))
    assert report.waiting == report.dead == 0


@pytest.mark.slow
@pytest.mark.parametrize(("database", "steps"), [("sqlite", (1, 3, 5)), ("postgres", (2, 4, 6))])
def test_killed_and_run_again(
    database: str,
    steps: Iterable[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    without_proxy(monkeypatch)

    @contextmanager
    def fresh(root: Path) -> Iterator[str]:
        root.mkdir()
        make(root)
        if database == "sqlite":
            yield f"sqlite:///{root / 'monitoring.db'}"
            return
        with postgres.database(request.getfixturevalue("postgres_url")) as url:
            yield url

    with FakeSlack() as slack:
        with fresh(tmp_path / "whole") as url:
            began = time.monotonic()
            # the model fails on three days
            assert start(tmp_path / "whole", url, slack).wait() == 1
            lasted = time.monotonic() - began
            expected = results(url)
        assert n_roots(slack) == 1
        for step in steps:
            root, said = tmp_path / f"killed-{step}", len(slack.messages)
            with fresh(root) as url:
                process = start(root, url, slack)
                # most of the time is imports; what can be torn apart is in the last part
                time.sleep(lasted * (0.4 + 0.1 * step))
                process.send_signal(signal.SIGKILL)
                process.wait()
                assert start(root, url, slack).wait() == 1
                assert results(url) == expected, step
                deliver_after_the_lease(url, slack)
            assert n_roots(slack, said) == 1, step
            marks = [m["metadata"]["event_payload"]["idem"] for m in slack.messages[said:]]
            assert len(marks) == len(set(marks)), step
