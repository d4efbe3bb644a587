from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dagster_project import attributes, definitions, write_model, write_project

if TYPE_CHECKING:
    from pathlib import Path

    import dagster as dg


def names(found: dg.Definitions) -> set[str]:
    repository = found.get_repository_def()
    return {*(s.name for s in repository.schedule_defs), *(s.name for s in repository.sensor_defs)}


def test_one_component_schedules_all_models(tmp_path: Path) -> None:
    root = write_project(
        tmp_path / "p",
        attributes("a"),
        attributes("b", start="2026-03-15"),
        attributes("c", window="month", timezone="America/New_York"),
    )
    assert names(definitions(root)) == {
        "monitor_day_0600_UTC",
        "monitor_month_0600_America_New_York",
        "watch_labels",
        "weekly_digest",
        "recompute_as_labels_come",
        "deliver_alerts",
    }


def test_without_late_labels_nothing_is_watched(tmp_path: Path) -> None:
    inside = {"columns": {"label": "truth"}}
    root = write_project(
        tmp_path / "p", attributes("a", labels=None), attributes("b", labels=inside)
    )
    assert "watch_labels" not in names(definitions(root))


def test_every_job_can_be_made(tmp_path: Path) -> None:
    # Dagster resolves jobs only when it serves them: models that start on different days or have
    # windows of different length must not break the code location there
    root = write_project(
        tmp_path / "p",
        attributes("a"),
        attributes("b", start="2026-03-15"),
        attributes("c", window="week"),
    )
    jobs = definitions(root).get_repository_def().get_all_jobs()
    assert "watch_labels" in {job.name for job in jobs}


def test_two_models_of_one_name_are_refused(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p")
    write_model(root, attributes(), folder="fraud_too")
    with pytest.raises(Exception, match="Error while building") as caught:
        definitions(root)
    assert "2 models are named 'fraud'" in str(caught.value.__cause__)


def test_a_project_without_models_loads(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p")
    (root / "assets" / "fraud" / "defs.yaml").unlink()
    assert "deliver_alerts" in names(definitions(root))
