"""Verdicts on DuckDB: as in Great Expectations' pandas engine, and never with a value."""

from __future__ import annotations

import dataclasses
import logging
import math
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from monitoring_pipelines.expectations.run import run_suite
from monitoring_pipelines.expectations.suite import load_suite

# the marker stands where an expectation fails, so that an engine that samples would show it
MARKER = "zz-secret-zz"
FRAME = pd.DataFrame(
    {
        "age": [18.0, 30.0, 45.0, 45.0, math.nan, 130.0],
        "n": [1, 2, 3, 4, 5, 6],
        "m": [0, 2, 2, 1, 9, 5],
        "code": ["A1", "B2", None, "C3", MARKER, "A1"],
        "seen": pd.to_datetime(
            ["2026-01-01", "2026-01-02", "2026-01-03", None, "2026-02-01", "2026-01-04"]
        ),
    }
)
SAME_ON_BOTH = [
    ("values_to_not_be_null", {"column": "code"}),
    ("values_to_not_be_null", {"column": "age"}),
    ("values_to_not_be_null", {"column": "age", "mostly": 0.8}),
    ("values_to_be_null", {"column": "age"}),
    ("values_to_be_between", {"column": "age", "min_value": 18, "max_value": 120}),
    ("values_to_be_between", {"column": "age", "min_value": 18, "mostly": 0.9}),
    ("values_to_be_between", {"column": "age", "min_value": 18, "strict_min": True}),
    ("values_to_be_in_set", {"column": "code", "value_set": ["A1", "B2", "C3"]}),
    ("values_to_not_be_in_set", {"column": "n", "value_set": [6, 7]}),
    ("values_to_match_regex", {"column": "code", "regex": "^[A-Z][0-9]$"}),
    ("values_to_match_regex", {"column": "code", "regex": "[0-9]", "mostly": 0.5}),
    ("values_to_not_match_regex", {"column": "code", "regex": "secret"}),
    ("values_to_match_regex_list", {"column": "code", "regex_list": ["A", "B", "C"]}),
    ("values_to_not_match_regex_list", {"column": "code", "regex_list": ["A", "secret"]}),
    ("values_to_be_unique", {"column": "n"}),
    ("values_to_be_unique", {"column": "code"}),
    ("value_lengths_to_be_between", {"column": "code", "min_value": 2, "max_value": 2}),
    ("mean_to_be_between", {"column": "n", "min_value": 3.4, "max_value": 3.6}),
    ("stdev_to_be_between", {"column": "n", "min_value": 1.8, "max_value": 1.9}),
    ("median_to_be_between", {"column": "age", "min_value": 44, "max_value": 46}),
    ("min_to_be_between", {"column": "age", "min_value": 18}),
    ("max_to_be_between", {"column": "age", "max_value": 120}),
    ("sum_to_be_between", {"column": "n", "min_value": 21, "max_value": 21}),
    ("distinct_values_to_be_in_set", {"column": "code", "value_set": ["A1", "B2", "C3"]}),
    ("unique_value_count_to_be_between", {"column": "m", "min_value": 5, "max_value": 5}),
    ("pair_values_a_to_be_greater_than_b", {"column_A": "n", "column_B": "m"}),
]
SAME_ON_BOTH = [(f"expect_column_{name}", kwargs) for name, kwargs in SAME_ON_BOTH] + [
    ("expect_compound_columns_to_be_unique", {"column_list": ["n", "m"]}),
    ("expect_multicolumn_sum_to_equal", {"column_list": ["n", "m"], "sum_total": 4}),
    ("expect_table_row_count_to_equal", {"value": 6}),
    ("expect_table_row_count_to_be_between", {"min_value": 7}),
    ("expect_table_columns_to_match_set", {"column_set": ["age", "n", "m", "code", "seen"]}),
    ("expect_table_columns_to_match_ordered_list", {"column_list": ["n", "age"]}),
    ("expect_column_to_exist", {"column": "code"}),
]  # fmt: skip
IDS = [f"{number}_{name}" for number, (name, _) in enumerate(SAME_ON_BOTH)]


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        opened.execute(
            "CREATE TABLE plain (age DOUBLE, n BIGINT, m BIGINT, code VARCHAR, seen TIMESTAMP)"
        )
        for row in FRAME.itertuples(index=False):
            seen = None if pd.isna(row.seen) else row.seen.to_pydatetime()
            code = row.code if isinstance(row.code, str) else None
            opened.execute(
                "INSERT INTO plain VALUES (?, ?, ?, ?, ?)", [row.age, row.n, row.m, code, seen]
            )
        yield opened


