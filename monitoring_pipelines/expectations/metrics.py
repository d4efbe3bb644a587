"""What Great Expectations measures by another query on DuckDB than on its generic SQL.

Importing this module registers the metrics for `DuckDBExecutionEngine` only; other engines of
Great Expectations in the same process keep theirs. Two kinds: what DuckDB writes differently
(types, regular expressions, LIKE), and what it can do in the common scan or by one hash table
where the generic query needs a sort, a window or a join (median, quantiles, uniqueness).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.expectations import quiet  # noqa: F401 - before Great Expectations

# isort: split
import sqlalchemy as sa
from great_expectations.expectations import metrics as generic
from great_expectations.expectations.metrics.column_aggregate_metric_provider import (
    ColumnAggregateMetricProvider,
    column_aggregate_partial,
)
from great_expectations.expectations.metrics.map_metric_provider import column_condition_partial
from great_expectations.expectations.metrics.metric_provider import MetricProvider, metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from monitoring_pipelines.expectations.engine import DuckDBExecutionEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _column_types(*, execution_engine: DuckDBExecutionEngine, **_: Any) -> list[dict[str, Any]]:
    """By DESCRIBE; the reflection of duckdb-engine fails on SQLAlchemy 2.1."""
    return execution_engine.column_types()


def _match(column: Any, regex: str) -> Any:
    """Whether `regex` is found anywhere in the text of a value, as in pandas."""
    return sa.func.regexp_matches(sa.cast(column, sa.VARCHAR), regex)


def _like(column: Any, pattern: str, escape: str | None) -> Any:
    return sa.cast(column, sa.VARCHAR).like(pattern, escape=escape)


def _combined(conditions: Sequence[Any], match_on: str | None) -> Any:
    return sa.and_(*conditions) if match_on == "all" else sa.or_(*conditions)


# Great Expectations passes the class of a metric in front of the column


def _match_regex(_: type, column: Any, regex: str, **__: Any) -> Any:
    return _match(column, regex)


def _not_match_regex(_: type, column: Any, regex: str, **__: Any) -> Any:
    return sa.not_(_match(column, regex))


def _match_regex_list(
    _: type, column: Any, regex_list: Sequence[str], match_on: str | None = None, **__: Any
) -> Any:
    return _combined([_match(column, regex) for regex in regex_list], match_on)


def _not_match_regex_list(_: type, column: Any, regex_list: Sequence[str], **__: Any) -> Any:
    return sa.not_(_combined([_match(column, regex) for regex in regex_list], "any"))


def _match_like(
    _: type, column: Any, like_pattern: str, escape: str | None = None, **__: Any
) -> Any:
    return _like(column, like_pattern, escape)


def _not_match_like(
    _: type, column: Any, like_pattern: str, escape: str | None = None, **__: Any
) -> Any:
    return sa.not_(_like(column, like_pattern, escape))


def _match_like_list(_: type, column: Any, like_pattern_list: Sequence[str], **more: Any) -> Any:
    likes = [_like(column, pattern, more.get("escape")) for pattern in like_pattern_list]
    return _combined(likes, more.get("match_on"))


def _not_match_like_list(
    _: type, column: Any, like_pattern_list: Sequence[str], **more: Any
) -> Any:
    likes = [_like(column, pattern, more.get("escape")) for pattern in like_pattern_list]
    return sa.not_(_combined(likes, "any"))


def _median(_: type, column: Any, **__: Any) -> Any:
    """In the common scan; the generic query sorts the column."""
    return sa.func.median(column)


def _standard_deviation(_: type, column: Any, **__: Any) -> Any:
    """Of the sample; the generic metric waits for a mean that it does not use."""
    return sa.func.stddev_samp(column)


def _quantile_values(_: type, column: Any, quantiles: Sequence[float], **__: Any) -> Any:
    """All quantiles of a column in the common scan, each a value that occurs."""
    # DuckDB wants constants here, and a bound value is none; these are numbers, nothing else
    shares = ", ".join(repr(float(share)) for share in quantiles)
    listed: sa.ColumnClause[Any] = sa.literal_column(f"[{shares}]")
    return sa.func.quantile_disc(column, listed)


def _unique(*, execution_engine: Any, metric_domain_kwargs: Any, **_: Any) -> int:
    """Rows whose value occurs again, by one hash table instead of a window over all rows."""
    column = _column(metric_domain_kwargs["column"])
    filled = column.is_not(None)
    return _in_repeated_groups(execution_engine, metric_domain_kwargs, [column], filled)


def _compound_unique(*, execution_engine: Any, metric_domain_kwargs: Any, **_: Any) -> int:
    """Rows whose values together occur again; as in pandas, missing equals missing."""
    columns = [_column(name) for name in metric_domain_kwargs["column_list"]]
    return _in_repeated_groups(execution_engine, metric_domain_kwargs, columns, sa.true())


def _no_values(**_: Any) -> list[Any]:
    """No sample, and so none of what a sample would be taken from."""
    return []


def _column(name: str) -> sa.ColumnClause[Any]:
    return sa.column(sa.sql.quoted_name(name, quote=True))


def _in_repeated_groups(
    engine: DuckDBExecutionEngine, domain: Any, columns: Sequence[Any], which: Any
) -> int:
    source = engine.get_domain_records(domain_kwargs=domain)
    if isinstance(source, sa.Select):
        source = source.subquery()
    size = sa.func.count().label("size")
    groups = sa.select(size).select_from(source).where(which).group_by(*columns)
    repeated = groups.having(sa.func.count() > 1).subquery()
    total = engine.execute_query(sa.select(sa.func.sum(repeated.c.size))).scalar()
    return int(total or 0)


def _register(base: type, function: Callable[..., Any], **attributes: Any) -> None:
    """Make a subclass of `base`, which registers itself under the names and keys it has.

    Those of a metric are inherited from Great Expectations' own class where there is one, so that
    they follow the installed release.
    """
    type(base)(f"DuckDB{base.__name__}", (base,), {"_duckdb": function, **attributes})


_function: Callable[..., Any]
_value = metric_value(engine=DuckDBExecutionEngine)
_condition = column_condition_partial(engine=DuckDBExecutionEngine)
_aggregate = column_aggregate_partial(engine=DuckDBExecutionEngine)

_register(
    TableMetricProvider,
    _value(_column_types),
    metric_name="table.column_types",
    value_keys=("include_nested",),
    default_kwarg_values={"include_nested": True},
)
for _base, _function in (
    (generic.ColumnValuesMatchRegex, _match_regex),
    (generic.ColumnValuesNotMatchRegex, _not_match_regex),
    (generic.ColumnValuesMatchRegexList, _match_regex_list),
    (generic.ColumnValuesNotMatchRegexList, _not_match_regex_list),
    (generic.ColumnValuesMatchLikePattern, _match_like),
    (generic.ColumnValuesNotMatchLikePattern, _not_match_like),
    (generic.ColumnValuesMatchLikePatternList, _match_like_list),
    (generic.ColumnValuesNotMatchLikePatternList, _not_match_like_list),
):
    _register(_base, _condition(_function))
for _base, _function in (
    (generic.ColumnMedian, _median),
    (generic.ColumnStandardDeviation, _standard_deviation),
    (generic.ColumnQuantileValues, _quantile_values),
):
    # not a subclass of the generic metric, whose dependencies would delay the common scan
    _register(
        ColumnAggregateMetricProvider,
        _aggregate(_function),
        metric_name=_base.metric_name,
        value_keys=_base.value_keys,
    )
for _base, _function in (
    (generic.ColumnValuesUnique, _unique),
    (generic.CompoundColumnsUnique, _compound_unique),
):
    for _what, _measure in (("unexpected_count", _function), ("unexpected_values", _no_values)):
        _register(
            MetricProvider,
            _value(_measure),
            metric_name=f"{_base.condition_metric_name}.{_what}",
            domain_keys=_base.condition_domain_keys,
            value_keys=_base.condition_value_keys,
        )
