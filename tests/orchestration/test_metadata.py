from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import dagster as dg
import pytest

from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.governance.card import Card
from monitoring_pipelines.governance.facts import Facts
from monitoring_pipelines.governance.judge import judge
from monitoring_pipelines.orchestration.metadata import (
    MAX_LINES,
    MAX_PLOTS,
    check_result,
    governance_metadata,
    numbers,
    security_metadata,
    table_metadata,
    verdict_table,
    why_table,
    worst_groups,
)
from monitoring_pipelines.security import facts as security_facts
from monitoring_pipelines.security import judge as security
from monitoring_pipelines.summaries.table import TableSummary

KEY = dg.AssetKey(["fraud", "quality"])
DAY = Window(datetime(2026, 3, 11, tzinfo=UTC), datetime(2026, 3, 12, tzinfo=UTC))
HOSTILE = "a|b`<img src=x onerror=alert(1)>[x](javascript:alert(1))\n# head"


def result(verdict: Verdict = Verdict.OK, **changes: Any) -> Result:
    fields: dict[str, Any] = {
        "model": "fraud",
        "window": DAY,
        "metric": "missing_rate",
        "as_of": DAY.end,
        "value": 0.25,
        "n": 300,
        "verdict": verdict,
        "reason": "as usual",
        "status": Status.FINAL,
    }
    return Result(**(fields | changes))


def test_verdicts_are_counted() -> None:
    found = numbers([result(Verdict.FAIL), result(Verdict.WARN), result(Verdict.WARN)])
    counts = (found["verdicts fail"], found["verdicts warn"], found["verdicts unknown"])
    assert counts == (1.0, 2.0, 0.0)


def test_of_columns_the_worst_is_plotted_and_segments_are_not() -> None:
    found = numbers(
        [
            result(column="a", value=0.1),
            result(column="b", value=0.4),
            result(metric="volume", value=300.0),
            result(metric="volume", value=7.0, segment="channel=web"),
            result(metric="label_coverage", value=None),
        ]
    )
    assert found["missing_rate (worst column)"] == 0.4
    assert found["volume"] == 300.0
    assert "label_coverage" not in found


def test_the_distance_of_each_column_is_plotted_up_to_a_number() -> None:
    many = [result(metric="jensen_shannon", column=f"c{i:03}", value=i / 100) for i in range(50)]
    found = numbers(many)
    assert found["jensen_shannon c007"] == 0.07
    assert sum(name.startswith("jensen_shannon c") for name in found) == MAX_PLOTS


def test_the_worst_verdict_comes_first() -> None:
    table = verdict_table([result(), result(Verdict.WARN, column="b"), result(Verdict.FAIL)]).value
    assert [line.split("|")[1].strip() for line in str(table).splitlines()[2:]] == [
        "✗ fail",
        "! warn",
        "✓ ok",
    ]


def test_a_long_table_says_where_the_rest_is() -> None:
    table = str(verdict_table([result(column=f"c{i}") for i in range(MAX_LINES + 3)]).value)
    assert table.count("missing_rate") == MAX_LINES
    assert "3 more: `mlmon results`" in table


def test_names_from_data_stay_inert_in_markdown() -> None:
    hostile = result(Verdict.FAIL, column=HOSTILE, segment=f"{HOSTILE}={HOSTILE}", reason=HOSTILE)
    table = str(verdict_table([hostile]).value)
    header, _, line = table.splitlines()  # one line for one result
    assert line.count("|") == header.count("|")
    assert not set("<>[]") & set(line)
    assert line.count("`") == 4  # ours: column and segment as code


def test_row_count_and_schema_are_dagsters_own() -> None:
    found = table_metadata(TableSummary(300, 2, {}, (300,)))
    assert found["dagster/partition_row_count"] == 300
    assert isinstance(found["dagster/column_schema"], dg.TableSchema)
    assert found["duplicates"] == 2


@pytest.mark.parametrize(
    ("verdict", "passed", "severity"),
    [
        (Verdict.OK, True, dg.AssetCheckSeverity.WARN),
        (Verdict.WARN, False, dg.AssetCheckSeverity.WARN),
        (Verdict.UNKNOWN, False, dg.AssetCheckSeverity.WARN),
        (Verdict.FAIL, False, dg.AssetCheckSeverity.ERROR),
    ],
)
def test_a_verdict_is_a_severity(
    verdict: Verdict, passed: bool, severity: dg.AssetCheckSeverity
) -> None:
    found = check_result(KEY, "missing_rate", {"2026-03-11": [result(verdict)]})
    assert (found.passed, found.severity) == (passed, severity)
    assert found.metadata["verdict"].value == verdict.value


