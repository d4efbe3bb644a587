"""Real runs of a real model, its card, and what the rules find of both."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from monitoring_pipelines import __version__
from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.governance.facts import LogFacts
from monitoring_pipelines.pipeline.alerting import evaluate
from monitoring_pipelines.pipeline.environment import alert_settings
from monitoring_pipelines.pipeline.evidence import verify
from monitoring_pipelines.pipeline.governance import Looking, card_of, gather, govern, look
from monitoring_pipelines.pipeline.handling import By
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.pipeline.promises import Clock, approve, except_from, mark_serious
from monitoring_pipelines.store.incidents import listed
from tests.databases import everything
from tests.pipeline.lab import FIRST, LATER, declared, labels_of, rows

if TYPE_CHECKING:
    from tests.pipeline.lab import Lab

DAY = timedelta(days=1)
APPROVED = {"version": "v1", "approved_by": "cro", "approved_at": "2026-01-01"}
CARD: dict[str, Any] = {
    "purpose": "decides on credits",
    "deputy": "bo",
    "approved_versions": [APPROVED],
    "intended_population": {"kind": ["a", "b", "c"], "amount": {"minimum": 0, "maximum": 1_000}},
    "metrics": [{"name": "roc_auc", "at_least": 0.6, "min_rows": 2}],
    "review": {"last": "2025-12-01"},
    "label_coverage": 0.9,
}


def prepared(lab: Lab, versions: dict[int, str] | None = None, **more: Any) -> None:
    """Ten days of 40 rows, judged from the third on; `versions` served from a day on."""
    log = rows(n_days=10)
    log["version"] = "v1"
    for number, version in (versions or {}).items():
        log.loc[log["at"] >= FIRST + number * DAY, "version"] = version
    lab.write(log, labels_of(log, timedelta(hours=1)))
    columns = {
        "id": "id", "timestamp": "at", "prediction_score": "score", "model_version": "version",
    }  # fmt: skip
    values: dict[str, Any] = {
        "owner": "ana@bank.example",
        "predictions": {"location": "log.parquet", "columns": columns},
        "performance": {"min_rows": 10},
        "governance": CARD,
    }
    lab.config = declared(**values | more)


def run(lab: Lab, *numbers: int) -> dict[str, list[str]]:
    """Run and govern some days; verdicts of each rule, day by day."""
    windows = [lab.day(number) for number in numbers]
    for window in windows:
        lab.run(window)
        govern(lab.model, lab.store, [window], "run")
    evaluate(lab.store.engine, alert_settings(lab.model), LATER, "run")
    found: dict[str, list[str]] = {}
    for result in lab.results():
        if result.metric.startswith("gov_"):
            found.setdefault(result.metric[:6], []).append(result.verdict.value)
    return found


def reason(lab: Lab, number: int, metric: str) -> str:
    return lab.one(lab.day(number), metric).reason


def incidents(lab: Lab) -> list[dict[str, Any]]:
    with lab.store.read() as connection:
        return [row for row in listed(connection) if row["cause"] == Cause.GOVERNANCE]


def test_promises_that_are_kept(lab: Lab) -> None:
    prepared(lab)
    found = run(lab, 2, 3)
    assert found["gov_04"] == found["gov_05"] == found["gov_06"] == found["gov_09"] == ["ok"] * 2
    assert found["gov_10"] == found["gov_02"] == found["gov_03"] == found["gov_21"] == ["ok"] * 2
    # the card was recorded today, and the windows are older
    assert found["gov_07"] == ["unknown"] * 2
    # the first window has none before it
    assert found["gov_08"] == ["ok"]
    assert incidents(lab) == []
    with lab.store.read() as connection:
        assert verify(connection).holds


def test_a_version_that_nobody_approved_is_told_to_the_owner_once_and_quietly(lab: Lab) -> None:
    prepared(lab, {4: "v2"}, alerts={"slack": "C0ALERTS", "mention": ["U0123456"]})
    found = run(lab, 2, 3, 4, 5)
    assert found["gov_04"] == ["ok", "ok", "fail", "fail"]
    (incident,) = incidents(lab)
    assert (incident["severity"], incident["state"]) == ("high", "open")
    assert incident["title"] == "Version v2 serves and nobody approved it."
    told = [row for row in everything(lab.store.engine)["outbox"]
            if row["incident_id"] == incident["id"]]  # fmt: skip
    payload = told[0]["payload"]
    assert payload["title"].startswith("Governance · credit v2")
    assert payload["owner"] == "ana@bank.example"
    assert [row["payload"]["mentions"] for row in told] == [[]] * len(told)
    assert "mlmon approve" in " ".join(payload["steps"])


def test_the_next_window_after_an_approval_is_fine(lab: Lab) -> None:
    prepared(lab, {4: "v2"})
    run(lab, 2, 3, 4)
    approve(lab.store, lab.config, "v2", "validated", By("cro", FIRST + 5.1 * DAY), None)
    found = run(lab, 4, 5, 6)
    # what was served unapproved stays so, also if it is judged again
    assert found["gov_04"] == ["ok", "ok", "fail", "warn", "ok"]
    assert incidents(lab)[0]["state"] == "resolved"


def test_an_approval_by_the_owner_raises_its_own(lab: Lab) -> None:
    prepared(lab, governance=CARD | {"approved_versions": []})
    by = By("ana", FIRST)
    approve(lab.store, lab.config, "v1", "it is mine", by, None)
    found = run(lab, 2)
    assert (found["gov_04"], found["gov_05"]) == (["ok"], ["fail"])
    assert incidents(lab)[0]["title"] == "Version v1 was approved by ana, who owns or made it."


def test_an_expired_approval_raises_its_own(lab: Lab) -> None:
    expiring = CARD | {"approved_versions": [APPROVED | {"expires_at": "2026-01-04T12:00"}]}
    prepared(lab, governance=expiring)
    found = run(lab, 2, 3, 4)
    assert found["gov_04"] == ["ok", "warn", "fail"]
    assert reason(lab, 3, "gov_04_approved_versions") == (
        "the approval of version v1 ended on 2026-01-04, in this window, "
        "and it may have served later"
    )


def test_a_failure_that_is_excepted_is_a_warning_until_then(lab: Lab) -> None:
    prepared(lab, {3: "v2"})
    by = By("cro", FIRST)
    except_from(lab.store, lab.config, "GOV-04", "pilot", by, FIRST + 5 * DAY)
    found = run(lab, 3, 4, 5)
    # day 4 ends when the exception does
    assert found["gov_04"] == ["warn", "fail", "fail"]
    assert found["gov_17"] == ["warn", "fail", "fail"]
    assert "(excepted until 2026-01-06 by cro)" in reason(lab, 3, "gov_04_approved_versions")


def test_people_outside_of_the_intended_population(lab: Lab) -> None:
    narrow = CARD | {"intended_population": {"kind": ["a", "b"]}}
    prepared(lab, governance=narrow)
    assert run(lab, 2)["gov_10"] == ["fail"]
    log = rows(n_days=10)
    day = log[(log["at"] >= FIRST + 2 * DAY) & (log["at"] < FIRST + 3 * DAY)]
    n = int((day["kind"] == "c").sum())
    assert reason(lab, 2, "gov_10_population") == (
        f"{n} of 40 rows are outside of the intended kind"
    )


def test_a_window_that_was_left_out_is_a_gap(lab: Lab) -> None:
    prepared(lab)
    assert run(lab, 2, 3, 6)["gov_08"] == ["ok", "fail"]
    assert reason(lab, 6, "gov_08_monitoring_ran") == "2 of the last 4 windows have no result"
    run(lab, 4, 5)
    assert run(lab, 6)["gov_08"][-1] == "ok"


def test_a_threshold_that_was_loosened_until_it_fitted_is_found(lab: Lab) -> None:
    prepared(lab, governance=CARD | {"metrics": [{"name": "roc_auc", "at_least": 0.99}]})
    run(lab, 2)
    value = lab.one(lab.day(2), "roc_auc").value
    assert value is not None
    assert value < 0.99
    # as if the card had been recorded before the data: the clock of a record cannot be set
    with lab.store.engine.begin() as connection:
        body = connection.scalar(sa.text("SELECT body FROM evidence WHERE kind = 'card'"))
        at = body.split('"at":"')[1][:27]
        changed = body.replace(at, "2025-12-31T00:00:00.000000Z")
        connection.execute(
            sa.text("UPDATE evidence SET body = :body WHERE kind = 'card'"), {"body": changed}
        )
    prepared(lab, governance=CARD | {"metrics": [{"name": "roc_auc", "at_least": 0.5}]})
    assert run(lab, 2)["gov_07"] == ["fail"]


def test_what_labels_said_is_not_hidden_by_a_newer_estimate(lab: Lab) -> None:
    prepared(lab)
    lab.at_once(lab.day(2), lab.day(3))

    def newest() -> tuple[Any, Any]:
        with lab.store.read() as connection:
            facts = gather(connection, lab.config, card_of(lab.config), lab.day(3))
        result = facts.performance["roc_auc"]
        return result.window, result.status

    assert newest() == (lab.day(3).utc, Status.ESTIMATED)
    lab.run(lab.day(2))
    assert newest() == (lab.day(2).utc, Status.FINAL)


def test_deadlines_of_the_newest_window_are_those_of_now(lab: Lab) -> None:
    prepared(lab)
    looking = Looking("", Judging(lab.config, "", __version__), FIRST + 5.9 * DAY)
    assert looking.clock(lab.config, lab.day(4)) == FIRST + 5.9 * DAY
    assert looking.clock(lab.config, lab.day(3)) is None  # judged again: as it was
    assert looking.clock(lab.config, lab.day(6)) is None
    clock = Clock("inc_1", "widespread", FIRST + 3 * DAY)
    mark_serious(lab.store, lab.config, clock, "r", By("ana", FIRST + 3 * DAY))
    judged = {
        one.rule.id: one.finding
        for one in look(lab.model, lab.store, lab.day(4), LogFacts(), looking).judged
    }
    finding = judged["GOV-16"]
    assert finding is not None
    assert finding.verdict == "fail"  # at the window's end it were half of the time


def test_a_threshold_that_was_taken_off_the_card_is_found(lab: Lab) -> None:
    prepared(lab, governance=CARD | {"metrics": [{"name": "roc_auc", "at_least": 0.99}]})
    run(lab, 2)
    with lab.store.engine.begin() as connection:
        body = connection.scalar(sa.text("SELECT body FROM evidence WHERE kind = 'card'"))
        changed = body.replace(body.split('"at":"')[1][:27], "2025-12-31T00:00:00.000000Z")
        connection.execute(
            sa.text("UPDATE evidence SET body = :body WHERE kind = 'card'"), {"body": changed}
        )
    prepared(lab, governance={name: told for name, told in CARD.items() if name != "metrics"})
    found = run(lab, 2)
    assert found["gov_07"] == ["fail"]
    assert "gov_06" not in found  # nothing is promised any more


def test_a_broken_chain_is_a_finding_of_its_own(lab: Lab) -> None:
    prepared(lab)
    run(lab, 2)
    with lab.store.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM evidence WHERE seq > 3"))
    assert run(lab, 3)["gov_21"] == ["ok", "fail"]
    assert "is not there any more" in reason(lab, 3, "gov_21_chain_intact")


def test_a_window_that_is_judged_again_gives_the_same_rows(lab: Lab) -> None:
    prepared(lab, {3: "v2"})
    run(lab, 2, 3)
    before = lab.dump()
    run(lab, 2, 3)
    assert lab.dump() == before


def test_without_a_card_only_what_needs_none_is_judged(lab: Lab) -> None:
    prepared(lab, governance={})
    found = run(lab, 2, 3)
    assert {*found} == {"gov_08", "gov_15", "gov_21", "gov_22", "gov_24"}
    assert {verdict for verdicts in found.values() for verdict in verdicts} == {"ok"}


def test_looking_stores_no_result(lab: Lab) -> None:
    prepared(lab)
    lab.run(lab.day(2))
    before = lab.dump()
    judging = Judging(lab.config, "", __version__)
    governed = look(lab.model, lab.store, lab.day(2), LogFacts(), Looking("", judging, LATER))
    assert lab.dump() == before
    active = [one for one in governed.judged if one.finding is not None]
    assert len(active) == len(governed.results)
    assert {r.code_version for r in governed.results} == {__version__}


@pytest.mark.parametrize("changed", [{"purpose": "another"}, {"tier": 2}])
def test_the_hash_of_a_verdict_is_that_of_the_card(lab: Lab, changed: dict[str, Any]) -> None:
    hashes = set()
    for card in (CARD, CARD | changed):
        prepared(lab, governance=card)
        run(lab, 2)
        hashes.add(lab.one(lab.day(2), "gov_02_owner").config_hash)
    assert len(hashes) == 2
