"""Great Expectations on an open DuckDB connection: in place, one scan, no values fetched.

Great Expectations has no DuckDB dialect of its own. Its generic SQL engine is right for DuckDB
but for what is mended here: it closes a connection before it fetches from it, reads column types
by reflection, has no regular expressions, and fetches sample rows that must stay where they are.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.expectations import quiet  # noqa: F401 - before Great Expectations

# isort: split
import duckdb
import sqlalchemy as sa
from duckdb_engine import ConnectionWrapper
from great_expectations.exceptions import GreatExpectationsError, MetricResolutionError
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.execution_engine.sqlalchemy_batch_data import SqlAlchemyBatchData
from great_expectations.expectations.registry import get_metric_provider
from sqlalchemy.pool import StaticPool

from monitoring_pipelines.expectations.types import DuckDBTypes, column_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# the metrics that are rows or values of the data; no expectation needs one for its verdict
_SAMPLES = (
    ".unexpected_values",
    ".unexpected_rows",
    ".unexpected_index_list",
    ".unexpected_index_query",
    ".unexpected_value_counts",
)


def identifier(name: str) -> str:
    """`name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


class _BorrowedConnection(ConnectionWrapper):
    """A connection of somebody else, who alone closes it and opens and ends transactions."""

    def begin(self) -> None:
        """Nothing: reading needs no transaction."""

    def commit(self) -> None:
        """Nothing was written."""

    def rollback(self) -> None:
        """Nothing was written."""

    def close(self) -> None:
        """Left open for its owner."""


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):  # type: ignore[misc] # loosely typed
    """SQL engine of Great Expectations on `relation` of an open connection.

    `failures` holds what went wrong, by metric, for the reason of an unknown verdict.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, relation: str) -> None:
        # SQLAlchemy keeps what makes connections for longer than the engine; a list can be emptied
        self._borrowed = borrowed = [_BorrowedConnection(connection)]
        engine = sa.create_engine("duckdb://", creator=lambda: borrowed[0], poolclass=StaticPool)
        super().__init__(engine=engine, create_temp_table=False)
        self.dialect_module = DuckDBTypes("duckdb")
        self.relation = relation
        self.failures: dict[Any, Exception] = {}
        self._open = engine.connect()
        self.load_batch_data("window", SqlAlchemyBatchData(self, table_name=relation))

    @contextmanager
    def get_connection(self) -> Iterator[sa.Connection]:
        """The one connection, not closed afterwards, so that a result can still be fetched."""
        yield self._open

    def close(self) -> None:
        """Let go of SQLAlchemy's side; the DuckDB connection stays open."""
        self._open.close()
        self.engine.dispose()
        self._borrowed.clear()

    def column_types(self) -> list[dict[str, Any]]:
        """Names and types of the columns, as Great Expectations passes them around."""
        quoted = identifier(self.relation)
        rows = self._open.exec_driver_sql(f"DESCRIBE {quoted}").fetchall()
        # always quoted in SQL, and compared letter by letter, whatever the name looks like
        return [
            {"name": sa.sql.quoted_name(row[0], quote=True), "type": column_type(row[1])}
            for row in rows
        ]

    def resolve_metrics(
        self,
        metrics_to_resolve: Iterable[Any],
        metrics: dict[Any, Any] | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> dict[Any, Any]:
        """Resolve what is ready: aggregates only when nothing else is, hence all in one scan.

        Great Expectations asks again for what is left out, so the aggregates of the whole suite
        meet in one SELECT. One failing metric fails alone; the others keep their values.
        """
        asked = [metric for metric in metrics_to_resolve if metric.id not in self.failures]
        resolved: dict[Any, Any] = {m.id: [] for m in asked if m.metric_name.endswith(_SAMPLES)}
        rest = [metric for metric in asked if metric.id not in resolved]
        direct = [metric for metric in rest if get_metric_provider(metric.metric_name, self)[1]]
        batches = [[metric] for metric in direct] or ([rest] if rest else [])
        for batch in batches:
            try:
                resolved |= super().resolve_metrics(batch, metrics, runtime_configuration)
            except MetricResolutionError as error:
                self.failures |= {metric.id: error for metric in error.failed_metrics}
        if not resolved:
            self._tell_failure(metrics_to_resolve)
        return resolved

    def _tell_failure(self, asked: Iterable[Any]) -> None:
        for metric in asked:
            if metric.id in self.failures:
                error = self.failures[metric.id]
                raise MetricResolutionError(message=str(error), failed_metrics=(metric,))

    def resolve_metric_bundle(self, metric_fn_bundle: Iterable[Any]) -> dict[Any, Any]:
        """Aggregates in one SELECT; where it fails, halves, so that only the culprit is lost."""
        bundle = list(metric_fn_bundle)
        try:
            values: dict[Any, Any] = super().resolve_metric_bundle(bundle)
        except (sa.exc.SQLAlchemyError, duckdb.Error, GreatExpectationsError, TypeError) as error:
            if len(bundle) == 1:
                self.failures[bundle[0].metric_configuration.id] = error
                return {}
            middle = len(bundle) // 2
            first = self.resolve_metric_bundle(bundle[:middle])
            return first | self.resolve_metric_bundle(bundle[middle:])
        return values
