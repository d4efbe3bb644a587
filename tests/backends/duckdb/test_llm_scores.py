"""One score of each name for a trace."""

from __future__ import annotations

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.llm_scores import write_scores


def test_several_scores_of_a_trace_are_one_and_a_repeated_one_counts_once() -> None:
    connection = connect()
    connection.execute("CREATE TEMP TABLE calls AS SELECT unnest(['a', 'b']) AS trace_id")
    connection.execute(
        'CREATE TEMP TABLE given AS SELECT *, NULL AS span_id, NULL::TIMESTAMP AS "timestamp" '
        "FROM (VALUES ('1', 'good', 0.0, 'API', 'a'), "
        "('2', 'good', 0.5, 'EVAL v1', 'a'), ('2', 'good', 0.5, 'EVAL v1', 'a'), "
        "('3', 'kind', -1.0, NULL, 'a'), ('4', 'good', 1.0, NULL, 'b'), "
        "('5', 'good', 9.0, NULL, 'not called')) t(id, name, value, judge, trace_id)"
    )
    connection.execute("CREATE TEMP TABLE places AS SELECT 'a' AS trace_id, '1' AS span_id")
    write_scores(connection, "FROM given")
    assert connection.execute(
        "SELECT place, given[1].x, given[2].x, list_transform(names, lambda one: one.name), "
        "list_transform(judges, lambda one: one.name) FROM scored ORDER BY place"
    ).fetchall() == [
        ("a", 0.25, -1.0, ["good", "kind"], ["good: API", "good: EVAL v1"]),
        ("b", 1.0, None, ["good"], None),
    ]


def test_a_score_of_a_span_is_of_its_trace_and_as_it_was_written_last() -> None:
    connection = connect()
    connection.execute("CREATE TEMP TABLE calls AS SELECT unnest(['a', 'b', 'c']) AS trace_id")
    connection.execute(
        "CREATE TEMP TABLE places AS FROM (VALUES ('a', '1'), ('a', '2'), ('b', '3'), ('c', '3')) "
        "t(trace_id, span_id)"
    )
    connection.execute(
        "CREATE TEMP TABLE given AS SELECT *, 'good' AS name, 'LLM' AS judge FROM (VALUES "
        "('1', 0.0, NULL, '1', TIMESTAMP '2026-01-01'), "
        "('1', 1.0, NULL, '1', TIMESTAMP '2026-01-02'), ('1', 0.5, NULL, '1', NULL), "
        "('2', 0.5, NULL, '2', NULL), ('3', 0.0, NULL, '3', NULL), ('4', 0.0, NULL, '9', NULL), "
        "('5', 0.25, 'c', NULL, NULL)) t(id, value, trace_id, span_id, \"timestamp\")"
    )
    write_scores(connection, "FROM given")
    # span 3 is of two traces, and nobody knows span 9
    found = connection.execute("SELECT place, given[1].x FROM scored ORDER BY place").fetchall()
    assert found == [("a", 0.75), ("c", 0.25)]
