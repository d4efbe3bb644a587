"""Numbers of a window that need no text: extremes of users and rows, verdicts of a guardrail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb import extremes as sql
from monitoring_pipelines.backends.duckdb.guarded import count_flags, count_guarded
from monitoring_pipelines.backends.duckdb.label_sources import Told, disagreement
from monitoring_pipelines.backends.duckdb.principals import shares_by_user
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.security.extraction import Queries, suspects
from monitoring_pipelines.security.facts import (
    BEHAVED,
    BEHAVIOUR,
    GUARDED,
    OTHERS,
    TRACED,
    WORST,
    occurrence_key,
)
from monitoring_pipelines.summaries.occurrences import Occurrences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.reading import Reader

RECENT = timedelta(days=30)  # a label is about a prediction of this age at most, or of `maturity`
BEHIND = ("principal", "end_user", "ip")


def extremes(
    rows: Rows,
    window: Window | None,
    roles: Mapping[str, str],
    features: tuple[Sequence[str], Sequence[str]],
    score: str | None,
) -> dict[str, float]:
    """Extremes by name, as far as the columns allow; none of a window without rows.

    `features` are the numeric ones, and all of them.
    """
    if not rows.n_rows:
        return {}
    numeric, every = features
    found = {"flood": sql.largest_group(rows, every)} if every else {}
    if rows.log.time is not None and window is not None:
        found["gap"] = sql.longest_gap(rows, window.utc.start, window.utc.end)
    if "sequence" in roles:
        found["missing_numbers"] = sql.missing_numbers(rows, roles["sequence"])
    if "api_key" in roles:
        others = [roles[role] for role in BEHIND if role in roles]
        counts = [sql.largest_variety(rows, roles["api_key"], other) for other in others]
        known = [count for count in counts if count is not None]
        found |= {"shared_key": max(known)} if known else {}
    if "principal" in roles:
        found |= _of_users(rows, roles, numeric, score)
    return found


def newcomers(
    rows: Rows, window: Window, roles: Mapping[str, str], since: datetime
) -> dict[str, float]:
    """Callers that the log has not had since; of a log in files, of which all is there."""
    if "principal" not in roles or rows.log.time is None or not rows.n_rows:
        return {}
    n = sql.first_seen(rows, roles["principal"], roles.get("ip"), window.utc, since)
    return {"first_seen": n} if n is not None else {}


def _of_users(
    rows: Rows, roles: Mapping[str, str], numeric: Sequence[str], score: str | None
) -> dict[str, float]:
    who = roles["principal"]
    most = sql.largest_count(rows, who)
    if most is None:  # the column is there, and nobody is named
        return {}
    found = {"calls": most}
    for role in ("cost", "tokens"):
        if role in roles and (spent := sql.largest_sum(rows, who, roles[role])) is not None:
            found[role] = spent
    if "status" in roles and rows.log.time is not None:
        found["denied"] = sql.largest_denied(rows, who, roles["status"])
    if numeric:
        found["probing"] = sql.largest_neighbourhood(rows, who, numeric)
        users = [Queries(*user) for user in shares_by_user(rows, who, numeric, score)]
        n = suspects(users)
        found |= {"suspects": float(n)} if n is not None else {}
    return found


def of_labels(reader: Reader, window: Window) -> tuple[dict[str, float], dict[str, Occurrences]]:
    """Extremes of the labels that arrived in a window, and the source that differs most."""
    config = reader.model.config
    source, labels = config.security.columns.label_source, config.labels
    if not source or labels is None or reader.labels is None or labels.columns.available_at is None:
        return {}, {}
    rows = select_rows(reader.labels.log(None), window, None)
    if not rows.n_rows:
        return {}, {}
    most = sql.largest_count(rows, source)
    found = {"label_source": most} if most is not None else {}
    columns = config.predictions.columns
    if config.predictions.is_database or columns.id is None or config.task is Task.REGRESSION:
        return found, {}
    told = Told(
        source=source,
        label=labels.columns.label,
        label_id=labels.columns.id or columns.id,
        prediction_id=columns.id,
        prediction=columns.prediction,
        score=columns.prediction_score,
        positive=labels.positive,
        threshold=0.5 if config.performance.threshold is None else config.performance.threshold,
    )
    since = window.utc.start - max(labels.maturity, RECENT)
    worst = disagreement(rows, reader.predictions.log(window), told, since)
    if worst is None:
        return found, {}
    excess = worst.bad / worst.n - worst.others_bad / worst.others
    return found | {"disagreement": excess}, {
        occurrence_key(WORST, ""): Occurrences(worst.n, {"bad": worst.bad}),
        occurrence_key(OTHERS, ""): Occurrences(
            worst.others, {"bad": worst.others_bad, "sources": worst.n_sources}
        ),
    }


def behaved(rows: Rows) -> dict[str, Occurrences]:
    """Tasks of an agent by what they did with tools; none of a log that has no tasks."""
    if not {*BEHAVIOUR} <= {*rows.log.columns}:
        return {}
    return {
        occurrence_key(BEHAVED, name): Occurrences(n, {name: some})
        for name, (n, some) in count_flags(rows, BEHAVIOUR).items()
    }


def guarded(rows: Rows, roles: Mapping[str, str]) -> dict[str, Occurrences]:
    """Verdicts of a guardrail and what its traces keep, as far as the columns allow."""
    found = {}
    if "guardrail_verdict" in roles:
        seen, detected, answered = count_guarded(rows, roles)
        counts = {"detected": detected, "answered": answered}
        found[occurrence_key(GUARDED, "")] = Occurrences(seen, counts)
    if "guardrail_raw" in roles:
        ((traced, raw),) = count_flags(rows, [roles["guardrail_raw"]]).values()
        found[occurrence_key(TRACED, "")] = Occurrences(traced, {"raw": raw})
    return found
