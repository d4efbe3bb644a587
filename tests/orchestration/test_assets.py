from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import SourceChangedError
from monitoring_pipelines.metrics import FAIRNESS
from monitoring_pipelines.orchestration import assets
from monitoring_pipelines.pipeline.environment import open_store
from monitoring_pipelines.pipeline.run import Monitor
from monitoring_pipelines.store.results import read
from tests.dagster_project import attributes, definitions, write_log, write_project
from tests.pipeline.test_signals import calls

if TYPE_CHECKING:
    from pathlib import Path

DAYS = ("2026-03-11", "2026-03-12", "2026-03-13", "2026-03-14")
BROKEN = DAYS[2]  # the 13th day of the log
ERROR, WARN = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MONITORING_DATABASE_URL", "SLACK_BOT_TOKEN", "SLACK_CHANNEL"):
        monkeypatch.delenv(name, raising=False)
    # a test that fails inside a step does not wait for a second try
    monkeypatch.setattr(assets, "RETRY_AFTER_S", 0.01)
    monkeypatch.setattr(assets, "RETRIES", 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_project(tmp_path / "p")
    write_log(root, broken=(12,))
    return root


def run(
    root: Path,
    instance: dg.DagsterInstance,
    names: str,
    first: str = DAYS[0],
    last: str = DAYS[-1],
) -> dg.ExecuteInProcessResult:
    """Materialize some of the model's assets over a range, as a backfill does."""
    found = definitions(root)
    selection = [dg.AssetKey(["fraud", name]) for name in names.split()]
    tags = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
    return found.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=instance, asset_selection=selection, tags=tags, raise_on_error=False
    )


def metadata(instance: dg.DagsterInstance, asset: str) -> dict[str, dict[str, Any]]:
    """Metadata of the newest materializations by partition."""
    records = instance.fetch_materializations(dg.AssetKey(["fraud", asset]), limit=100).records
    found = {}
    for record in reversed(records):
        assert record.asset_materialization is not None
        values = {name: v.value for name, v in record.asset_materialization.metadata.items()}
        found[str(record.partition_key)] = values
    return found


