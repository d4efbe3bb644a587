"""When labels came, counted by class from the joined rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitoring_pipelines.backends.duckdb.labelled import LabelJoin, summarise_labelled
from monitoring_pipelines.backends.duckdb.predicted import summarise_predicted, summarise_waiting
from monitoring_pipelines.backends.duckdb.rows import Rows, select_rows
from monitoring_pipelines.domain.task import Task
from tests.backends.duckdb.engine import log_of

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
# four labels: at once, after ten days, late, and one that has not come; one row has none ever
LABELS = {
    "id": [1, 2, 3, 4],
    "y": [1, 0, 1, 1],
    "known": [START, START + 10 * DAY, START + 70 * DAY, START + 90 * DAY],
}


def found(maturity: timedelta = 64 * DAY) -> tuple[Rows, LabelJoin]:
    columns = {"id": range(1, 6), "s": [0.1, 0.2, 0.3, 0.4, 0.5], "t": [START] * 5}
    log = log_of(columns, time="t", view="predictions")  # as the pipeline names it
    labels = log_of(LABELS, time="known", connection=log.connection, view="labels")
    join = LabelJoin(
        task=Task.BINARY,
        label="y",
        labels=labels,
        prediction_id="id",
        label_id="id",
        score="s",
        maturity=maturity,
    )
    return select_rows(log, None, None), join


def test_ages_are_counted_by_class_up_to_maturity() -> None:
    ages = summarise_labelled(*found(), START + 80 * DAY)[""].ages
    assert ages is not None
    assert ages.unit == 86_400
    places = {name: counts.nonzero()[0].tolist() for name, counts in ages.counts.items()}
    assert places == {"negative": [10], "positive": [0, 64]}
    assert sum(counts.sum() for counts in ages.counts.values()) == 3


def test_without_a_maturity_there_are_no_ages() -> None:
    assert summarise_labelled(*found(timedelta(0)), START + 80 * DAY)[""].ages is None


def test_rows_without_a_label_wait_at_their_age() -> None:
    rows, join = found()
    waiting = summarise_waiting(rows, join, START + 20 * DAY)
    # the log is still there
    assert summarise_waiting(rows, join, START + 20 * DAY).keys() == waiting.keys()
    assert summarise_predicted(rows, join)[""].n_rows == 5
    assert summarise_predicted(rows, join)[""].n_rows == 5
    assert {name: [*ages] for name, ages in waiting.items()} == {"": [20]}
    scores = waiting[""][20].scores
    assert scores is not None
    assert scores.scores.tolist() == [0.3, 0.4, 0.5]
    assert summarise_waiting(*found(timedelta(0)), START + 20 * DAY) == {}
