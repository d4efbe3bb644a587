"""The real thing on SQLite and on Postgres: webserver, daemon, schedule, sensors, and a browser."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.orchestration.schedules import schedule_name
from tests import postgres
from tests.browser import opened
from tests.dagster_dev import LOOK_S, RUN_S, Dev, selector, serve
from tests.dagster_project import CHECKOUT, attributes, copy_checkout, write_labels, write_log
from tests.fake_slack import TOKEN, FakeSlack, without_proxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

PARTS = (
    "predictions", "quality", "drift", "estimated_performance", "performance", "security",
    "governance",
)  # fmt: skip
SENSORS = ("recompute_as_labels_come", "deliver_alerts")
# days of the log: the first ten are the reference, and the last whole one was yesterday
REFERENCE, LAST_RUN, YESTERDAY = 10, 16, 17
BROKEN = (15, 16, 17, 18)  # half of the amounts are missing: an incident
BROKEN_SAYS = "amount 150 of 300 rows (50.00%)"
LABELLED = 15  # so many days have labels when the daemon starts
# scores are uniform, and labels drawn with the score's probability: positives have the density 2x,
# negatives 2(1 - x), and a positive is above a negative with probability ∫ 2x (2x - x²) dx
AUC = 5 / 6
AUC_ERROR = 0.1  # four standard errors at 300 rows

DEFINED = """query ($of: RepositorySelector!) {repositoryOrError(repositorySelector: $of) {
  ... on Repository {
    schedules {name scheduleState {id status}}
    sensors {name sensorState {status}}
    assetNodes {assetKey {path} groupName owners {... on TeamAssetOwner {team}}
      assetChecksOrError {... on AssetChecks {checks {name}}}}
}}}"""
MATERIALIZED = """query ($asset: AssetKeyInput!) {assetOrError(assetKey: $asset) {
  ... on Asset {assetMaterializations(limit: 100) {partition runId metadataEntries {
    label ... on FloatMetadataEntry {floatValue}}}}}}"""
ACTIVE = """{runsOrError(filter: {statuses: [QUEUED, NOT_STARTED, STARTING, STARTED]}) {
  ... on Runs {results {runId}}}}"""
STOP = """mutation ($id: String!) {stopRunningSchedule(id: $id) {
  ... on ScheduleStateResult {scheduleState {status}}}}"""
START = """mutation ($of: ScheduleSelector!) {startSchedule(scheduleSelector: $of) {
  ... on ScheduleStateResult {scheduleState {status}}}}"""
HEALTH = """{instance {daemonHealth {allDaemonStatuses {
  daemonType required healthy lastHeartbeatErrors {message causes {message}}}}}}"""


@dataclass(frozen=True)
class Running:
    """A project that is served, after a run over seven days while Slack was away.

    Its schedule is off for now, so that no other run interferes.
    """

    dev: Dev
    slack: FakeSlack
    first: date
    schedule: str
    at_start: dict[str, Any] = field(default_factory=dict)

    def day(self, number: int) -> str:
        """Partition key of a day of the log."""
        return (self.first + timedelta(days=number)).isoformat()

    def defined(self) -> dict[str, Any]:
        found: dict[str, Any] = self.dev.ask(DEFINED, of=selector())["repositoryOrError"]
        return found

    def materialized(self, part: str) -> list[dict[str, Any]]:
        """Materializations, newest first."""
        answer = self.dev.ask(MATERIALIZED, asset={"path": ["fraud", part]})
        found: list[dict[str, Any]] = answer["assetOrError"]["assetMaterializations"]
        return found

    def number(self, part: str, day: str, name: str) -> float | None:
        """Number of the newest materialization of a day."""
        newest = next(m for m in self.materialized(part) if m["partition"] == day)
        values = {e["label"]: e.get("floatValue") for e in newest["metadataEntries"]}
        return values.get(name)

    def look_now(self, sensor: str) -> None:
        """Let the sensor's interval be over: put its last tick back."""
        first = f"the first look of {sensor}"
        self.dev.until(first, lambda: self.dev.ticks("sensor", sensor), LOOK_S)
        with dg.DagsterInstance.from_config(str(self.dev.home)) as instance:
            (state,) = (s for s in instance.all_instigator_state() if s.instigator_name == sensor)
            past = state.instigator_data._replace(
                last_tick_timestamp=1.0, last_tick_start_timestamp=1.0
            )
            instance.update_instigator_state(state.with_data(past))

    def look(self, sensor: str) -> dict[str, Any]:
        """Tick of a look that begins now."""
        before = {tick["timestamp"] for tick in self.dev.ticks("sensor", sensor)}
        self.look_now(sensor)

        def next_tick() -> dict[str, Any] | None:
            ticks = self.dev.ticks("sensor", sensor)
            return next((tick for tick in ticks if tick["timestamp"] not in before), None)

        return self.dev.until(f"a look of {sensor}", next_tick, LOOK_S)

    def stop_schedule(self) -> None:
        """Switch the schedule off and wait for what it may have started."""
        schedules = {s["name"]: s["scheduleState"]["id"] for s in self.defined()["schedules"]}
        self.dev.ask(STOP, id=schedules[self.schedule])
        self.dev.until(
            "the end of all runs",
            lambda: not self.dev.ask(ACTIVE)["runsOrError"]["results"],
            RUN_S,
        )

    def start_schedule(self) -> None:
        self.dev.ask(START, of=selector(scheduleName=self.schedule))


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def storage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, dict[str, str]]]:
    """Dagster's home, and where both databases are."""
    home = tmp_path_factory.mktemp(f"home_{request.param}")
    shutil.copy(CHECKOUT / "deploy" / request.param / "dagster.yaml", home)
    if request.param == "sqlite":
        yield home, {}
        return
    server = request.getfixturevalue("postgres_url")
    with postgres.database(server) as dagster, postgres.database(server) as monitoring:
        url = dagster.replace("postgresql://", "postgresql+psycopg2://", 1)
        yield home, {"DAGSTER_POSTGRES_URL": url, "MONITORING_DATABASE_URL": monitoring}


