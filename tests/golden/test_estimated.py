"""Performance without labels on public logs, against published estimates and against the truth.

The estimates are those that NannyML's tutorials print, of chunks that are laid on days here.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import sqlalchemy as sa

from monitoring_pipelines.alerts.settings import AlertSettings
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.pipeline.alerting import evaluate
from monitoring_pipelines.pipeline.run import Monitor
from monitoring_pipelines.store.results import read
from monitoring_pipelines.store.schema import incidents
from tests.golden.public_data import folder
from tests.golden.test_monitored import laid_on_days, monitored, put
from tests.pipeline.lab import Lab, declared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window

ESTIMATED = ("estimated_performance",)


def run(lab: Lab, windows: list[Window], *, labels: bool = False) -> None:
    """Estimate the windows, in turn, and with `labels` look at the truth of each."""
    with Monitor.open(lab.model, lab.store, now=lab.now, run_id="run") as monitor:
        for window in windows:
            monitor.at_once(window, ESTIMATED)
            if labels:
                monitor.performance(window)


def found(lab: Lab, metric: str, status: Status) -> list[Result]:
    with lab.store.read() as connection:
        return read(connection, metric=metric, segment="", status=status)


def failed(lab: Lab) -> list[int]:
    """Places of the windows whose primary metric fails, by the version that counts."""
    results = list(lab.results(metric=lab.config.primary_metric, segment=""))
    return [place for place, result in enumerate(results) if result.verdict is Verdict.FAIL]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    lab = Lab(tmp_path)
    yield lab
    lab.store.engine.dispose()


def test_car_loans(lab: Lab) -> None:
    """The printed estimates; credibly worse by more than 0.005 are the last five chunks only."""
    put(lab, "nannyml_car_loan/", "repaid", 5_000)
    columns = {"prediction_score": "y_pred_proba", "prediction": "y_pred"}
    monitored(lab, columns, "repaid", performance={"tolerance": 0.005})
    run(lab, [lab.day(number) for number in range(10, 20)])
    printed = [0.970744, 0.971011, 0.971407, 0.971091, 0.971123]
    printed += [0.961090, 0.961825, 0.961073, 0.962533, 0.961316]
    realised = [0.970962, 0.970248, 0.976282, 0.967721, 0.969886]
    realised += [0.960050, 0.958530, 0.959041, 0.963094, 0.957556]
    estimates = found(lab, "roc_auc", Status.ESTIMATED)
    assert [result.value for result in estimates] == pytest.approx(printed, abs=1e-5)
    for result, truth in zip(estimates, realised, strict=True):
        assert result.low is not None
        assert result.high is not None
        assert result.low < truth < result.high
    assert failed(lab) == [5, 6, 7, 8, 9]
    assert "estimated roc_auc 0.9611 is" in estimates[5].reason


CENSUS = {"prediction_score": "predicted_probability", "prediction": "prediction"}


def census(lab: Lab, size: int) -> list[Window]:
    """Census by `size` rows on days; the reference is the file of 2015."""
    data = folder() / "nannyml_employment_ma"
    analysis = pd.read_parquet(data / "analysis.parquet").assign(timestamp=0)
    log = laid_on_days(analysis, size, "2026-01-01")
    log.to_parquet(lab.root / "log.parquet")
    pd.read_parquet(data / "targets.parquet").to_parquet(lab.root / "labels.parquet")
    pd.read_parquet(data / "reference.parquet").to_parquet(lab.root / "reference.parquet")
    lab.config = census_model(start="2026-01-01")
    return [lab.day(number) for number in range(-(-len(log) // size))]


def census_model(**more: Any) -> Any:
    return declared(
        predictions={
            "location": "log.parquet",
            "columns": {"id": "id", "timestamp": "at"} | CENSUS,
        },
        labels={"location": "labels.parquet", "columns": {"label": "employed"}},
        reference={"location": "reference.parquet"},
        features={"exclude": ["year"]},
        **more,
    )


def test_census_by_rows(lab: Lab) -> None:
    """The two windows that are truly bad page, with labels and without; one incident each time."""
    windows = census(lab, 5_000)
    assert len(windows) == 42
    run(lab, windows)
    estimates = [result.value for result in found(lab, "roc_auc", Status.ESTIMATED)]
    # computed by NannyML 0.13.1 on the same chunks
    theirs = {0: 0.90551, 19: 0.90251, 26: 0.90154, 27: 0.83678, 28: 0.87291, 29: 0.90041}
    for place, value in theirs.items():
        assert estimates[place] == pytest.approx(value, abs=1e-3), place
    assert failed(lab) == [27, 28]
    assert opened(lab) == [windows[27].utc.start]
    run(lab, windows, labels=True)
    assert len(found(lab, "roc_auc", Status.FINAL)) == 42
    assert failed(lab) == [27, 28]
    assert opened(lab) == [windows[27].utc.start]


def opened(lab: Lab) -> list[datetime]:
    """First windows of the incidents that the stored verdicts make."""
    settings = AlertSettings(
        model="credit", owner="team:x", cadence=lab.config.window, zone=UTC, channel=None
    )
    evaluate(lab.store.engine, settings, lab.now, "run")
    with lab.store.read() as connection:
        query = sa.select(incidents.c.opened_window).where(incidents.c.state != "withdrawn")
        return [*connection.scalars(query)]


def test_census_by_calendar_year(lab: Lab) -> None:
    """Nothing was wrong in any year."""
    census(lab, 5_000)
    log = pd.read_parquet(lab.root / "log.parquet")
    middle = pd.to_datetime(log["year"].astype(str) + "-07-01", utc=True)
    log.assign(at=middle.dt.as_unit("us")).to_parquet(lab.root / "log.parquet")
    lab.config = census_model(start="2016-01-01", window="year")
    years = lab.model.windows(None, pd.Timestamp("2019-01-01", tz="UTC").to_pydatetime(), lab.now)
    assert len(years) == 3
    run(lab, years, labels=True)
    for status in (Status.ESTIMATED, Status.FINAL):
        assert [r.verdict for r in found(lab, "roc_auc", status)] == [Verdict.OK] * 3
    # by scikit-learn
    truth = [result.value for result in found(lab, "roc_auc", Status.FINAL)]
    assert truth == pytest.approx([0.9020, 0.9051, 0.9057], abs=5e-5)
    assert opened(lab) == []
