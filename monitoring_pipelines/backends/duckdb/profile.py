"""What the columns of a log look like, from one look at some of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier
from monitoring_pipelines.backends.duckdb.log import TimeColumn, time_column
from monitoring_pipelines.backends.duckdb.types import category, family, number
from monitoring_pipelines.domain.timestamps import TimestampKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.backends.duckdb.log import Log

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SAMPLE = 50_000
FEW = 20


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column in `n_rows` rows: `n` of them with a value, `n_distinct` different ones.

    `low` and `high` are of its numbers and `is_whole` tells whether these have no fractions;
    `n_times` are its texts that are times. `values` are its values, the most frequent first, if
    they are few.
    """

    name: str
    family: str
    n_rows: int
    n: int
    n_distinct: int
    low: float | None = None
    high: float | None = None
    is_whole: bool = False
    n_times: int = 0
    values: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers; a text of digits is none."""
        return self.family in {"integer", "float"} and self.low is not None

    @property
    def is_share(self) -> bool:
        """Whether its numbers lie between 0 and 1 and are not only these two."""
        if not self.is_number or self.low is None or self.high is None or self.is_whole:
            return False
        return self.low >= 0 and self.high <= 1

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value of its own."""
        return self.n == self.n_distinct == self.n_rows > 0


def profile(log: Log) -> list[ColumnProfile]:
    """Profile every column of `log`; all of them are in one scan of some rows."""
    some = f"(SELECT * FROM {log.view} LIMIT {SAMPLE})"
    names, sums = [*log.columns], []
    for name in names:
        column, dtype = identifier(name), log.columns[name]
        value = number(column, dtype)
        time = TimeColumn(name, TimestampKind.TEXT, UTC).instant()
        n_times = f"count({time})" if dtype == "VARCHAR" else "0"
        sums.append(
            f"count({column}), count(DISTINCT {category(column, dtype)}), min({value}), "
            f"max({value}), coalesce(bool_and({value} = trunc({value})), false), {n_times}"
        )
    n_rows, *found = log.query(f"SELECT count(*), {', '.join(sums)} FROM {some}")[0]
    width = len(found) // len(names)
    profiles = []
    for i, name in enumerate(names):
        n, n_distinct, low, high, is_whole, n_times = found[i * width : (i + 1) * width]
        values = _values(log, name) if 0 < n_distinct <= FEW else ()
        kind = family(log.columns[name])
        profiles.append(
            ColumnProfile(name, kind, n_rows, n, n_distinct, low, high, is_whole, n_times, values)
        )
    return profiles


def adds_up(log: Log, columns: Sequence[str]) -> bool:
    """Whether these columns are shares of one: they add up to 1 in every row that has them."""
    total = " + ".join(identifier(name) for name in columns)
    statement = f"SELECT count(t), count(*) FILTER (abs(t - 1) > 1e-3) FROM (SELECT {total} AS t "
    n, off = log.query(f"{statement} FROM {log.view} LIMIT {SAMPLE})")[0]
    return bool(n) and not off


def time_span(log: Log, column: str) -> tuple[datetime, datetime, int] | None:
    """First and last time in a column of the whole log, in UTC, and the rows with one."""
    at = time_column(log, column, UTC).instant()
    times = f"(SELECT {at} AS t FROM {log.view})"
    first, last, n = log.query(f"SELECT epoch_us(min(t)), epoch_us(max(t)), count(t) FROM {times}")[
        0
    ]
    if not n:
        return None
    return EPOCH + timedelta(microseconds=first), EPOCH + timedelta(microseconds=last), n


def arrival(
    predictions: tuple[Log, str, str], labels: tuple[Log, str, str], share: float
) -> timedelta | None:
    """Time in which that share of the labels came; each log with its id and its time."""
    sides = []
    for log, key, time in (predictions, labels):
        at = time_column(log, time, UTC).instant()
        sides.append(f"(SELECT {identifier(key)}::VARCHAR AS id, {at} AS t FROM {log.view})")
    seconds = labels[0].query(
        f"SELECT quantile_cont(epoch(l.t) - epoch(p.t), ?) FROM {sides[0]} p "
        f"JOIN {sides[1]} l USING (id)",
        [share],
    )[0][0]
    return None if seconds is None else timedelta(seconds=max(0.0, seconds))


def _values(log: Log, name: str) -> tuple[str, ...]:
    value = category(identifier(name), log.columns[name])
    rows = log.query(
        f"SELECT v FROM (SELECT {value} AS v FROM {log.view} LIMIT {SAMPLE}) "
        "WHERE v IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v"
    )
    return tuple(str(value) for (value,) in rows)
