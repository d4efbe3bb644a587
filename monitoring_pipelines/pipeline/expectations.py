"""The model's Great Expectations suite, run on the rows of a window where they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.expectations.suite import Severity

if TYPE_CHECKING:
    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.expectations.result import ExpectationResult
    from monitoring_pipelines.expectations.suite import ExpectationSuite
    from monitoring_pipelines.pipeline.judging import Judging

VIEW = "window_rows"


def expectation_results(
    judging: Judging, window: Window, rows: Rows, suite: ExpectationSuite
) -> list[Result]:
    """Run the suite; a failed expectation gives the share of rows, never their values."""
    from monitoring_pipelines.expectations.run import run_suite  # Great Expectations is heavy

    if not rows.n_rows:
        reason = "no rows to validate"
        return [
            judging.unknown(window, f"expectation:{name}", 0, reason) for name in suite.check_names
        ]
    connection = rows.log.connection
    rows.log.query(f"CREATE OR REPLACE TEMP VIEW {VIEW} AS {rows.statement}")
    found = run_suite(connection, VIEW, suite)
    return [_result(judging, window, rows.n_rows, result) for result in found]


def _result(judging: Judging, window: Window, n_rows: int, found: ExpectationResult) -> Result:
    if found.success is None:
        verdict = Verdict.UNKNOWN
    elif found.success:
        verdict = Verdict.OK
    else:
        verdict = Verdict.FAIL if found.severity is Severity.CRITICAL else Verdict.WARN
    return judging.result(
        window,
        f"expectation:{found.name}",
        found.n or n_rows,
        Judgement(verdict, found.reason),
        column=found.column,
        value=found.unexpected_share,
        reference_value=0.0 if found.unexpected_share is not None else None,
    )
