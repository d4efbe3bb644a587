"""Two drainers at once, a Slack that fails, processes that die: nothing lost, nothing doubled."""

from __future__ import annotations

import contextlib
import random
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from monitoring_pipelines.alerts.message import Stage
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.notify.slack import SlackNotifier
from monitoring_pipelines.pipeline.delivery import drain
from monitoring_pipelines.store import engine as engines
from monitoring_pipelines.store import outbox
from monitoring_pipelines.store.outbox import Told
from tests.fake_slack import TOKEN
from tests.notify.messages import message

if TYPE_CHECKING:
    from tests.fake_slack import FakeSlack

HERE = "slack:C0ALERTS"
N_ALERTS = 450
STEPS = ((Op.OPEN, Stage.FIRING), (Op.UPDATE, Stage.FIRING), (Op.RESOLVE, Stage.RESOLVED))
N_DRAINERS = 2
FAULTS = [
    "reset_after", "reset_before", "late:fatal_error", "ok_html", "status:429", "status:503",
    "html", "error:service_unavailable", "late:internal_error",
]  # fmt: skip
# these end the drain of a channel for a quarter of an hour, so they are rare
REFUSALS = ["error:not_in_channel"]


class Crash(BaseException):
    """The process dies."""


class Dying(SlackNotifier):
    """A notifier whose process dies right before or right after some calls."""

    rng: random.Random
    share = 0.02
    crashes = 0

    def _maybe_die(self) -> None:
        if self.rng.random() < self.share:
            self.crashes += 1
            raise Crash

    def send(self, order: Any) -> Any:
        self._maybe_die()
        ref = super().send(order)
        self._maybe_die()
        return ref

    def find(self, order: Any, since: datetime) -> Any:
        self._maybe_die()
        ref = super().find(order, since)
        self._maybe_die()
        return ref


def own_engine(url: sa.URL) -> sa.Engine:
    """As of a process of its own; quick, since no power failure is tested."""
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url)
    engine = engines.create(url)
    sa.event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA synchronous = OFF"))
    return engine


@dataclass
class Chaos:
    """Alerts that come while two processes drain; time is a number that both share."""

    engine: sa.Engine
    fake: FakeSlack
    rng: random.Random
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 24, 12, tzinfo=UTC))

    def __post_init__(self) -> None:
        self.fake.clock = lambda: self.now
        self.fake.chance = self.fault
        self.fake.hang_s = 1.5
        self.notifiers = [Dying(TOKEN, self.fake.url, timeout_s=1.0) for _ in range(N_DRAINERS)]
        self.engines = [own_engine(self.engine.url) for _ in range(N_DRAINERS)]
        for number, notifier in enumerate(self.notifiers):
            notifier.rng = random.Random(number)

    def fault(self, method: str) -> str | None:
        """One of the faults in 30 % of the calls."""
        drawn = self.rng.random()
        if drawn >= 0.3:
            return None
        # a history that cannot be read is the one case in which an alert may come twice
        if drawn < 0.003 and method != "conversations.history":
            return self.rng.choice(REFUSALS)
        return "hang_after" if drawn > 0.298 else self.rng.choice(FAULTS)

    def queue(self, number: int, step: int) -> None:
        op, stage = STEPS[step]
        said = message(f"inc_{number:03}", stage=stage, what=f"step {step}.", before="")
        with self.engine.begin() as connection:
            told = Told(step + 1, op, said.to_json())
            outbox.enqueue(connection, said.incident, HERE, told, self.now)

    def drain(self) -> int:
        """Both drain at the same moment; how many messages wait after that."""

        def work(number: int) -> None:
            with contextlib.suppress(Crash):
                notifiers = {"slack": self.notifiers[number]}
                drain(self.engines[number], notifiers, self.now, budget_s=5, pace={})

        threads = [threading.Thread(target=work, args=(n,)) for n in range(N_DRAINERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with self.engine.connect() as connection:
            counts = outbox.counts(connection)
        assert "dead" not in counts
        return sum(counts.get(state, 0) for state in outbox.WAITING)


@pytest.mark.slow
def test_no_alert_is_lost_and_none_is_doubled(alert_engine: sa.Engine, fake: FakeSlack) -> None:
    """450 alerts, each opened, edited and resolved; 30 % of the calls fail and 4 % kill us."""
    rng = random.Random(20261124)
    chaos = Chaos(alert_engine, fake, rng)
    # each alert in its order, the alerts among each other in any
    numbers = rng.sample([n for n in range(N_ALERTS) for _ in STEPS], N_ALERTS * len(STEPS))
    come: Counter[int] = Counter()
    waiting = 1
    while numbers or waiting:
        for number in [numbers.pop() for _ in range(min(90, len(numbers)))]:
            chaos.queue(number, come[number])
            come[number] += 1
        chaos.now += rng.choice(
            [timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=20)]
        )
        waiting = chaos.drain()
    for engine in chaos.engines:
        engine.dispose()
    assert sum(notifier.crashes for notifier in chaos.notifiers) > 20
    said = Counter(shown["metadata"]["event_payload"]["idem"] for shown in fake.messages)
    assert said == {f"inc_{n:03}:{HERE}:open:1": 1 for n in range(N_ALERTS)}
    for shown in fake.messages:
        steps = [int(re.findall(r"step (\d)", text)[0]) for text in shown["versions"]]
        assert steps == sorted(steps)
        assert steps[-1] == 2
        assert shown["text"].startswith("[RESOLVED]")
