"""One score of each name for a trace."""

from __future__ import annotations

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.llm_scores import write_scores


def test_several_scores_of_a_trace_are_one_and_a_repeated_one_counts_once() -> None:
    connection = connect()
    connection.execute("CREATE TEMP TABLE calls AS SELECT unnest(['a', 'b']) AS trace_id")
    connection.execute(
        "CREATE TEMP TABLE given AS FROM (VALUES ('1', 'good', 0.0, 'API', 'a'), "
        "('2', 'good', 0.5, 'EVAL v1', 'a'), ('2', 'good', 0.5, 'EVAL v1', 'a'), "
        "('3', 'kind', -1.0, NULL, 'a'), ('4', 'good', 1.0, NULL, 'b'), "
        "('5', 'good', 9.0, NULL, 'not called')) t(id, name, value, judge, trace_id)"
    )
    write_scores(connection, "FROM given")
    assert connection.execute(
        "SELECT place, given[1].x, given[2].x, list_transform(names, lambda one: one.name), "
        "list_transform(judges, lambda one: one.name) FROM scored ORDER BY place"
    ).fetchall() == [
        ("a", 0.25, -1.0, ["good", "kind"], ["good: API", "good: EVAL v1"]),
        ("b", 1.0, None, ["good"], None),
    ]
