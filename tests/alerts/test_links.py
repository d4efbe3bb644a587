from __future__ import annotations

from datetime import UTC

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.links import links
from monitoring_pipelines.alerts.settings import AlertSettings
from monitoring_pipelines.domain.window import Cadence
from tests.alerts.histories import result


def settings(**other: object) -> AlertSettings:
    values: dict[str, object] = {
        "model": "churn", "owner": "team:growth", "cadence": Cadence.HOUR, "zone": UTC,
    }  # fmt: skip
    return AlertSettings(**(values | other))  # type: ignore[arg-type]


def test_links_lead_to_the_run_the_partition_and_the_checks() -> None:
    told = settings(
        ui_url="https://dagster.example/", assets={"performance": "performance"},
        runbook="https://runbooks.example/auc",
    )  # fmt: skip
    assert dict(links(told, Cause.PERFORMANCE, result(0, "B"))) == {
        "Run": "https://dagster.example/runs/3f2b8c1e-0000",
        "Asset": "https://dagster.example/assets/churn/performance"
        "?view=partitions&partition=2026-11-01-00%3A00",
        "Checks": "https://dagster.example/assets/churn/performance?view=checks",
        "Runbook": "https://runbooks.example/auc",
    }


def test_names_cannot_leave_their_place_in_the_link() -> None:
    told = settings(ui_url="https://dagster.example", assets={"performance": "a/../b?c"})
    found = links(told, Cause.PERFORMANCE, result(0, "B", model="x@evil.example/", run_id="../a"))
    assert dict(found)["Run"] == "https://dagster.example/runs/..%2Fa"
    assert dict(found)["Asset"].startswith(
        "https://dagster.example/assets/x%40evil.example%2F/a%2F..%2Fb%3Fc?"
    )


def test_without_a_ui_there_is_only_the_runbook() -> None:
    assert links(settings(), Cause.PERFORMANCE, result(0, "B")) == ()
    assert len(links(settings(runbook="https://r.example"), Cause.SILENCE, result(0, "B"))) == 1


def test_a_result_without_a_run_and_a_cause_without_an_asset_have_no_link() -> None:
    told = settings(ui_url="https://dagster.example")
    assert links(told, Cause.SILENCE, result(0, "B", run_id="")) == ()
