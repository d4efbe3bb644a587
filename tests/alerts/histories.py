"""Short histories: ``B`` breach, ``C`` critical breach, ``o`` ok, ``.`` unknown, one a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.condition import Evaluation, Outcome, Policy, fold
from monitoring_pipelines.alerts.incident import REOPEN, incidents
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.alerts.triage import Fingerprint, evaluation, fingerprint, policy
from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Cadence, Window

if TYPE_CHECKING:
    from monitoring_pipelines.alerts.incident import Incident

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
OUTCOMES = {
    "B": Outcome.BREACH,
    "C": Outcome.BREACH,
    "o": Outcome.OK,
    ".": Outcome.UNKNOWN,
}
VERDICTS = {"B": Verdict.FAIL, "C": Verdict.FAIL, "o": Verdict.OK, ".": Verdict.UNKNOWN}
# usual 0.86 and tolerance 0.02: 0.83 is one and a half tolerances off, 0.78 four
VALUES = {"B": 0.83, "C": 0.78, "o": 0.86, ".": None}


def day(number: int) -> Window:
    return Window(START + number * DAY, START + (number + 1) * DAY)


def evaluations(history: str) -> list[Evaluation]:
    return [
        Evaluation(
            day(number),
            OUTCOMES[letter],
            Severity.CRITICAL if letter == "C" else Severity.HIGH,
            day(number).end,
        )
        for number, letter in enumerate(history)
    ]


def result(number: int, letter: str, metric: str = "roc_auc", **other: object) -> Result:
    values: dict[str, object] = {
        "model": "churn",
        "window": day(number),
        "metric": metric,
        "as_of": day(number).end,
        "value": VALUES[letter],
        "n": 31_204,
        "reference_value": 0.86,
        "tolerance": 0.02,
        "verdict": VERDICTS[letter],
        "reason": "of this test",
        "status": Status.FINAL,
        "label_coverage": 0.88,
        "model_version": "v14",
        "run_id": "3f2b8c1e-0000",
    }
    return Result(**(values | other))  # type: ignore[arg-type]


def results(history: str, metric: str = "roc_auc", **other: object) -> list[Result]:
    return [result(number, letter, metric, **other) for number, letter in enumerate(history)]


History = dict[Fingerprint, list[Result]]


def the_incident(*groups: list[Result]) -> tuple[Incident, History]:
    """The one incident that conditions make, each given by its results, and all of these."""
    history = {fingerprint(rows[0]): rows for rows in groups}
    conditions = {
        f: fold(map(evaluation, rows), policy(f, Policy())) for f, rows in history.items()
    }
    (incident,) = incidents(conditions, REOPEN[Cadence.DAY])
    return incident, history
