"""COMPAS by year of screening: the promise of four fifths is broken, and that is one incident.

The counts are ProPublica's cells; `tests/pipeline/test_fairness.py` has their error rates.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from monitoring_pipelines.pipeline.alerting import evaluate
from monitoring_pipelines.pipeline.environment import alert_settings
from monitoring_pipelines.pipeline.governance import govern
from monitoring_pipelines.store.incidents import listed
from tests.golden.public_data import folder
from tests.pipeline.lab import Lab, declared, labels_of

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2015, 2, 1, tzinfo=UTC)
GROUP = "race=African-American"


def test_one_clear_incident(tmp_path: Path) -> None:
    data = folder() / "compas"
    people = pd.read_parquet(data / "compas-scores-two-years.parquet")
    published = json.loads((data / "published.json").read_text(encoding="utf-8"))["propublica"]
    days = pd.to_datetime(people["compas_screening_date"]).dt.tz_localize("UTC")
    log = pd.DataFrame(
        {
            "id": people["id"],
            "at": (days + timedelta(hours=12)).dt.as_unit("us"),
            "decision": (people["decile_score"] >= 5).astype(int),  # medium or high risk
            "race": people["race"],
            "label": people["two_year_recid"],
        }
    )
    lab = Lab(tmp_path, now=NOW)
    lab.config = declared(
        owner="team:courts",
        predictions={
            "location": "log.parquet",
            "columns": {"id": "id", "timestamp": "at", "prediction": "decision"},
        },
        reference={"location": "log.parquet"},
        start="2013-01-01",
        window="year",
        fairness={"attributes": ["race"], "favourable": "0"},
        governance={"deputy": "ana", "fairness": {"selection_rate_ratio": 0.8}},
    )
    lab.write(log, labels_of(log, timedelta(days=1)))
    windows = lab.model.windows(None, None, NOW)
    lab.run(*windows)
    govern(lab.model, lab.store, windows, "run")
    evaluate(lab.store.engine, alert_settings(lab.model), NOW, "run")

    # both years together are the people that ProPublica counted: low and high, without and with
    low, high, low_recid, high_recid = published["African-American"]["cells"]
    ratios = lab.results(metric="selection_rate_ratio", segment=GROUP)
    assert sum(r.n for r in ratios) == low + high + low_recid + high_recid
    called_low = sum(r.n * float(r.reason.split("%")[0]) / 100 for r in ratios)
    assert called_low == pytest.approx(low + low_recid, abs=0.0005 * 3_696)
    gaps = lab.results(metric="false_positive_rate_gap", segment=GROUP)
    assert sum(r.n for r in gaps) == low + high

    judged = lab.results(metric="gov_11_fairness")
    assert [r.verdict.value for r in judged] == ["fail", "fail"]
    assert all(r.reason.startswith(f"the selection_rate_ratio of {GROUP} is 0.6") for r in judged)
    with lab.store.read() as connection:
        (incident,) = listed(connection)
    assert (incident["cause"], incident["state"]) == ("fairness", "open")
    assert incident["title"].startswith("The selection_rate_ratio of race=African-American is")
    lab.store.engine.dispose()