def results(connection, *items, relation="plain"):
    return run_suite(connection, relation, load_suite(list(items), Path()))


def result(connection, name, relation="plain", **kwargs):
    return results(connection, {name: kwargs}, relation=relation)[0]


@pytest.fixture(scope="module")
def on_pandas():
    """Great Expectations' own verdicts, by its pandas engine."""
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    from monitoring_pipelines.expectations.run import _QuietValidator

    engine = PandasExecutionEngine()
    engine.load_batch_data("frame", FRAME)
    outcomes = _QuietValidator(execution_engine=engine).graph_validate(
        [
            ExpectationConfiguration(type=name, kwargs=dict(kwargs), meta={"key": number})
            for number, (name, kwargs) in enumerate(SAME_ON_BOTH)
        ],
        {"result_format": "BASIC"},
    )
    return {outcome.expectation_config.meta["key"]: outcome for outcome in outcomes}


@pytest.fixture(scope="module")
def on_duckdb():
    with duckdb.connect() as opened:
        opened.register("frame", FRAME)
        yield results(opened, *({name: kwargs} for name, kwargs in SAME_ON_BOTH), relation="frame")


@pytest.mark.parametrize("number", range(len(SAME_ON_BOTH)), ids=IDS)
def test_verdict_and_counts_are_those_of_pandas(number, on_pandas, on_duckdb):
    theirs, ours = on_pandas[number], on_duckdb[number]
    assert not (theirs.exception_info or {}).get("raised_exception")
    assert ours.success is bool(theirs.success), ours.reason
    if "unexpected_percent" in theirs.result:
        assert ours.unexpected_count == theirs.result["unexpected_count"]
        # theirs is a percentage of the values that are not missing
        assert ours.unexpected_share * 100 == pytest.approx(theirs.result["unexpected_percent"])
    elif isinstance(theirs.result.get("observed_value"), int | float):
        assert ours.observed_value == pytest.approx(theirs.result["observed_value"])


def test_nan_is_missing_like_null(connection):
    found = result(connection, "expect_column_values_to_not_be_null", column="age")
    assert (found.success, found.unexpected_count, found.n) == (False, 1, 6)
    # five values are left, of which 130 is above
    found = result(connection, "expect_column_values_to_be_between", column="age", max_value=120)
    assert (found.unexpected_count, found.n, found.unexpected_share) == (1, 5, 0.2)


def test_timestamps_are_compared_as_timestamps(connection):
    found = result(
        connection, "expect_column_values_to_be_between", column="seen",
        min_value="2026-01-01", max_value="2026-01-31",
    )  # fmt: skip
    assert (found.success, found.unexpected_count, found.n) == (False, 1, 5)


def test_quantiles(connection):
    ranges = {"quantiles": [0.0, 1.0], "value_ranges": [[1, 1], [6, 6]]}
    name = "expect_column_quantile_values_to_be_between"
    assert result(connection, name, column="n", quantile_ranges=ranges).success is True
    ranges["value_ranges"] = [[1, 1], [7, 8]]
    assert result(connection, name, column="n", quantile_ranges=ranges).success is False


@pytest.mark.parametrize(
    ("column", "wanted", "success"),
    [
        ("n", "BIGINT", True), ("n", "bigint", True), ("n", "Integer", True),
        ("n", "INTEGER", False), ("age", "DOUBLE", True), ("code", "STRING", True),
        ("seen", "TIMESTAMP", True), ("seen", "DATE", False),
    ],
)  # fmt: skip
def test_types_go_by_the_names_of_duckdb(connection, column, wanted, success):
    single = result(connection, "expect_column_values_to_be_of_type", column=column, type_=wanted)
    listed = result(
        connection,
        "expect_column_values_to_be_in_type_list",
        column=column,
        type_list=["UUID", wanted],
    )
    assert (single.success, listed.success) == (success, success)


@pytest.mark.parametrize(
    ("pattern", "count"), [("A%", 3), ("%-secret-%", 4), ("A1", 3)]
)  # of five texts two are A1 and one is the marker
def test_like_patterns(connection, pattern, count):
    name = "expect_column_values_to_match_like_pattern"
    assert result(connection, name, column="code", like_pattern=pattern).unexpected_count == count
    name = "expect_column_values_to_not_match_like_pattern_list"
    found = result(connection, name, column="code", like_pattern_list=[pattern])
    assert found.unexpected_count == 5 - count