def checks(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {event.check_name: event for event in result.get_asset_check_evaluations()}


def test_a_range_in_one_run_tells_each_partition(root: Path, instance: dg.DagsterInstance) -> None:
    result = run(root, instance, "predictions quality drift performance")
    assert result.success
    with open_store(root).read() as connection:
        stored = {
            (row.window.start.date().isoformat(), row.metric, row.column): row.value
            for row in read(connection, model="fraud", segment="")
        }
    for day in DAYS:
        predictions = metadata(instance, "predictions")[day]
        assert predictions["rows"] == predictions["dagster/partition_row_count"] == 300
        assert {"score", "amount", "channel"} == {
            column.name for column in predictions["dagster/column_schema"].columns
        }
        quality = metadata(instance, "quality")[day]
        # half of the broken day's amounts were left out
        assert stored[day, "missing_rate", "amount"] == (0.5 if day == BROKEN else 0.0)
        assert quality["missing_rate (worst column)"] == (0.5 if day == BROKEN else 0.0)
        assert quality["verdicts fail"] == (1.0 if day == BROKEN else 0.0)
        assert "`amount`" in quality["verdicts"]
        drift = metadata(instance, "drift")[day]
        assert drift["jensen_shannon amount"] == stored[day, "jensen_shannon", "amount"]
        performance = metadata(instance, "performance")[day]
        assert performance["roc_auc"] == stored[day, "roc_auc", ""]
        assert performance["label_coverage"] == 1.0


def test_checks_carry_the_worst_window_and_its_severity(
    root: Path, instance: dg.DagsterInstance
) -> None:
    found = checks(run(root, instance, "predictions quality drift performance"))
    missing = found["missing_rate"]
    assert (missing.passed, missing.severity) == (False, ERROR)
    assert str(missing.description).startswith(f"fail in {BROKEN}: amount")
    assert (found["volume"].passed, found["schema"].passed) == (True, True)
    assert found["duplicate_rate"].passed
    assert found["label_coverage"].passed
    assert found["performance"].metadata["windows"].value == len(DAYS)


def test_unknown_is_a_warning_and_not_passed(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    root = write_project(tmp_path / "p", attributes(performance={"min_rows": 10_000}))
    write_log(root)
    found = checks(run(root, instance, "performance"))["performance"]
    assert (found.passed, found.severity) == (False, WARN)
    assert found.metadata["verdict"].value == Verdict.UNKNOWN.value


def test_a_subset_makes_only_what_is_asked_for(root: Path, instance: dg.DagsterInstance) -> None:
    result = run(root, instance, "quality")
    assert result.success
    assert set(metadata(instance, "quality")) == set(DAYS)
    assert metadata(instance, "predictions") == metadata(instance, "drift") == {}
    assert "volume" not in checks(result)
    assert not checks(result)["missing_rate"].passed


def test_one_partition_is_a_range_of_one(root: Path, instance: dg.DagsterInstance) -> None:
    found = definitions(root)
    result = found.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=instance,
        asset_selection=[dg.AssetKey(["fraud", "quality"])],
        partition_key=BROKEN,
    )
    assert result.success
    assert set(metadata(instance, "quality")) == {BROKEN}


def test_a_check_alone_judges_the_window_that_ended_last(
    root: Path, instance: dg.DagsterInstance
) -> None:
    # the button "Execute" of a check names no partition
    found = definitions(root)
    quality = dg.AssetKey(["fraud", "quality"])
    selection = dg.AssetSelection.checks(dg.AssetCheckKey(quality, "missing_rate"))
    job = dg.define_asset_job("check", selection)
    result = (
        dg.Definitions.merge(found, dg.Definitions(jobs=[job]))
        .resolve_job_def("check")
        .execute_in_process(instance=instance)
    )
    assert result.success
    (only,) = result.get_asset_check_evaluations()
    # the log ends with the 20th of March, and nothing is broken there
    assert (only.check_name, only.passed) == ("missing_rate", True)
    assert metadata(instance, "quality") == {}


def test_names_from_data_are_inert(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    hostile = 'a|b`"; drop <script>[x](y)'
    root = write_project(tmp_path / "p")
    write_log(root, feature=hostile, broken=(12,))
    result = run(root, instance, "predictions quality drift performance")
    assert result.success
    assert not checks(result)["missing_rate"].passed
    table = metadata(instance, "quality")[BROKEN]["verdicts"]
    assert not set("<>[]") & set(table)
    counts = {line.count("|") for line in table.splitlines() if line.startswith("|")}
    assert len(counts) == 1


def test_a_missing_log_fails_once_with_the_sentence(
    root: Path, instance: dg.DagsterInstance
) -> None:
    (root / "data" / "predictions.parquet").unlink()
    result = run(root, instance, "predictions quality")
    failed = [event for event in result.all_events if event.is_step_failure]
    assert not result.success
    assert not [event for event in result.all_events if event.is_step_up_for_retry]
    (event,) = failed
    data = event.step_failure_data
    assert data.user_failure_data is not None
    assert "No file or table at 'data/predictions.parquet'" in str(
        data.user_failure_data.description
    )


def test_an_unreadable_log_is_told_and_alerted_on(root: Path, instance: dg.DagsterInstance) -> None:
    log = root / "data" / "predictions.parquet"
    log.write_bytes(b"no parquet")
    assert not run(root, instance, "predictions", DAYS[0], DAYS[0]).success
    with open_store(root).read() as connection:
        (row,) = read(connection, model="fraud", metric="readable")
        incidents = connection.exec_driver_sql("select count(*) from incidents").scalar()
    assert row.verdict is Verdict.FAIL
    assert incidents == 1


def test_a_log_that_changes_underneath_is_read_again(
    root: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(*_: object) -> None:
        raise SourceChangedError("data/predictions.parquet")

    monkeypatch.setattr(Monitor, "at_once", changed)
    result = run(root, instance, "predictions")
    waiting = [event for event in result.all_events if event.is_step_up_for_retry]
    assert len(waiting) == 1
    assert waiting[0].step_retry_data.seconds_to_wait > 0


def test_labels_are_observed_only_where_they_changed(
    root: Path, instance: dg.DagsterInstance
) -> None:
    found = definitions(root)

    def observed() -> set[str]:
        job = found.resolve_implicit_global_asset_job_def()
        result = job.execute_in_process(
            instance=instance, asset_selection=[dg.AssetKey(["fraud", "labels"])]
        )
        events = result.get_asset_observation_events()
        return {str(event.asset_observation_data.asset_observation.partition) for event in events}

    days = {f"2026-03-{day}" for day in range(11, 21)}
    assert observed() == days
    assert run(root, instance, "performance").success
    assert observed() == days - set(DAYS)


def test_a_model_is_presented(root: Path) -> None:
    graph = definitions(root).resolve_asset_graph()
    for name in ("predictions", "quality", "drift", "estimated_performance", "performance"):
        node = graph.get(dg.AssetKey(["fraud", name]))
        assert node.group_name == "fraud"
        assert node.owners == ["team:risk"]
        assert node.tags["monitoring/model"] == "fraud"
        assert any(tag.startswith("dagster/kind/") for tag in node.tags)
        assert node.metadata["runbook"] == dg.MetadataValue.url("https://example.org/runbook")
        assert node.description
    labels = graph.get(dg.AssetKey(["fraud", "labels"]))
    assert labels.group_name == "fraud"
    assert labels.is_observable
    performance = graph.get(dg.AssetKey(["fraud", "performance"]))
    assert performance.parent_keys == {
        dg.AssetKey(["fraud", "labels"]),
        dg.AssetKey(["fraud", "predictions"]),
    }


def test_estimation_can_be_left_out(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", attributes(performance={"estimate": False}))
    keys = definitions(root).resolve_asset_graph().get_all_asset_keys()
    made = {key.path[-1] for key in keys if key.path[0] == "fraud"}
    assert made == {
        "predictions",
        "quality",
        "drift",
        "labels",
        "performance",
        "security",
        "governance",
    }


def test_without_labels_there_is_no_performance(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", attributes(labels=None))
    keys = definitions(root).resolve_asset_graph().get_all_asset_keys()
    made = {key.path[-1] for key in keys if key.path[0] == "fraud"}
    assert made == {"predictions", "quality", "drift", "security", "governance"}


FAIR = {"fairness": {"attributes": ["channel"]}, "performance": {"threshold": 0.5, "min_rows": 50}}


def test_fairness_is_an_asset_if_it_is_configured(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    root = write_project(tmp_path / "p", attributes(**FAIR))
    write_log(root)
    node = definitions(root).resolve_asset_graph().get(dg.AssetKey(["fraud", "fairness"]))
    assert {key.path[-1] for key in node.parent_keys} == {"predictions", "labels"}
    assert node.automation_condition is not None
    found = run(root, instance, "predictions quality drift performance fairness")
    assert found.success
    told = metadata(instance, "fairness")[DAYS[0]]
    # both rates at once, three gaps with the labels; each of two groups is as far from fair
    assert {name for name in told if name.endswith("(worst group)")} == {
        f"{metric} of channel (worst group)" for metric in FAIRNESS
    }
    assert "channel=web" in told["verdicts"]
    fair = checks(found)["fairness"]
    assert fair.passed
    assert fair.asset_key == dg.AssetKey(["fraud", "fairness"])


def test_without_labels_fairness_is_of_the_selection_rates(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    root = write_project(tmp_path / "p", attributes(**FAIR, labels=None))
    write_log(root)
    found = run(root, instance, "predictions quality drift fairness")
    assert found.success
    told = metadata(instance, "fairness")[DAYS[0]]
    plotted = {name.split(" of ")[0] for name in told if name.endswith("(worst group)")}
    assert plotted == {"selection_rate_ratio", "selection_rate_difference"}
    assert checks(found)["fairness"].passed


def test_promises_are_an_asset_with_a_check(root: Path, instance: dg.DagsterInstance) -> None:
    result = run(root, instance, "predictions performance governance", DAYS[0], DAYS[1])
    assert result.success
    assert checks(result)["promises"].passed
    shown = metadata(instance, "governance")
    assert set(shown) == set(DAYS[:2])
    assert shown[DAYS[1]]["active rules"] + shown[DAYS[1]]["inactive rules"] == 24
    assert "gov_08_monitoring_ran" in shown[DAYS[1]]["verdicts"]
    inactive = shown[DAYS[1]]["inactive"]
    assert "| GOV-11 | Groups are treated alike. | `governance.fairness` |" in inactive
    with open_store(root).read() as connection:
        rows = read(connection, model="fraud", metric="gov_08_monitoring_ran")
    assert [row.verdict for row in rows] == [Verdict.OK]


def test_without_governance_there_is_no_such_asset(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", attributes(governance="off"))
    keys = definitions(root).resolve_asset_graph().get_all_asset_keys()
    assert dg.AssetKey(["fraud", "governance"]) not in keys


def test_embeddings_are_judged_like_a_column(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    root = write_project(tmp_path / "p", attributes(embeddings={"text": {"column": "vector"}}))
    write_log(root)
    path = root / "data" / "predictions.parquet"
    table = pq.read_table(path)
    vectors = np.random.default_rng(1).normal(size=(len(table), 8))
    vectors[12 * 300 : 13 * 300] += 1.0  # the third of the days
    pq.write_table(table.append_column("vector", pa.array(vectors.tolist())), path)
    result = run(root, instance, "predictions quality drift")
    assert result.success
    shown = metadata(instance, "drift")[BROKEN]
    assert "| ! warn | frechet_distance | `text` |" in shown["verdicts"]
    assert shown["frechet_distance (worst column)"] > 0.5
    assert metadata(instance, "drift")[DAYS[0]]["verdicts warn"] == 0
    schema = metadata(instance, "predictions")[BROKEN]["dagster/column_schema"]
    assert ("text", "vector (embedding)") in {(c.name, c.type) for c in schema.columns}
    drift = checks(result)["drift"]
    assert (drift.passed, drift.severity) == (False, WARN)  # it never fails, so it never pages


def test_an_application_has_signals_without_any_label(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    changes = {
        "task": "llm",
        "predictions": {"location": "logs/*.jsonl", "format": "llm"},
        "labels": None,
        "reference": {"start": "2026-01-01", "end": "2026-01-03"},
        "end": "2026-01-05",
        "performance": None,
    }
    root = write_project(tmp_path / "p", attributes(**changes))
    calls(root, 0)
    calls(root, 1)
    calls(root, 2)
    calls(root, 3, errors=0.2)
    names = "predictions quality drift signals"
    result = run(root, instance, names, "2026-01-03", "2026-01-04")
    assert result.success
    signals = metadata(instance, "signals")
    assert signals["2026-01-03"]["error_rate"] < 0.05 < signals["2026-01-04"]["error_rate"]
    evaluation = checks(result)["signals"]
    assert (evaluation.passed, evaluation.severity) == (False, ERROR)
    keys = {key.path[-1] for key in definitions(root).resolve_asset_graph().get_all_asset_keys()}
    assert "signals" in keys
    assert not {"performance", "labels"} & keys


def test_security_is_an_asset_with_a_check(root: Path, instance: dg.DagsterInstance) -> None:
    result = run(root, instance, "predictions security", DAYS[0], DAYS[1])
    assert result.success
    assert checks(result)["signals"].passed
    shown = metadata(instance, "security")
    assert set(shown) == set(DAYS[:2])
    assert shown[DAYS[1]]["active signals"] + shown[DAYS[1]]["inactive signals"] == 30
    assert "sec_08_personal_data" in shown[DAYS[1]]["verdicts"]
    assert "| SEC-20 | Files of the model run nothing" in shown[DAYS[1]]["inactive"]
    with open_store(root).read() as connection:
        rows = read(connection, model="fraud", metric="sec_08_personal_data")
    assert {row.verdict for row in rows} == {Verdict.OK}


def test_without_security_there_is_no_such_asset(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", attributes(security="off"))
    keys = definitions(root).resolve_asset_graph().get_all_asset_keys()
    assert dg.AssetKey(["fraud", "security"]) not in keys
