"""The page: content in, one HTML text out."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from monitoring_pipelines.alerts.area import Area, area
from monitoring_pipelines.alerts.explanation import CAUSES, WITHIN, explanation
from monitoring_pipelines.alerts.wording import change, limit, percent, shown
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.report.drift import SHOWN, courses, moved
from monitoring_pipelines.report.health import Health, health, unjudged
from monitoring_pipelines.report.numbers import findings, numbers
from monitoring_pipelines.report.reliability import reliability
from monitoring_pipelines.report.slots import Slot, slots
from monitoring_pipelines.report.text import finalize, visible
from monitoring_pipelines.report.trend import Course, trend
from monitoring_pipelines.report.versions import changes, versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.report.content import Content, Watched
    from monitoring_pipelines.summaries.confusion import Confusion
    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.score_table import ScoreTable

HERE = Path(__file__).parent
MARKS = {Verdict.OK: "✓", Verdict.WARN: "!", Verdict.FAIL: "✗", Verdict.UNKNOWN: "?"}
# rows of a folded list, metrics that are not folded, classes of a matrix
MOST, FIRST_METRICS, FIRST_SIGNALS, MAX_CLASSES = 100, 9, 16, 12
# what images show, in a sentence
IMAGES = "image_change"
# signals that are told with the one that fell
WITH_IT = 3


class Page(NamedTuple):
    """The text of the file, and what it says of the model in a word."""

    html: str
    health: Health


def page(content: Content) -> Page:
    """Make the page. It loads nothing: style and drawings stand in it."""
    config, places = content.config, slots(content.due)
    found = health(content, places)
    values = {
        "c": content,
        "health": found,
        "style": Markup((HERE / "style.css").read_text(encoding="utf-8")),  # noqa: S704 - our own
        "marks": MARKS,
        "most": MOST,
        "first_metrics": FIRST_SIGNALS if config.task.tells_outcome else FIRST_METRICS,
        "newest": max(one.window for one in content.judged),
        "n_judged": len(content.due) - len(unjudged(content)),
        **_folding(places),
        **_performance(content, places),
        **_drift(content, places),
        "data": numbers(content.whole, Area.DATA, places, config.zone, "volume"),
        "bad_data": findings(content.newest, Area.DATA),
        "fairness": _fairness(content),
        **_coverage(content.watched),
        "hashes": _hashes(content),
        **_words(config),
    }
    values["sections"] = _sections(values)
    return Page(_environment().get_template("page.html.jinja").render(values), found)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
    )


def _words(config: ModelConfig) -> dict[str, Any]:
    """How values are written."""
    zone, form = config.zone, config.window.key_format

    def start(moment: datetime) -> str:
        return moment.astimezone(zone).strftime(form)

    def interval(result: Result) -> str:
        if result.low is None or result.high is None or result.low == result.high:
            return ""
        return f"{shown(result, result.low)} to {shown(result, result.high)}"

    def effect(result: Result | None) -> str:
        if result is None or result.value is None:
            return ""
        told = f"{result.value:+.3g}"
        return told if result.verdict is Verdict.OK else f"({told})"

    return {
        "start": start,
        "key": lambda window: start(window.start),
        "moment": lambda at: at.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z"),
        "interval": interval,
        "effect": effect,
        "shown": lambda result, value: "" if value is None else shown(result, value),
        "count": "{:,}".format,
        "coverage": lambda r: "" if r.label_coverage is None else percent(r.label_coverage),
    }


def _folding(places: Sequence[Slot]) -> dict[str, str]:
    each = len(places[0].windows) if places else 1
    if each == 1:
        return {"folding": "", "folding_line": ""}
    return {"folding": f", here of {each} each", "folding_line": f"; the worst of {each} windows"}


def _performance(content: Content, places: Sequence[Slot]) -> dict[str, Any]:
    config = content.config
    primary = config.primary_metric
    course = sorted((r for r in content.whole if r.metric == primary), key=lambda r: r.window)
    # an estimate that counts stands in the place of what is not known yet
    estimated = {r.window.utc: r for r in content.estimated}
    realised = {r.window.utc: r for r in course if r.status != "estimated"}
    served = versions(content.whole, content.approved)
    drawn = None
    if any(r.value is not None for r in (*realised.values(), *estimated.values())):
        drawn = trend(
            Course(
                name=primary,
                slots=places,
                realised=realised,
                estimated=estimated,
                marks=changes(served),
            ),
            config.zone,
        )
    told = next((r for r in reversed(course) if r.reference_value is not None), None)
    of_window = content.settled or content.newest
    local = [r for r in of_window if r.metric == primary and r.segment]
    classes = [
        r for r in of_window if r.metric in {"class_recall", "class_precision", "confused_classes"}
    ]
    in_parts = findings(content.newest, Area.PERFORMANCE) if config.task.tells_outcome else []
    return {
        "trend": drawn,
        "usual_said": f" {shown(told, told.reference_value)}" if told else "",
        "limit_said": f" {shown(told, worst)}" if told and (worst := limit(told)) else "",
        "served": served,
        "numbers_of_chart": [(r, estimated.get(r.window.utc)) for r in reversed(course)][:MOST],
        "performance": numbers(content.whole, Area.PERFORMANCE, places, config.zone, primary),
        "segments": _worst_first(local),
        "classes": _worst_first(classes),
        "signals": in_parts,
        "no_performance": _nothing(config),
        **_why(content, course),
        **_pictures(content),
    }


def _nothing(config: ModelConfig) -> str:
    if config.labels is None:
        return "The model has no labels, so its performance cannot be judged."
    return "No window of the period has been judged against labels."


def _worst_first(results: Iterable[Result]) -> list[Result]:
    return sorted(results, key=lambda r: (-r.verdict.rank, r.metric, r.column, r.segment))


def _why(content: Content, course: Sequence[Result]) -> dict[str, Any]:
    """Windows in which the number that pages was worse, the newest first, each with its cause."""
    fallen = [r for r in reversed(course) if r.verdict in {Verdict.WARN, Verdict.FAIL}]
    by_window: dict[Window, list[Result]] = {}
    for one in content.explaining:
        by_window.setdefault(one.window.utc, []).append(one)
    why = [(r, _cause(content, r, by_window.get(r.window.utc, []))) for r in fallen[: MOST + 5]]
    causes: list[Result] = []
    for result in fallen:
        of_it = by_window.get(result.window.utc, [])
        causes = [r for r in of_it if r.metric in CAUSES and r.as_of == result.as_of]
        if causes:
            break
    causes.sort(key=lambda r: (r.verdict.rank, r.metric == WITHIN, -abs(r.value or 0.0), r.column))
    return {"why": why, "causes": causes[:MOST]}


def _cause(content: Content, fallen: Result, explaining: Sequence[Result]) -> str:
    """The cause that was found; of an application, which has none, what else was bad with it."""
    if not content.config.task.tells_outcome:
        told = explanation(fallen, explaining).removesuffix(".") or "no cause was found that holds"
        images = (r for r in content.whole if r.metric == IMAGES and r.window == fallen.window)
        seen = next((r.reason for r in images if r.verdict is Verdict.WARN), "")
        return f"{told}; of the images, {seen}" if seen else told
    with_it = [
        change(r)
        for r in _worst_first(content.whole)
        if r.window == fallen.window
        and r.metric != fallen.metric
        and r.verdict in {Verdict.WARN, Verdict.FAIL}
        and area(r.metric) is Area.PERFORMANCE
    ]
    return f"with it {', '.join(with_it[:WITH_IT])}" if with_it else ""


class _Matrix(NamedTuple):
    names: list[str]
    rows: list[tuple[str, list[tuple[int, str]]]]
    left_out: int


def _pictures(content: Content) -> dict[str, Any]:
    table, before = _sureness(content.labelled), _sureness(content.usual)
    confusion = content.labelled.confusion if content.labelled else None
    return {
        "reliability": reliability(table, before) if table is not None and table.n else None,
        "matrix": _matrix(confusion) if confusion is not None and confusion.n else None,
    }


def _sureness(labelled: LabelledSummary | None) -> ScoreTable | None:
    """Scores beside whether they were right; of a binary model whether the class is positive."""
    if labelled is None:
        return None
    table = labelled.ranked.confidence if labelled.ranked is not None else labelled.scores
    if table is None or not len(table.scores):
        return None
    # a score that is no probability has no place on a scale from 0 to 1
    return table if table.scores[0] >= 0 and table.scores[-1] <= 1 else None


def _matrix(table: Confusion) -> _Matrix:
    places = table.largest(MAX_CLASSES)
    shares = table.shares
    names = [visible(table.classes[place], 24) for place in places]
    rows = [
        (name, [_cell(float(shares[i, j]), int(table.counts[i, j])) for j in places])
        for name, i in zip(names, places, strict=True)
    ]
    return _Matrix(names, rows, len(table.classes) - len(places))


def _cell(share: float, n: int) -> tuple[int, str]:
    if not n:
        return 0, ""
    return round(100 * share), f"{share:.0%}" if share >= 0.01 else "<1%"  # noqa: PLR2004


def _drift(content: Content, places: Sequence[Slot]) -> dict[str, Any]:
    ranked = moved(content.newest, content.n_moved)
    drawn = courses(ranked[:SHOWN], content.moved, places, content.config.zone)
    return {
        "drift": ranked,
        "n_drifted": sum(one.result.verdict in {Verdict.WARN, Verdict.FAIL} for one in ranked),
        "courses": drawn,
        "effects": any(one.effect is not None for one in ranked),
        "shown_columns": SHOWN,
        "said_of_images": [r for r in content.newest if r.metric == IMAGES],
    }


def _fairness(content: Content) -> list[Result]:
    from monitoring_pipelines.metrics import FAIRNESS

    of_window = content.settled or content.newest
    return _worst_first(r for r in of_window if r.metric in FAIRNESS)


def _coverage(watched: Sequence[Watched]) -> dict[str, Any]:
    active = [one for one in watched if one.active]
    bad = [one for one in active if one.verdict not in {"", Verdict.OK}]
    bad.sort(key=lambda one: (-Verdict(one.verdict).rank, one.signal))
    return {
        "active": active,
        "inactive": [one for one in watched if not one.active],
        "found": bad,
    }


def _hashes(content: Content) -> str:
    """Whether the newest results were made under this configuration."""
    parts = {Area.SECURITY, Area.GOVERNANCE}  # rest on the card and on the signals that are on
    made = {r.config_hash for r in content.whole if area(r.metric) not in parts}
    others = len(made - {content.config.fingerprint, ""})
    if not others:
        return ""
    return f"{others} other{'s' if others > 1 else ''} made some of the results"


def _sections(values: dict[str, Any]) -> list[tuple[str, str]]:
    tells = values["c"].config.task.tells_outcome
    told = [
        ("incidents", "Incidents", True),
        ("why", "Why", values["why"]),
        ("performance", "Signals" if tells else "Performance", True),
        ("fairness", "Fairness", values["fairness"]),
        ("drift", "Drift", values["drift"]),
        ("data", "Data", True),
        ("coverage", "Coverage", True),
    ]
    return [(id_, name) for id_, name, is_there in told if is_there]
