"""Decisions by group: how many rows of each got the favourable one. No label is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier, literal
from monitoring_pipelines.backends.duckdb.types import category, number
from monitoring_pipelines.summaries.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitoring_pipelines.backends.duckdb.rows import Rows

MAX_GROUPS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided: the class in `prediction`, or by a `score` from a `threshold` on.

    `favourable` is the class that is good for a person; a binary model with a score decides
    for `positive` from the threshold on.
    """

    favourable: str
    positive: str = "1"
    prediction: str | None = None
    score: str | None = None
    threshold: float | None = None

    def sql(self, columns: Mapping[str, str]) -> str | None:
        """SQL of a truth value, NULL where nothing was decided; None if the log cannot tell."""
        if self.prediction is not None and self.prediction in columns:
            decided = category(identifier(self.prediction), columns[self.prediction])
            return f"({decided} = {literal(self.favourable)})"
        if self.score is None or self.threshold is None or self.score not in columns:
            return None
        score = number(identifier(self.score), columns[self.score])
        sign = ">=" if self.favourable == self.positive else "<"
        return f"({score} {sign} {self.threshold!r})"


def group(columns: Sequence[str], types: Mapping[str, str], table: str = "") -> str:
    """SQL of a group's name, ``sex=f & race=b``; NULL if one of the values is missing."""
    return " || ' & ' || ".join(
        f"{literal(f'{name}=')} || {category(table + identifier(name), types[name])}"
        for name in columns
    )


def count_selections(
    rows: Rows, decision: Decision, groupings: Sequence[tuple[str, ...]]
) -> dict[str, dict[str, Selection]]:
    """Selections by the names of the grouping's columns and by group; the largest 50 of each.

    A grouping that the log lacks a column of has no part, nor has a row without group or decision.
    """
    columns = rows.log.columns
    selected = decision.sql(columns)
    found: dict[str, dict[str, Selection]] = {}
    for names in groupings:
        if selected is None or not all(name in columns for name in names):
            continue
        counts = rows.log.query(
            f"SELECT g, count(s), count(*) FILTER (s) FROM (SELECT {group(names, columns)} AS g, "
            f"{selected} AS s FROM ({rows.statement})) WHERE g IS NOT NULL AND s IS NOT NULL "
            f"GROUP BY g ORDER BY 2 DESC, 1 LIMIT {MAX_GROUPS}"
        )
        found[" & ".join(names)] = {name: Selection(n, k) for name, n, k in sorted(counts)}
    return found
