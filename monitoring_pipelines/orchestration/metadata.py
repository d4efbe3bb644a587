"""Results to Dagster metadata: numbers that are plotted, one table of verdicts, a schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from monitoring_pipelines.alerts.explanation import CAUSES, EXPLAINING, WITHIN
from monitoring_pipelines.alerts.explanation import DRIFT as DRIFT_EFFECT
from monitoring_pipelines.domain.result import Result
from monitoring_pipelines.domain.verdict import Verdict, worst
from monitoring_pipelines.summaries.table import TableSummary

if TYPE_CHECKING:
    # rules and signals bring scipy, and definitions are loaded often
    from monitoring_pipelines.governance.judge import Judged
    from monitoring_pipelines.security.judge import Judged as Secured

MARK = {Verdict.OK: "✓", Verdict.WARN: "!", Verdict.FAIL: "✗", Verdict.UNKNOWN: "?"}
MAX_LINES = 40
PLOTTED = "jensen_shannon"
MAX_PLOTS = 30


def numbers(results: Iterable[Result]) -> dict[str, float]:
    """Numbers that Dagster plots over the partitions, few enough to be looked at.

    Verdict counts, then every metric of the whole window; of a metric of columns its greatest
    value, and Jensen-Shannon's distance of each column, which has the same scale for all.
    """
    judged = list(results)
    found = {
        f"verdicts {verdict}": float(sum(r.verdict is verdict for r in judged))
        for verdict in (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN)
    }
    for result in judged:
        if result.value is None or result.segment or result.metric in EXPLAINING:
            continue
        if result.column:
            name = f"{result.metric} (worst column)"
            found[name] = max(found.get(name, result.value), result.value)
        else:
            found[result.metric] = result.value
    each = [r for r in judged if r.metric == PLOTTED and r.value is not None and not r.segment]
    for result in sorted(each, key=lambda r: r.column)[:MAX_PLOTS]:
        found[f"{result.metric} {_plain(result.column)}"] = float(result.value or 0.0)
    return found


def worst_groups(results: Iterable[Result]) -> dict[str, float]:
    """Of every fairness metric and attribute the number that is furthest from fair, to be plotted.

    The smallest of ratios, and of gaps the one that is furthest from zero.
    """
    found: dict[str, float] = {}
    for result in results:
        if result.value is None:
            continue
        name = f"{result.metric} of {_plain(result.column)} (worst group)"
        is_ratio = result.metric.endswith("_ratio")
        further = min if is_ratio else lambda *pair: max(pair, key=abs)
        found[name] = further(found.get(name, result.value), result.value)
    return found


def verdict_table(results: Iterable[Result]) -> dg.MarkdownMetadataValue:
    """Verdicts, worst first; columns and segments come from data and are shown as code."""
    judged = list(results)
    effects = {r.column: abs(r.value or 0.0) for r in judged if r.metric == DRIFT_EFFECT}

    def order(r: Result) -> tuple[int, bool, float, str, str, str]:
        # of columns that moved, first the one that does most to the performance; before them all
        # the sentence that sums up what images show
        last = r.metric != "image_change"
        return -r.verdict.rank, last, -effects.get(r.column, 0.0), r.metric, r.column, r.segment

    ranked = sorted(judged, key=order)
    lines = [
        "| | metric | column | segment | value | reference | reason |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {MARK[r.verdict]} {r.verdict} | {r.metric} | {_code(r.column)} | {_code(r.segment)} "
        f"| {_number(r.value)} | {_number(r.reference_value)} | {_plain(r.reason)} |"
        for r in ranked[:MAX_LINES]
    ]
    if len(ranked) > MAX_LINES:
        lines.append(f"\n{len(ranked) - MAX_LINES} more: `mlmon results`.")
    return dg.MetadataValue.md("\n".join(lines))


def governance_metadata(judged: Sequence[Judged], results: Sequence[Result]) -> dict[str, Any]:
    """Verdicts of the rules that could look, and what the others miss."""
    lines = ["| rule | promise | misses |", "|---|---|---|"]
    lines += [
        f"| {one.rule.id} | {one.rule.title} | {_code(one.missing)} |"
        for one in judged
        if one.finding is None
    ]
    return {
        "active rules": len(judged) - (len(lines) - 2),
        "inactive rules": len(lines) - 2,
        "verdicts": verdict_table(results),
        "inactive": dg.MetadataValue.md("\n".join(lines)),
    }


def security_metadata(judged: Sequence[Secured], results: Sequence[Result]) -> dict[str, Any]:
    """Verdicts of the signals that could look, and what the others miss."""
    lines = ["| signal | watches | misses |", "|---|---|---|"]
    lines += [
        f"| {one.signal.id} | {one.signal.title} | {_code(one.missing)} |"
        for one in judged
        if one.missing
    ]
    return {
        "active signals": len(judged) - (len(lines) - 2),
        "inactive signals": len(lines) - 2,
        "verdicts": verdict_table(results),
        "inactive": dg.MetadataValue.md("\n".join(lines)),
    }


def why_table(results: Iterable[Result]) -> dict[str, dg.MarkdownMetadataValue]:
    """What a fall of the performance comes from, what explains most first; empty without one."""
    found = [r for r in results if r.metric in CAUSES]
    found.sort(key=lambda r: (r.verdict.rank, r.metric == WITHIN, -abs(r.value or 0.0), r.column))
    lines = ["| | effect | of | segment | value | 95 % | |", "|---|---|---|---|---|---|---|"]
    lines += [
        f"| {MARK[r.verdict]} {r.verdict} | {r.metric} | {_code(r.column)} | {_code(r.segment)} "
        f"| {_number(r.value)} | {_number(r.low)} to {_number(r.high)} | {_plain(r.reason)} |"
        for r in found
    ]
    return {"why": dg.MetadataValue.md("\n".join(lines))} if found else {}


def table_metadata(table: TableSummary) -> Mapping[str, Any]:
    """Row counts and schema of one prediction window."""
    columns = [
        dg.TableColumn(
            name, type=f"{column.dtype} ({column.kind})", description=f"{column.n_missing} missing"
        )
        for name, column in table.columns.items()
    ]
    return {
        "dagster/partition_row_count": table.n_rows,
        "dagster/column_schema": dg.TableSchema(columns=columns),
        "rows": table.n_rows,
        "duplicates": table.n_duplicates,
    }


def check_result(
    key: dg.AssetKey, name: str, windows: Mapping[str, list[Result]]
) -> dg.AssetCheckResult:
    """One check over the windows of a run: it passes if every verdict is ok.

    `windows` maps partition keys to the results that the check rests on.
    """
    verdicts = {window: worst(r.verdict for r in results) for window, results in windows.items()}
    overall = worst(verdicts.values())
    bad = [window for window, verdict in verdicts.items() if verdict is not Verdict.OK]
    failed = overall is Verdict.FAIL
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=overall is Verdict.OK,
        severity=dg.AssetCheckSeverity.ERROR if failed else dg.AssetCheckSeverity.WARN,
        description=_description(windows, verdicts, overall),
        metadata={
            "verdict": overall.value,
            "windows": len(windows),
            "windows_not_ok": len(bad),
            "worst": verdict_table(r for window in bad[-3:] for r in windows[window]),
        },
    )


def _description(
    windows: Mapping[str, list[Result]], verdicts: Mapping[str, Verdict], overall: Verdict
) -> str:
    hit = [window for window, verdict in verdicts.items() if verdict is overall]
    if not hit:
        return "nothing was judged"
    found = max(windows[hit[-1]], key=lambda r: r.verdict.rank, default=None)
    where = hit[0] if len(hit) == 1 else f"{len(hit)} of {len(windows)} windows, last {hit[-1]}"
    reason = _plain(found.reason) if found is not None else "not measured"
    column = f" {found.column}" if found is not None and found.column else ""
    return f"{overall.value} in {where}:{_plain(column)} {reason}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _code(text: str) -> str:
    return f"`{_plain(text)}`" if text else ""


def _plain(text: str) -> str:
    """Text that no Markdown reader takes for a table, a link or HTML."""
    return text.translate(_INERT)[:300]


_INERT = str.maketrans("|`<>[]\n", "\u00a6\u02cb\u2039\u203a() ")
