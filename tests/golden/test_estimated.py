"""Performance without labels on public logs, against published estimates and against the truth.

The estimates are those that NannyML's tutorials print, of chunks that are laid on days here.
"""

from __future__ import annotations

from datetime import UTC, datetime
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
    """The printed estimates; the last five chunks only are worse by what matters at 0.97."""
    put(lab, "nannyml_car_loan/", "repaid", 5_000)
    columns = {"prediction_score": "y_pred_proba", "prediction": "y_pred"}
    monitored(lab, columns, "repaid")
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


CARDS = ("highstreet_card", "prepaid_card", "upmarket_card")


def test_credit_cards_of_three_classes(lab: Lab) -> None:
    """Concept drift: estimates hold, then are too optimistic by 0.07, are caught and muted."""
    put(lab, "nannyml_misc/multiclass_", "y_true", 6_000)
    columns = {
        "prediction": "y_pred",
        "prediction_proba": {name: f"y_pred_proba_{name}" for name in CARDS},
    }
    monitored(lab, columns, "y_true", task="multiclass_classification")
    run(lab, [lab.day(number) for number in range(10, 20)], labels=True)
    printed = [0.906962, 0.909877, 0.909887, 0.909033, 0.907116]
    printed += [0.819359, 0.820096, 0.818966, 0.819245, 0.821429]
    realised = [0.907595, 0.910534, 0.909414, 0.911577, 0.907533]
    realised += [0.748588, 0.751137, 0.756399, 0.758561, 0.753937]
    estimates = found(lab, "macro_roc_auc", Status.ESTIMATED)
    assert [result.value for result in estimates] == pytest.approx(printed, abs=0.002)
    f1 = [result.value for result in found(lab, "macro_f1", Status.ESTIMATED)]
    printed_f1 = [0.630985, 0.631482, 0.630552, 0.631736, 0.633443]
    assert f1[5:] == pytest.approx(printed_f1, abs=0.002)
    errors = found(lab, "estimation_error", Status.FINAL)
    expected = [said - truth for said, truth in zip(printed, realised, strict=True)]
    assert [result.value for result in errors] == pytest.approx(expected, abs=0.002)
    assert [result.verdict for result in errors] == [Verdict.OK] * 5 + [Verdict.WARN] * 5
    assert "was too optimistic by 0.07" in errors[5].reason
    # the labels of a day are known at its end, so from the eighth day on two errors were known
    unknown = [result.verdict is Verdict.UNKNOWN for result in estimates]
    assert unknown == [False] * 7 + [True] * 3
    assert "the estimate was wrong in 2, at last by 0.06" in estimates[7].reason
    # and the truth says fail
    assert failed(lab) == [5, 6, 7, 8, 9]


YEARS_2 = pd.Timedelta(days=730)


def compas(lab: Lab, **more: Any) -> list[Window]:
    """Risk scores of Broward County; a re-offence is known on its day, its absence after 2 years.

    From April 2014 on the file holds re-offenders only.
    """
    rows = pd.read_parquet(folder() / "compas" / "compas-scores-two-years.parquet")
    at = pd.to_datetime(rows["compas_screening_date"], utc=True)
    offence = pd.to_datetime(rows["r_offense_date"], utc=True)
    known = offence.where(rows["two_year_recid"] == 1, at + YEARS_2).clip(upper=at + YEARS_2)
    log = pd.DataFrame({"id": rows["id"], "at": at, "score": rows["decile_score"]})
    log.to_parquet(lab.root / "log.parquet")
    truth = pd.DataFrame({"id": rows["id"], "label": rows["two_year_recid"], "known": known})
    truth.to_parquet(lab.root / "labels.parquet")
    columns = {"label": "label", "available_at": "known"}
    lab.config = declared(
        labels={"location": "labels.parquet", "columns": columns, "maturity": "731d"},
        reference={"start": "2013-01-01", "end": "2013-05-01"},
        window="month",
        start="2013-08-01",
        end="2014-04-01",
        **more,
    )
    return lab.model.windows(None, None, lab.now)


@pytest.mark.parametrize("metric", ["roc_auc", "accuracy"])
def test_compas_by_arrival_of_labels(lab: Lab, metric: str) -> None:
    """Early labels are all positive; they are corrected, near what all labels say, and no page."""
    windows = compas(lab, performance={"metric": metric, "threshold": 5.0, "min_coverage": 0.1})
    assert len(windows) == 8
    lab.now = datetime(2015, 5, 15, tzinfo=UTC)
    with Monitor.open(lab.model, lab.store, now=lab.now, run_id="run") as monitor:
        for window in windows:
            monitor.performance(window)
    early = lab.results(metric=metric, segment="")
    coverage = lab.results(metric="label_coverage", segment="")
    assert {result.status for result in early} == {Status.PROVISIONAL}
    assert all("mostly positive" in result.reason for result in [*early, *coverage])
    assert all(0.2 < (result.label_coverage or 0) < 0.5 for result in early)
    assert failed(lab) == []
    assert opened(lab) == []
    lab.now = datetime(2017, 1, 1, tzinfo=UTC)
    with Monitor.open(lab.model, lab.store, now=lab.now, run_id="run") as monitor:
        for window in windows:
            monitor.performance(window)
    late = lab.results(metric=metric, segment="")
    assert {result.status for result in late} == {Status.FINAL}
    inside = [
        (before.low or 0) <= (after.value or 0) <= (before.high or 0)
        for before, after in zip(early, late, strict=True)
    ]
    # of eight intervals at 95 per cent less than seven hold with probability 0.06
    assert sum(inside) >= 7
    assert opened(lab) == []
