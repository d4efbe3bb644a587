"""Messages to send in tests."""

from __future__ import annotations

from monitoring_pipelines.alerts.links import Link
from monitoring_pipelines.alerts.message import AlertMessage, Fact, Stage
from monitoring_pipelines.alerts.severity import Severity


def message(incident: str = "inc_0123456789", **other: object) -> AlertMessage:
    values: dict[str, object] = {
        "incident": incident,
        "stage": Stage.FIRING,
        "severity": Severity.HIGH,
        "title": "Performance · churn · v14",
        "what": "roc_auc is 0.804 (limit 0.83, usual 0.86).",
        "detail": "In 3 of 3 windows, since 2026-11-20.",
        "owner": "team:growth",
        "facts": (Fact("Rows", "31,204"), Fact("Owner", "team:growth")),
        "steps": ("Look at the drift.", "Decide on roll-back."),
        "links": (Link("Run", "https://dagster.example/runs/3f2b"),),
        "small": (incident, "window 2026-11-22"),
    }
    return AlertMessage(**(values | other))  # type: ignore[arg-type]
