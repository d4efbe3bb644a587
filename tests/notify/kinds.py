"""One message of every kind, composed as in production; `golden` holds what Slack gets of each.

``python -m tests.notify.kinds`` writes the golden files again: do it after a change of wording or
layout, and read the difference.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.compose import compose, withdraw
from monitoring_pipelines.alerts.evidence import evidence
from monitoring_pipelines.alerts.explanation import MIX
from monitoring_pipelines.alerts.message import AlertMessage, Fact, Stage, Table
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.alerts.settings import AlertSettings, Layout
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.notify.blocks import blocks, plain, summary
from tests.alerts.histories import result, results, the_incident

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result

GOLDEN = Path(__file__).parent / "golden"
CALLED = ("S0MLONCALL",)
SETTINGS = AlertSettings(
    model="churn",
    owner="team:growth",
    cadence=Cadence.DAY,
    zone=ZoneInfo("UTC"),
    ui_url="https://dagster.example",
    assets={
        Cause.PERFORMANCE: "performance",
        Cause.DATA_CONTRACT: "data_quality",
        Cause.SILENCE: "predictions",
        Cause.FAIRNESS: "fairness",
        Cause.GOVERNANCE: "governance",
        Cause.SECURITY: "security",
    },
    runbook="https://runbooks.example/churn",
)

Kind = tuple[AlertMessage, Op]


def course(values: list[float | None], metric: str, limit: float, **other: object) -> list[Result]:
    """Results of one metric, a value a day; those beyond `limit` breach."""
    is_low = limit < float(str(other["reference_value"]))

    def letter(value: float | None) -> str:
        if value is None:
            return "."
        return "B" if (value < limit) is is_low else "o"

    return [
        result(day, letter(value), metric, value=value, **other) for day, value in enumerate(values)
    ]


FALL = [0.861, 0.859, 0.862, 0.86, 0.858, 0.861, None, 0.855, 0.851, 0.846, 0.838, 0.829, 0.816]
AUC = {"reference_value": 0.86, "tolerance": 0.03, "low": 0.798, "high": 0.822}
NULLS = {"reference_value": 0.006, "tolerance": 0.02, "n": 227_750, "label_coverage": None}


def auc(*more: float) -> list[Result]:
    return course([*FALL, *more], "roc_auc", 0.83, **AUC)


def nulls(column: str, *values: float) -> list[Result]:
    return course(list(values), "missing_rate", 0.026, column=column, **NULLS)


def storm() -> AlertMessage:
    gone = [
        result(day, letter, "schema", value=value, reference_value=0.0, tolerance=None)
        for day, letter, value in ((0, "o", 0.0), (1, "C", 3.0))
    ]
    shares = [nulls(f"income_{i:02}", 0.006, 0.03 + 0.07 * i, 0.03 + 0.07 * i) for i in range(13)]
    return compose(*the_incident(gone, *shares), SETTINGS)


def told(*groups: list[Result], **settings: Any) -> AlertMessage:
    return compose(*the_incident(*groups), replace(SETTINGS, **settings))


def explained() -> AlertMessage:
    """The fall with its cause, as the first of several models that fall alike."""
    fall = auc()
    why = "3 of 9 values of plan went from 7 % to 61 % of the rows, which alone changes it by -0.04"
    cause = result(len(fall) - 1, "o", MIX, value=-0.04, column="plan", reason=why)
    told = compose(*the_incident(fall), SETTINGS, [cause])
    crowd = "3 more models have trouble of this kind, told in this thread."
    return replace(called(told), detail=f"{told.detail} {crowd}")


def digest(**other: Any) -> AlertMessage:
    cells = [
        ("churn", "3 fail", "2 warn", "1 fail"),
        ("fraud", "ok", "1 warn, 2 unknown", "-"),
        ("and 29 more", "ok", "ok", "ok"),
    ]
    weekly: dict[str, Any] = {
        "incident": "digest:7d:2026-11-23T08:00",
        "stage": Stage.DIGEST,
        "severity": Severity.HIGH,
        "title": "ML monitoring · 2026-11-16 to 2026-11-23",
        "what": "31 models, 4,812 checks, 99.1 % ok.",
        "detail": "4 incidents opened, 2 resolved, 2 open; median time to acknowledge 11 min.",
        "owner": "",
        "facts": (
            Fact("Not monitored", "no model: all are up to date"),
            Fact("Needs someone", "inc_0123456789 (churn, performance)"),
            Fact("Warnings, not sent one by one", "fraud jensen_shannon (8), churn psi (2)"),
            Fact("Delivery", "46 sent, 0 waiting, 0 given up"),
        ),
        "table": Table(("model", "data", "drift", "performance"), tuple(cells)),
        "small": ("this digest comes also if nothing happened: without it, monitoring is down",),
    }
    return AlertMessage(**(weekly | other))


def called(message: AlertMessage) -> AlertMessage:
    return replace(message, mentions=CALLED, has_buttons=True)


def every_kind() -> dict[str, Kind]:
    performance = replace(told(auc()), has_buttons=True)
    worse = told(auc(0.804, 0.72))
    resolved = told(auc(0.857, 0.861))
    income = nulls("income", 0.006, 0.007, 0.184, 0.19)
    accuracy = course([0.91, 0.905, 0.86, 0.85], "accuracy", 0.9,
                      reference_value=0.91, tolerance=0.01)  # fmt: skip
    silent = course([41_300.0, 40_980.0, 0.0], "volume", 20_000.0, reference_value=41_207.0,
                    tolerance=None, n=0, label_coverage=None, model_version="")  # fmt: skip
    lost = course([0.97, 0.96, 0.02, 0.021], "label_coverage", 0.5,
                  reference_value=0.97, tolerance=None)  # fmt: skip
    between = course([0.0, 0.032, 0.04], "expectation:expect_column_values_to_be_between", 0.001,
                     column="age", reference_value=0.0, tolerance=None,
                     label_coverage=None)  # fmt: skip
    unfair = course([0.91, 0.64, 0.62], "selection_rate_ratio", 0.8, segment="sex=f", low=0.55,
                    high=0.7, reference_value=0.92, tolerance=0.8, label_coverage=None,
                    reason="30.0% of 500 rows are selected, of the rest 48.4% of 1,204: 0.62 "
                    "(0.55 to 0.7) is beyond 0.8; smallest cell 150")  # fmt: skip
    promise = results("B", "gov_04_approved_versions", value=1.0, n=0, reference_value=None,
                      tolerance=None, label_coverage=None,
                      reason="version v14 served 31,204 rows and nobody approved it")  # fmt: skip
    leak = results("B", "sec_08_personal_data", value=0.015, n=200, reference_value=None,
                   tolerance=None, label_coverage=None, column="answer",
                   reason="bank accounts (IBAN) in 3 of 200 texts, none in 4,800 texts "
                   "before")  # fmt: skip
    failed = results("B", "run", value=None, n=0, reference_value=None, tolerance=None,
                     label_coverage=None, model_version="")  # fmt: skip
    by = "Acknowledged by ana.ruiz until 2026-11-15 04:21."
    hostile = nulls("<!channel> `x` https://evil.example/a", 0.006, 0.18, 0.19)
    return {
        "open_performance": (called(told(auc())), Op.OPEN),
        "open_without_buttons": (replace(told(auc()), mentions=CALLED), Op.OPEN),
        "open_compact": (replace(called(told(auc())), layout=Layout.COMPACT), Op.OPEN),
        "open_accuracy": (called(told(accuracy, next_steps=("Ask the risk desk.",))), Op.OPEN),
        "open_missing_values": (called(told(income)), Op.OPEN),
        "open_two_conditions": (called(told(income, nulls("age", 0.006, 0.05, 0.06))), Op.OPEN),
        "open_expectation": (called(told(between)), Op.OPEN),
        "open_no_data": (called(told(silent)), Op.OPEN),
        "open_lost_labels": (called(told(lost)), Op.OPEN),
        "open_failed_run": (called(told(failed)), Op.OPEN),
        "open_explained": (explained(), Op.OPEN),
        "open_unfair": (called(told(unfair)), Op.OPEN),
        "open_promise": (replace(told(promise), has_buttons=True), Op.OPEN),
        "open_security": (called(told(leak)), Op.OPEN),
        "open_storm": (called(storm()), Op.OPEN),
        "open_storm_compact": (replace(called(storm()), layout=Layout.COMPACT), Op.OPEN),
        "open_hostile": (called(told(hostile)), Op.OPEN),
        "update_acknowledged": (
            replace(performance, stage=Stage.ACKNOWLEDGED, handled=by), Op.UPDATE,
        ),
        "update_silenced": (
            replace(performance, handled="Silenced until 2026-11-15 04:21."), Op.UPDATE,
        ),
        "escalate": (called(worse), Op.ESCALATE),
        "remind": (called(told(auc())), Op.REMIND),
        "reopen": (called(told(auc(0.857, 0.861, 0.81, 0.8))), Op.REOPEN),
        "evidence_one": (evidence(*the_incident(auc()), SETTINGS), Op.EVIDENCE),
        "evidence_many": (
            evidence(*the_incident(income, nulls("age", 0.006, 0.05, 0.06)), SETTINGS), Op.EVIDENCE,
        ),
        "resolve": (replace(resolved, has_buttons=True), Op.RESOLVE),
        "resolve_without_buttons": (resolved, Op.RESOLVE),
        "resolve_after_somebody": (
            replace(resolved, has_buttons=True, handled="ana.ruiz took care of it."), Op.RESOLVE,
        ),
        "withdraw": (replace(withdraw(performance), has_buttons=True), Op.RESOLVE),
        "note_resolved": (resolved, Op.NOTE),
        "picture_not_taken": (
            replace(performance, what="The chart is not available.", chart=None), Op.PICTURE,
        ),
        "digest": (digest(), Op.DIGEST),
        "digest_of_nothing": (digest(table=None, facts=(), detail="No incident."), Op.DIGEST),
    }  # fmt: skip


def payload(message: AlertMessage, op: Op) -> dict[str, Any]:
    """What Slack gets, and what it gets if it refuses the blocks."""
    return {
        "text": summary(message, op),
        "blocks": blocks(message, op),
        "fallback": plain(message, op).splitlines(),
    }


def golden(name: str) -> Path:
    return GOLDEN / f"{name}.json"


def written(message: AlertMessage, op: Op) -> str:
    return json.dumps(payload(message, op), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.glob("*.json"):
        old.unlink()
    for name, kind in every_kind().items():
        golden(name).write_text(written(*kind), encoding="utf-8")