def test_missing_is_equal_to_missing_in_compound_keys(connection):
    connection.execute(
        "CREATE VIEW keys AS SELECT * FROM (VALUES (1, NULL), (1, NULL), (2, 3)) t(a, b)"
    )
    found = result(
        connection, "expect_compound_columns_to_be_unique", relation="keys", column_list=["a", "b"]
    )
    assert (found.success, found.unexpected_count, found.n) == (False, 2, 3)


OLD_CONDITION = {"row_condition": 'col("m") == 2', "condition_parser": "great_expectations"}
NEW_CONDITION = {
    "row_condition": {
        "type": "comparison", "column": {"name": "m"}, "operator": "==", "parameter": 2
    }
}  # fmt: skip


@pytest.mark.parametrize("condition", [OLD_CONDITION, NEW_CONDITION], ids=["old", "new"])
def test_row_condition_restricts_the_rows(connection, condition):
    name = "expect_column_max_to_be_between"
    found = result(connection, name, column="n", max_value=2, **condition)
    # m is 2 where n is 2 and 3
    assert (found.success, found.observed_value, found.n) == (False, 3.0, 2)


@pytest.mark.parametrize(
    "column",
    [
        "select",
        "a b",
        "it's",
        'q"uote',
        "50%",
        "a:b",
        "größe",
        "年齢",
        "Age",
        "$1",
        "x.y",
        "a\nb",
        ":p %(q)s",
    ],
)
def test_hostile_column_names(connection, column):
    quoted = '"' + column.replace('"', '""') + '"'
    connection.execute(f"CREATE TABLE odd AS SELECT range AS {quoted}, 'x' AS other FROM range(4)")
    found = results(
        connection,
        {"expect_column_values_to_be_between": {"column": column, "max_value": 2}},
        {"expect_column_values_to_be_unique": {"column": column}},
        {"expect_column_values_to_match_regex": {"column": column, "regex": "^[0-9]$"}},
        {"expect_column_median_to_be_between": {"column": column, "min_value": 1, "max_value": 2}},
        {"expect_compound_columns_to_be_unique": {"column_list": [column, "other"]}},
        {"expect_column_values_to_be_of_type": {"column": column, "type_": "BIGINT"}},
        relation="odd",
    )
    assert [each.success for each in found] == [False, True, True, True, True, True]


def test_hostile_relation_name_and_values(connection):
    connection.execute(
        """CREATE TABLE "my ""odd%:table" AS SELECT * FROM (VALUES ('it''s'), ('%s :x $1')) t(v)"""
    )
    name = "expect_column_values_to_be_in_set"
    found = result(
        connection, name, relation='my "odd%:table', column="v",
        value_set=["it's", "%s :x $1", "'; DROP TABLE plain; --"],
    )  # fmt: skip
    assert found.success is True
    assert connection.execute("SELECT count(*) FROM plain").fetchone() == (6,)


def test_nothing_to_judge_is_unknown_and_not_ok(connection):
    connection.execute("CREATE VIEW empty AS SELECT * FROM plain WHERE false")
    connection.execute("CREATE VIEW missing AS SELECT NULL::DOUBLE AS age FROM plain")
    items = [
        {"expect_column_values_to_be_between": {"column": "age", "min_value": 0}},
        {"expect_column_values_to_be_unique": {"column": "age"}},
        {"expect_column_mean_to_be_between": {"column": "age", "min_value": 0}},
        {"expect_column_distinct_values_to_be_in_set": {"column": "age", "value_set": [1]}},
    ]
    for each in results(connection, *items, relation="empty"):
        assert (each.success, each.n, each.reason) == (None, 0, "No row to judge.")
    for each in results(connection, *items, relation="missing"):
        assert (each.success, each.n) == (None, 0)
        assert each.reason == "No value to judge in 'age': all 6 are missing."
    schema = [
        {"expect_table_row_count_to_be_between": {"min_value": 1}},
        {"expect_column_to_exist": {"column": "age"}},
        {"expect_column_values_to_be_of_type": {"column": "age", "type_": "DOUBLE"}},
    ]
    found = results(connection, *schema, relation="empty")
    assert [each.success for each in found] == [False, True, True]


def test_missing_column_fails_with_the_likely_name(connection):
    found = result(connection, "expect_column_mean_to_be_between", column="agee", min_value=0)
    assert found.success is False
    assert found.reason.startswith("Column 'agee' is not in the data. Did you mean 'age'?")
    assert result(connection, "expect_column_to_exist", column="agee").success is False


