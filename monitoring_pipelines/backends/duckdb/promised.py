"""What a card promises of the log itself: which values stand in a column, and who reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier
from monitoring_pipelines.backends.duckdb.types import category, family, number
from monitoring_pipelines.governance.facts import Named, Reviews

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.governance.card import Oversight

MAX_NAMED = 3
NAME_LENGTH = 60
# so many different texts of a column are looked at closely
MAX_TEXTS = 2_000
SCANNED = ("text", "integer")


def named(rows: Rows, column: str, allowed: Sequence[str]) -> Named | None:
    """Rows whose value of `column` is none of `allowed`; None if there is no such column."""
    dtype = rows.log.columns.get(column)
    if dtype is None:
        return None
    value = f"nullif(trim({category(identifier(column), dtype)}), '')"
    counts = f"SELECT {value} AS v, count(*) AS n FROM ({rows.statement}) GROUP BY 1"
    is_other = "v IS NOT NULL AND NOT list_contains(?, v)"
    [(total, missing, n_others, others)] = rows.log.query(
        "SELECT coalesce(sum(n), 0), coalesce(sum(n) FILTER (v IS NULL), 0), "
        f"coalesce(sum(n) FILTER ({is_other}), 0), "
        f"list(v[:{NAME_LENGTH}] ORDER BY n DESC, v) FILTER ({is_other}) FROM ({counts})",
        [[*allowed], [*allowed]],
    )
    return Named(int(total), int(missing), int(n_others), tuple((others or [])[:MAX_NAMED]))


def reviews(rows: Rows, plan: Oversight, prediction: str | None) -> Reviews | None:
    """What people did with the decisions; None without the column of reviewers."""
    columns = rows.log.columns
    if plan.reviewer not in columns:
        return None
    looked = f"nullif(trim({identifier(plan.reviewer)}::VARCHAR), '') IS NOT NULL"
    if family(columns[plan.reviewer]) == "boolean":
        looked = f"coalesce({identifier(plan.reviewer)}, false)"
    decided = changed = seconds = "NULL"
    if plan.decision in columns and prediction in columns:
        mine, theirs = (
            category(identifier(name), columns[name])
            for name in (str(plan.decision), str(prediction))
        )
        decided = f"count(*) FILTER ({looked} AND {mine} IS NOT NULL AND {theirs} IS NOT NULL)"
        changed = f"count(*) FILTER ({looked} AND {mine} <> {theirs})"
    if plan.seconds in columns:
        taken = number(identifier(str(plan.seconds)), columns[str(plan.seconds)])
        seconds = f"median({taken}) FILTER ({looked})"
    [(n, looked_at, n_decided, n_changed, median_s)] = rows.log.query(
        f"SELECT count(*), count(*) FILTER ({looked}), {decided}, {changed}, {seconds} "
        f"FROM ({rows.statement})"
    )
    return Reviews(int(n), int(looked_at), n_decided, n_changed, median_s)


def scanned_columns(rows: Rows, allowed: Sequence[str]) -> list[str]:
    """Columns of text and whole numbers that may not hold personal data."""
    return [
        name
        for name, dtype in rows.log.columns.items()
        if name not in allowed and family(dtype) in SCANNED
    ]


def texts(rows: Rows, column: str, hint: str) -> Iterator[tuple[str, int]]:
    """Different values that match `hint` (RE2), and how many rows have each; few at once.

    Of more than `MAX_TEXTS` it gives those with the smallest hash: the same ones every time.
    """
    value = f"{identifier(column)}::VARCHAR"
    yield from rows.log.query(
        f"SELECT v, count(*) FROM (SELECT {value} AS v FROM ({rows.statement})) "
        f"WHERE regexp_matches(v, ?) GROUP BY v ORDER BY hash(v), v LIMIT {MAX_TEXTS}",
        [hint],
    )
