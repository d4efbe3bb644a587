"""Twenty typical expectations over a Parquet file: this package's engine against pandas.

    python benchmarks/expectations.py --rows 1000000

Both run in one process on the same file, and the figure to keep is their ratio of CPU seconds.
Great Expectations' pandas engine gets the file loaded; its loading is told apart.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import duckdb

from monitoring_pipelines.expectations.run import _QuietValidator, run_suite
from monitoring_pipelines.expectations.suite import load_suite

DATA = """
    SELECT range AS id, 'user-' || range AS key,
        CASE WHEN random() < 0.01 THEN NULL ELSE random() * 80 + 18 END AS age,
        random() AS score, (random() * 2)::INTEGER AS decision, random() * 1e5 AS income,
        (random() * 50)::INTEGER AS visits,
        ['DE', 'FR', 'US', 'JP', 'BR'][(random() * 4)::INTEGER + 1] AS country,
        ['web', 'app', 'shop'][(random() * 2)::INTEGER + 1] AS channel,
        'v' || (random() * 3)::INTEGER AS version,
        TIMESTAMP '2026-01-01' + to_seconds((random() * 86400)::BIGINT) AS scored_at,
        random() * 10 AS delay
    FROM range({rows})
"""
ITEMS = [
    ("values_to_not_be_null", {"column": "id"}),
    ("values_to_not_be_null", {"column": "age", "mostly": 0.95}),
    ("values_to_be_unique", {"column": "id"}),
    ("values_to_be_between", {"column": "age", "min_value": 18, "max_value": 100}),
    ("values_to_be_between", {"column": "score", "min_value": 0, "max_value": 1}),
    ("values_to_be_between", {"column": "income", "min_value": 0}),
    ("values_to_be_in_set", {"column": "country", "value_set": ["DE", "FR", "US", "JP", "BR"]}),
    ("values_to_be_in_set", {"column": "decision", "value_set": [0, 1, 2]}),
    ("values_to_not_be_in_set", {"column": "channel", "value_set": ["fax"]}),
    ("values_to_match_regex", {"column": "key", "regex": "^user-[0-9]+$"}),
    ("values_to_match_regex", {"column": "version", "regex": "^v[0-9]$"}),
    ("value_lengths_to_be_between", {"column": "country", "min_value": 2, "max_value": 2}),
    ("mean_to_be_between", {"column": "score", "min_value": 0.4, "max_value": 0.6}),
    ("stdev_to_be_between", {"column": "score", "min_value": 0.2, "max_value": 0.4}),
    ("median_to_be_between", {"column": "age", "min_value": 50, "max_value": 66}),
    ("min_to_be_between", {"column": "delay", "min_value": 0}),
    ("max_to_be_between", {"column": "visits", "max_value": 50}),
    ("sum_to_be_between", {"column": "visits", "min_value": 0}),
    ("distinct_values_to_be_in_set", {"column": "channel", "value_set": ["web", "app", "shop"]}),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    items: list[object] = [{f"expect_column_{name}": kwargs} for name, kwargs in ITEMS]
    items.append({"expect_table_row_count_to_be_between": {"min_value": rows, "max_value": rows}})
    suite = load_suite(items, Path())
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder, "window.parquet")
        connection.execute(f"COPY ({DATA.format(rows=rows)}) TO '{path}' (FORMAT parquet)")
        connection.execute(f"CREATE VIEW log AS SELECT * FROM read_parquet('{path}')")
        started = time.process_time()
        ours = run_suite(connection, "log", suite)
        duck = time.process_time() - started
        loading, pandas = on_pandas(path, suite)
    assert all(each.success for each in ours), [each for each in ours if not each.success]
    print(f"{len(suite)} expectations, {rows:,} rows, CPU seconds")
    print(f"DuckDB in place {duck:8.2f}")
    print(f"pandas          {pandas:8.2f}   (and {loading:.2f} to load the file)")
    print(f"ratio           {pandas / duck:8.1f}")


def on_pandas(path: Path, suite: object) -> tuple[float, float]:
    import pandas as pd
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    started = time.process_time()
    frame = pd.read_parquet(path)
    loading = time.process_time() - started
    engine = PandasExecutionEngine()
    engine.load_batch_data("frame", frame)
    started = time.process_time()
    outcomes = _QuietValidator(execution_engine=engine).graph_validate(
        [ExpectationConfiguration(type=spec.type, kwargs=dict(spec.kwargs)) for spec in suite],
        {"result_format": "BASIC"},
    )
    took = time.process_time() - started
    assert all(outcome.success for outcome in outcomes)
    return loading, took


if __name__ == "__main__":
    main()