@pytest.fixture(scope="module")
def running(
    storage: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    home, databases = storage
    now = datetime.now(UTC)
    first = now.date() - timedelta(days=YESTERDAY + 1)
    model = attributes(
        reference={
            "start": first.isoformat(),
            "end": (first + timedelta(days=REFERENCE)).isoformat(),
        },
        end=None,
        schedule="* * * * *",
    )
    # older than five days is final, and no window becomes so before another twelve hours
    model["labels"]["maturity"] = f"{5 * 24 + (now.hour + 12) % 24}h"
    root = copy_checkout(tmp_path_factory.mktemp("checkout"), model)
    write_log(root, broken=BROKEN, first=first)
    write_labels(root, days=LABELLED)
    environment = {**databases, "SLACK_BOT_TOKEN": TOKEN, "SLACK_CHANNEL": "C0ALERTS"}
    with pytest.MonkeyPatch.context() as patch, FakeSlack() as slack:
        without_proxy(patch)
        for name, value in databases.items():
            patch.setenv(name, value)
        with serve(root, home, SLACK_API_URL=slack.url, **environment) as dev:
            found = Running(dev, slack, first, schedule_name(ModelConfig.model_validate(model)))
            found.at_start.update(found.defined())
            found.stop_schedule()
            slack.chance = lambda method: "status:429"
            run = dev.launch(
                "__ASSET_JOB",
                [["fraud", part] for part in PARTS],
                **{
                    "dagster/asset_partition_range_start": found.day(REFERENCE),
                    "dagster/asset_partition_range_end": found.day(LAST_RUN),
                },
            )
            dev.succeeded(run)
            found.look_now("recompute_as_labels_come")
            yield found


def test_everything_is_defined_and_on(running: Running) -> None:
    found = running.at_start
    nodes = {
        node["assetKey"]["path"][-1]: node
        for node in found["assetNodes"]
        if node["groupName"] == "fraud"
    }
    assert set(nodes) == {*PARTS, "labels"}
    assert nodes["quality"]["owners"] == [{"team": "risk"}]
    checks = {part: nodes[part]["assetChecksOrError"]["checks"] for part in PARTS}
    assert {check["name"] for check in checks["performance"]} == {"performance", "label_coverage"}
    assert "missing_rate" in {check["name"] for check in checks["quality"]}
    states = {s["name"]: s["scheduleState"]["status"] for s in found["schedules"]}
    states |= {s["name"]: s["sensorState"]["status"] for s in found["sensors"]}
    assert {running.schedule, "watch_labels", *SENSORS} <= set(states)
    assert set(states.values()) == {"RUNNING"}


def test_a_range_is_judged_day_by_day(running: Running) -> None:
    days = {running.day(number) for number in range(REFERENCE, LAST_RUN + 1)}
    for part in PARTS:
        assert days <= {m["partition"] for m in running.materialized(part)}
    broken = running.day(LAST_RUN)
    assert running.number("quality", broken, "missing_rate (worst column)") == 0.5
    assert running.number("quality", running.day(BROKEN[0] - 1), "verdicts fail") == 0.0
    auc = running.number("performance", running.day(REFERENCE), "roc_auc")
    assert auc == pytest.approx(AUC, abs=AUC_ERROR)
    assert running.number("performance", broken, "roc_auc") is None


def test_a_message_is_delivered_once_slack_is_back(running: Running) -> None:
    running.stop_schedule()  # a run says what it can at its end; here it is the sensor
    assert running.slack.messages == []

    def red() -> bool:
        running.look("deliver_alerts")
        return "1 call(s) failed" in str(running.dev.ticks("sensor", "deliver_alerts"))

    running.dev.until("a red look", red, LOOK_S)
    running.slack.chance = lambda method: None

    def sent() -> bool:
        running.look("deliver_alerts")
        said = [str(tick["skipReason"]) for tick in running.dev.ticks("sensor", "deliver_alerts")]
        return any(re.fullmatch(r"[1-9] message\(s\) sent", reason) for reason in said)

    running.dev.until("the message", sent, LOOK_S)
    (message,) = (m for m in running.slack.messages if "thread_ts" not in m)
    assert message["channel"] == "C0ALERTS"
    assert "fraud" in message["text"]
    running.start_schedule()


def test_a_person_sees_it_in_the_browser(running: Running, tmp_path: Path) -> None:
    day = running.day(REFERENCE)
    with opened(running.dev.url, tmp_path) as screen:
        screen.goto("/locations/__repository__@monitoring/asset-groups/fraud/lineage")
        screen.shows(*PARTS, "labels", "3 / 3 Passed", "5 / 6 Passed")
        screen.picture("graph")
        screen.goto("/assets/fraud/quality?view=checks&checkDetail=missing_rate")
        screen.shows("missing_rate", "Failed", "verdict", "fail", "duplicate_rate", "Succeeded")
        screen.tells(BROKEN_SAYS)
        screen.picture("checks")
        screen.goto(f"/assets/fraud/performance?view=partitions&partition={day}")
        screen.shows(day, "Materialized", "roc_auc")
        screen.tells(str(running.number("performance", day, "roc_auc"))[:8])
        screen.picture("partitions")
        screen.press("[Show Markdown]")
        screen.shows("metric", "reason", "✓ ok")
        screen.picture("verdicts")
        screen.goto("/assets/fraud/performance?view=overview")
        screen.shows("risk", "Scikit Learn", "recompute_as_labels_come")
        screen.press("Plots")
        screen.shows("roc_auc", "label_coverage")
        screen.draws()
        screen.picture("plots")
        screen.goto("/automation")
        screen.shows(running.schedule, "watch_labels", "deliver_alerts")
        screen.tells("Every minute")
        screen.picture("automation")


def test_labels_that_come_are_counted_where_they_belong(running: Running) -> None:
    days = [running.day(number) for number in range(REFERENCE, LAST_RUN + 1)]
    late = running.day(LABELLED)
    assert running.number("performance", late, "roc_auc") is None

    def times() -> list[int]:
        found = [m["partition"] for m in running.materialized("performance")]
        return [found.count(day) for day in days]

    before, sensor = times(), "recompute_as_labels_come"
    # a look has passed since the run, as one does every five minutes
    running.dev.until(sensor, lambda: len(running.dev.ticks("sensor", sensor)) > 1, LOOK_S)
    write_labels(running.dev.root, days=LABELLED + 1)
    running.dev.succeeded(running.dev.launch("watch_labels"))
    tick = running.look(sensor)
    assert tick["status"] == "SUCCESS", tick
    (asked,) = tick["requestedMaterializationsForAssets"]
    assert asked == {"assetKey": {"path": ["fraud", "performance"]}, "partitionKeys": [late]}
    running.dev.until("its performance", lambda: times() != before, RUN_S)
    assert times() == [n + (day == late) for n, day in zip(before, days, strict=True)]
    auc = running.number("performance", late, "roc_auc")
    assert auc == pytest.approx(AUC, abs=AUC_ERROR)


def test_the_schedule_asks_for_yesterday(running: Running) -> None:
    running.start_schedule()

    def ticked() -> dict[str, Any] | None:
        return next(iter(running.dev.ticks("schedule", running.schedule)), None)

    tick = running.dev.until("a tick of the schedule", ticked, LOOK_S)
    assert (tick["status"], tick["error"]) == ("SUCCESS", None)
    running.dev.succeeded(tick["runIds"][-1])
    # unless midnight has passed meanwhile
    days = {running.day(YESTERDAY), running.day(YESTERDAY + 1)}
    assert days & {m["partition"] for m in running.materialized("quality")}
    running.stop_schedule()


def test_no_daemon_reports_errors(running: Running) -> None:
    statuses = running.dev.ask(HEALTH)["instance"]["daemonHealth"]["allDaemonStatuses"]
    required = {status["daemonType"] for status in statuses if status["required"]}
    assert {"SCHEDULER", "SENSOR", "ASSET", "QUEUED_RUN_COORDINATOR"} <= required
    assert [s for s in statuses if s["required"] and not s["healthy"]] == []
    errors = [error for status in statuses for error in status["lastHeartbeatErrors"]]
    # while Slack is away the delivery sensor is red
    assert [error for error in errors if "DeliveryError" not in str(error["causes"])] == []