def test_one_expectation_that_cannot_be_computed_leaves_the_others_alone(connection):
    good = {"expect_column_values_to_be_between": {"column": "n", "max_value": 6}}
    bad = [
        ({"expect_column_mean_to_be_between": {"column": "code"}}, "Binder Error"),
        (
            {"expect_column_values_to_match_regex": {"column": "code", "regex": "(?=A)"}},
            "look-around",
        ),
        ({"expect_column_values_to_be_increasing": {"column": "n"}}, "has no SQL"),
        ({"expect_column_values_to_be_between": {"column": "n", "min_valu": 1}}, "min_valu"),
        ({"expect_column_values_to_be_between": {"column": "code", "min_value": 1}}, "VARCHAR"),
        (
            {"expect_column_values_to_be_in_set": {"column": "n", "value_set": ["x"]}},
            "Conversion Error",
        ),
    ]
    found = results(connection, good, *(item for item, _ in bad), good)
    assert found[0].success is True
    assert found[-1].success is True
    for each, (_, word) in zip(found[1:-1], bad, strict=True):
        assert each.success is None
        assert word in each.reason
        assert each.reason.count("\n") == 0


def test_no_value_leaves_duckdb(connection, caplog, capfd):
    # casting the marker makes an error that quotes it
    connection.execute("CREATE VIEW lazy AS SELECT code::INTEGER AS number, code FROM plain")
    items = [
        {"expect_column_values_to_be_in_set": {"column": "code", "value_set": ["A1"]}},
        {"expect_column_values_to_be_null": {"column": "code", "result_format": "COMPLETE"}},
        {"expect_column_distinct_values_to_be_in_set": {"column": "code", "value_set": ["A1"]}},
        {"expect_column_most_common_value_to_be_in_set": {"column": "code", "value_set": ["B2"]}},
        {"expect_column_max_to_be_between": {"column": "code", "max_value": "B"}},
        {"expect_column_values_to_be_between": {"column": "number", "min_value": 0}},
        {"expect_column_values_to_be_unique": {"column": "number"}},
        {"expect_column_sum_to_be_between": {"column": "number", "min_value": 0}},
    ]
    with caplog.at_level(logging.DEBUG):
        found = results(connection, *items, relation="lazy")
    told = str([dataclasses.asdict(each) for each in found])
    printed = capfd.readouterr()
    assert "secret" not in told + caplog.text + printed.out + printed.err
    assert printed.err == ""  # no progress bar either
    assert found[0].unexpected_share == 0.6  # of A1, B2, C3, the marker, A1
    assert [each.success for each in found[-3:]] == [None, None, None]


def test_the_suite_is_one_count_of_rows_and_one_scan_and_fetches_no_sample(connection):
    seen = []

    class Spy:
        def __getattr__(self, name):
            return getattr(connection, name)

        def execute(self, statement, parameters=None):
            seen.append(statement)
            return connection.execute(statement, parameters)

    items = [
        {"expect_column_values_to_not_be_null": {"column": "age"}},
        {"expect_column_values_to_be_in_set": {"column": "code", "value_set": ["A1"]}},
        {"expect_column_mean_to_be_between": {"column": "n", "min_value": 0}},
        {"expect_column_stdev_to_be_between": {"column": "n", "min_value": 0}},
        {"expect_column_median_to_be_between": {"column": "n", "min_value": 0}},
        {"expect_column_max_to_be_between": {"column": "seen", "min_value": "2026-01-01"}},
        {"expect_table_row_count_to_be_between": {"min_value": 1}},
    ]
    found = results(Spy(), *items)
    assert [each.success for each in found] == [False, False, True, True, True, True, True]
    scans = [
        text for text in seen if text.startswith("SELECT") and "monitoring_expectations" in text
    ]
    # the first is read off the file's metadata
    assert [scan.count("sum(") > 0 for scan in scans] == [False, True]


def test_the_connection_is_left_as_it_was(connection):
    connection.execute("BEGIN")
    result(connection, "expect_column_values_to_be_unique", column="n")
    connection.execute("COMMIT")
    views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    assert views == []


def test_no_network_no_telemetry_and_nothing_on_stderr():
    program = """
        import socket, sys
        def refuse(*args, **kwargs):
            raise AssertionError("network")
        socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
        import os
        from pathlib import Path
        import duckdb
        from monitoring_pipelines.expectations.run import run_suite
        from monitoring_pipelines.expectations.suite import load_suite
        with duckdb.connect() as connection:
            connection.execute("CREATE VIEW v AS SELECT 1 AS i")
            suite = load_suite([{"expect_column_values_to_be_unique": {"column": "i"}}], Path())
            assert run_suite(connection, "v", suite)[0].success
        assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
        assert not [name for name in sys.modules if name.startswith("posthog")]
        sys.stderr.flush()
        os._exit(0)  # what duckdb's binding says about itself at exit is not judged here
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(program)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
