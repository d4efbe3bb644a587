from __future__ import annotations

from datetime import UTC

from monitoring_pipelines.alerts.condition import Policy, fold
from monitoring_pipelines.alerts.evidence import COLUMNS, MAX_CONDITIONS, MAX_WINDOWS, evidence
from monitoring_pipelines.alerts.incident import REOPEN, incidents
from monitoring_pipelines.alerts.settings import AlertSettings
from monitoring_pipelines.alerts.triage import evaluation, fingerprint
from monitoring_pipelines.domain.window import Cadence
from tests.alerts.histories import results


def test_it_shows_the_newest_windows_of_what_fires() -> None:
    told = [results("ooooooooBB", low=0.82, high=0.84)]
    told += [results("oooooooooBB", "missing_rate", column=f"c{i}") for i in range(9)]
    history = {fingerprint(rows[0]): rows for rows in told}
    conditions = {f: fold(map(evaluation, rows), Policy()) for f, rows in history.items()}
    found = {i.cause: i for i in incidents(conditions, REOPEN[Cadence.DAY])}
    settings = AlertSettings(model="churn", owner="", cadence=Cadence.DAY, zone=UTC)
    auc, missing = (evidence(i, history, settings) for i in found.values())
    assert auc.table is not None
    assert missing.table is not None
    assert auc.table.columns == COLUMNS
    assert auc.table.rows[-1] == (
        "roc_auc", "2026-11-10", "0.83", "0.86", "0.82 to 0.84", "31,204", "fail",
    )  # fmt: skip
    assert len(auc.table.rows) == MAX_WINDOWS
    assert len(missing.table.rows) == MAX_CONDITIONS * MAX_WINDOWS
    # a table may have no empty cell
    assert all(all(row) for row in missing.table.rows)