def test_of_several_windows_the_worst_decides_and_the_last_is_named() -> None:
    bad = result(Verdict.FAIL, column="amount", reason="half of it is missing")
    found = check_result(
        KEY,
        "missing_rate",
        {"2026-03-11": [result()], "2026-03-12": [bad], "2026-03-13": [bad], "2026-03-14": []},
    )
    assert found.severity is dg.AssetCheckSeverity.ERROR
    assert found.description == (
        "fail in 2 of 4 windows, last 2026-03-13: amount half of it is missing"
    )
    assert found.metadata["windows_not_ok"].value == 3  # what was not judged is not ok


def test_nothing_judged_is_not_passed() -> None:
    for windows in ({}, {"2026-03-11": []}):
        found = check_result(KEY, "missing_rate", windows)
        assert not found.passed
        assert found.severity is dg.AssetCheckSeverity.WARN
    assert check_result(KEY, "drift", {}).description == "nothing was judged"


def test_a_description_is_inert_too() -> None:
    found = check_result(
        KEY, "missing_rate", {"2026-03-11": [result(Verdict.FAIL, column=HOSTILE, reason=HOSTILE)]}
    )
    assert not set("<>[]`|\n") & set(found.description or "")


def test_of_groups_the_one_furthest_from_fair_is_plotted() -> None:
    def of(metric: str, value: float | None, segment: str) -> Result:
        return result(metric=metric, value=value, column="sex", segment=segment)

    found = worst_groups(
        [
            of("selection_rate_ratio", 1.6, "sex=m"),
            of("selection_rate_ratio", 0.6, "sex=f"),
            of("selection_rate_ratio", None, "sex=x"),
            of("true_positive_rate_gap", 0.1, "sex=m"),
            of("true_positive_rate_gap", -0.2, "sex=f"),
        ]
    )
    assert found == {
        "selection_rate_ratio of sex (worst group)": 0.6,
        "true_positive_rate_gap of sex (worst group)": -0.2,
    }


def test_inactive_rules_are_listed_with_what_they_miss() -> None:
    judged = judge(Card(), Facts(window=DAY))
    shown = governance_metadata(judged, [result(metric="gov_15_deadlines")])
    assert shown["active rules"] == 1
    assert shown["inactive rules"] == 23
    assert "| GOV-01 | The card is complete for its tier. | `governance` |" in (
        shown["inactive"].value
    )


def test_causes_have_a_table_and_no_plot() -> None:
    found = [
        result(Verdict.OK, metric="within_effect", value=0.01, column="a"),
        result(Verdict.OK, metric="mix_effect", value=-0.07, column="a"),
        result(Verdict.UNKNOWN, metric="mix_effect", value=-0.09, column="b|`"),
        result(Verdict.FAIL, metric="roc_auc", value=0.8),
    ]
    lines = str(why_table(found)["why"].md_str).splitlines()[2:]
    assert [line.split("|")[2].strip() for line in lines] == [
        "mix_effect",
        "within_effect",
        "mix_effect",
    ]
    assert len(lines) == 3
    assert "b|`" not in lines[2]
    assert why_table([found[-1]]) == {}
    assert not any("effect" in name for name in numbers(found))


def test_drift_is_ordered_by_its_effect() -> None:
    found = [
        result(Verdict.WARN, metric="psi", value=0.9, column="much"),
        result(Verdict.WARN, metric="psi", value=0.3, column="bad"),
        result(Verdict.OK, metric="drift_effect", value=-0.05, column="bad"),
        result(Verdict.OK, metric="drift_effect", value=0.001, column="much"),
    ]
    lines = str(verdict_table(found).md_str).splitlines()[2:]
    assert [line.split("|")[3].strip() for line in lines] == ["`bad`", "`much`"] * 2


def test_signals_that_cannot_look_are_listed_with_what_they_miss() -> None:
    judged = security.judge(security_facts.Facts(alpha=0.01), {"SEC-07"})
    shown = security_metadata(judged, [])
    assert shown["active signals"] == 0
    assert shown["inactive signals"] == 30  # 25 of SEC, 5 of AGT
    text = shown["inactive"].value
    assert "| SEC-01 | No more words of attacks in what users write than usual. | " in text
    assert "`security.signals: it is switched off`" in text
