"""The page as a reader of HTML finds it: complete, well-formed, and inert."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.report.content import Approved, Content, Watched
from monitoring_pipelines.report.page import page
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.score_table import ScoreTable
from tests.report.html import Element, parsed
from tests.report.samples import NOW, content, day, declared, result

FAIL, WARN = Verdict.FAIL, Verdict.WARN
HOSTILE = "<script>alert(1)</script>]]>\"'{{ 7*7 }}&amp;\u202e\u0000<img src=x onerror=y>"


def fallen() -> Content:
    """Three days: fine, worse with a cause, and one that waits for labels."""
    shared = {"reference_value": 0.9, "tolerance": 0.02}
    bad = result(1, value=0.8, low=0.78, high=0.82, verdict=FAIL, reason="worse", **shared)
    estimated = result(2, value=0.89, status=Status.ESTIMATED, **shared)
    cause = result(
        1,
        metric="mix_effect",
        column="age",
        value=-0.09,
        low=-0.1,
        high=-0.08,
        reason="the highest values of age went from 10 % to 60 % of the rows",
    )
    drift = result(
        2, metric="psi", column="age", value=0.3, noise_floor=0.05, verdict=WARN, reason="moved"
    )
    return content(
        [result(0, value=0.91, **shared), bad, estimated, drift, result(2, metric="volume")],
        3,
        estimated=[estimated, result(1, value=0.81, status=Status.ESTIMATED)],
        explaining=[cause],
        n_moved={"age": 2},
    )


def read(made: Content) -> Element:
    return parsed(page(made).html)


def test_a_fall_is_told_with_its_cause_and_its_numbers() -> None:
    root = read(fallen())
    assert root.all("head")[0].all("title")[0].text == "churn: Healthy"
    [told] = root.one("why").all("li")
    assert told.text == (
        "2026-03-02 ✗ fail roc_auc 0.8 (reference 0.9): the highest values of age went from 10 % "
        "to 60 % of the rows."
    )
    rows = root.table("roc_auc by window")
    assert [(r["window"], r["value"], r["estimated"], r["status"]) for r in rows] == [
        ("2026-03-03", "0.89", "0.89", "estimated"),
        ("2026-03-02", "0.8", "0.81", "final"),
        ("2026-03-01", "0.91", "", "final"),
    ]
    assert rows[1]["95 % interval"] == "0.78 to 0.82"
    [moved] = root.table("Newest window, of each column")
    assert (moved["column"], moved["value"]) == ("age", "0.3")
    assert moved["windows with drift"] == "2 of 3"
    [figure] = root.one("performance").all("svg", "trend")
    assert "from 0.8 to 0.91" in figure.attributes["aria-label"]
    assert "reference 0.9. Short red dashes: limit 0.88." in root.all("figcaption")[0].text


def test_what_images_show_stands_beside_a_fall() -> None:
    made = fallen()
    seen = result(1, metric="image_change", verdict=WARN, reason="they are blurred")
    fine = result(2, metric="image_change", reason="no property of the images moved")
    root = read(content([*made.whole, seen, fine], 3, explaining=made.explaining))
    assert (
        root.one("why")
        .all("li")[0]
        .text.endswith("% of the rows; of the images, they are blurred.")
    )


def test_needs_nothing_else_and_is_accessible() -> None:
    html = page(fallen()).html
    root = parsed(html)
    assert not re.search(r"(src|href)=\"(?!#)", html)
    assert not re.search(r"https?:|url\(|@import", html)
    assert not root.all("script")
    assert all(table.all("caption") for table in root.all("table"))
    assert all("scope" in head.attributes for head in root.all("th"))
    assert all({"role", "aria-label"} <= {*svg.attributes} for svg in root.all("svg"))
    ids = [e.attributes["id"] for e in root.all("section") if "id" in e.attributes]
    assert {link.attributes["href"] for link in root.all("a")} == {f"#{id_}" for id_ in ids}
    assert [e.attributes for e in root.all("html")] == [{"lang": "en"}]
    assert len(root.all("h1")) == 1


def test_hostile_text_is_inert_everywhere() -> None:
    harmless = read(fallen())
    name = {"column": HOSTILE, "segment": f"a={HOSTILE}", "reason": HOSTILE, "verdict": FAIL}
    results = [
        result(1, metric="missing_rate", **name),
        result(1, metric="psi", **name | {"segment": ""}),
        result(1, **name | {"column": ""}),
        result(1, metric=f"expectation:{HOSTILE}", verdict=FAIL, reason=HOSTILE),
        result(1, metric="class_recall", **name | {"segment": ""}),
        result(1, verdict=FAIL, model_version=HOSTILE, reason=HOSTILE),
        result(0, model_version="v1"),
    ]
    confusion = Confusion((HOSTILE, "b"), np.array([[3, 1], [0, 2]]))
    incident = {"state": "open", "cause": HOSTILE, "severity": "high", "title": HOSTILE, "id": "i"}
    incident |= {"handled": HOSTILE, "opened_window": NOW, "resolved_window": None}
    made = content(
        results,
        2,
        config=declared(description=HOSTILE),
        incidents=[incident],
        watched=[Watched(HOSTILE, True, "fail", HOSTILE, HOSTILE)],
        watched_error=HOSTILE,
        labelled=LabelledSummary(6, 6, confusion=confusion),
        labelled_window=day(1),
        approved=[Approved(HOSTILE, HOSTILE, NOW, is_over=False)],
        evidence=HOSTILE,
        sheets=HOSTILE,
    )
    html = page(made).html
    root = parsed(html)
    seen = HOSTILE.replace("\u202e", "\ufffd").replace("\x00", "\ufffd")
    assert not root.all("script")
    assert not root.all("img")
    assert html.count("\u202e") == html.count("\x00") == 0
    assert "49" not in root.all("h3")[0].text
    assert len(root.all("svg")) >= len(harmless.all("svg")) - 4
    assert seen in root.table("Columns that are not ok")[0]["of"]
    assert root.table("Open")[0]["what"] == seen
    assert root.table("Versions")[0]["version"] == seen


def test_long_lists_are_folded_and_counted() -> None:
    columns = [f"feature_{n:03}" for n in range(500)]
    results = [result(0), result(0, metric="volume")]
    for name in columns:
        results.append(result(0, metric="psi", column=name, value=0.5, verdict=WARN))
        results.append(result(0, metric="missing_rate", column=name, value=0.5, verdict=FAIL))
    html = page(content(results, 1)).html
    root = parsed(html)
    assert len(html) < 500_000
    assert len(root.table("Newest window, of each column")) == 12
    assert len(root.table("Further columns")) == 100
    assert "and 388 more" in root.one("drift").text
    assert len(root.one("data").all("table")) == 3  # the first eight, a hundred, the whole window
    assert "and 392 more" in root.one("data").text


def test_pictures_of_a_classifier() -> None:
    table = Confusion(("no", "yes"), np.array([[30, 10], [0, 1000]]))
    scores = ScoreTable(np.array([0.25, 0.75]), np.array([30, 10]), np.array([10, 30]))
    labelled = LabelledSummary(80, 80, scores=scores, confusion=table)
    made = content([result(0)], 1, labelled=labelled, labelled_window=day(0), usual=labelled)
    root = read(made)
    rows = root.table("Window 2026-03-01: shares")
    assert [[*row.values()] for row in rows] == [["no", "75%", "25%"], ["yes", "", "100%"]]
    assert len(root.all("svg", "reliability")) == 1
    # scores that are no probabilities have no diagram
    odd = ScoreTable(np.array([-3.0, 7.0]), np.array([1, 1]), np.array([1, 1]))
    made = content([result(0)], 1, labelled=LabelledSummary(4, 4, odd), labelled_window=day(0))
    assert read(made).all("svg", "reliability") == []


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({}, "No window of the period has been judged against labels."),
        ({"labels": None}, "The model has no labels, so its performance cannot be judged."),
    ],
)
def test_nothing_known_of_the_performance(config: dict[str, Any], says: str) -> None:
    root = read(content([result(0, metric="volume")], 1, config=declared(**config)))
    assert says in root.one("performance").text


def test_an_application_tells_what_else_was_bad() -> None:
    config = declared(
        task="llm",
        labels=None,
        predictions={"location": "*.jsonl", "format": "llm"},
    )
    results: list[Result] = [
        result(0, metric="error_rate", value=0.2, reference_value=0.01, verdict=FAIL),
        result(0, metric="timeout_rate", value=0.19, reference_value=0.0, verdict=WARN),
        result(0, metric="cost_total", value=3.0),
    ]
    root = read(content(results, 1, config=config))
    assert root.one("why").all("li")[0].text == (
        "2026-03-01 ✗ fail error_rate 20 % (reference 1 %): with it timeout_rate 19 % (usual 0 %)."
    )
    assert root.one("performance").all("h2")[0].text == "Signals"


def test_folded_windows_say_so_and_the_zone_is_the_models() -> None:
    config = declared(timezone="America/New_York")
    root = read(content([result(n) for n in range(900)], 900, config=config))
    assert "here of 3 each" in root.text
    assert "America/New_York" in root.all("footer")[0].text
    assert "2026-04-01 05:30 EDT" in root.all("footer")[0].text
    assert "2026-02-28" in root.all("header")[0].text  # midnight in UTC is the evening before
