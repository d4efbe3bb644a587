from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.notify.blocklint import problems, texts
from monitoring_pipelines.notify.blocks import blocks
from tests.notify.messages import message


def mrkdwn(text: str = "x", **other: Any) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True} | other


def header(text: str) -> dict[str, Any]:
    return {"type": "header", "text": {"type": "plain_text", "text": text}}


def rich(*elements: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def section(*elements: Any) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def table(rows: list[list[str]]) -> dict[str, Any]:
    cells = [[{"type": "raw_text", "text": text} for text in row] for row in rows]
    return {"type": "table", "rows": cells}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "block_id": "b", "elements": list(elements)}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(text: str = "x", value: str = "v") -> dict[str, Any]:
    return {"type": "button", "action_id": "a", "text": plain(text), "value": value}


def select(*options: tuple[str, str]) -> dict[str, Any]:
    listed = [{"text": plain(text), "value": value} for text, value in options]
    shown = plain("Choose")
    return {"type": "static_select", "action_id": "a", "placeholder": shown, "options": listed}


def chart(
    title: str = "x", label: str = "l", value: float = 1.0, n: int = 1, series: Any = None
) -> dict[str, Any]:
    points = [{"label": label, "value": value}] * n
    drawn = [{"name": "s", "data": points}] if series is None else series
    return {"type": "data_visualization", "title": title, "chart": {"series": drawn}}


def test_each_kind_that_is_fine_is_fine() -> None:
    fine = [table([["a", "b"]]), actions(button()), chart(), header("x")]
    assert problems(fine) == []
    assert problems([actions(select(("x", "y")))]) == []


def test_what_we_send_is_fine() -> None:
    assert problems(blocks(message())) == []


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        pytest.param([], "/: 0 blocks", id="nothing"),
        pytest.param([header("x")] * 51, "/: 51 blocks", id="too many blocks"),
        pytest.param([header("x" * 151)], "/0/text", id="header too long"),
        pytest.param([header("")], "/0/text", id="header empty"),
        pytest.param([{"type": "header"}], "/0/text", id="header without text"),
        pytest.param([{"type": "header", "text": mrkdwn()}], "/0/text", id="header with markup"),
        pytest.param([{"type": "section"}], "/0/fields", id="section without fields"),
        pytest.param([{"type": "section", "fields": [mrkdwn()] * 11}], "/0/fields", id="fields"),
        pytest.param(
            [{"type": "section", "fields": [mrkdwn("x" * 2_001)]}], "/0/fields/0", id="field long"
        ),
        pytest.param(
            [{"type": "section", "fields": [mrkdwn(verbatim=False)]}], "/0/fields/0", id="parses"
        ),
        pytest.param(
            [{"type": "context", "elements": [mrkdwn()] * 11}], "/0/elements", id="context"
        ),
        pytest.param([{"type": "alert"}], "/0: unknown block", id="unknown block"),
        pytest.param([rich()], "/0/elements: empty", id="rich text empty"),
        pytest.param([rich({"type": "emoji"})], "/0/elements/0: unknown", id="unknown element"),
        pytest.param(
            [rich(section({"type": "text", "text": ""}))], "/0/elements/0/elements/0", id="no text"
        ),
        pytest.param(
            [{"type": "section", "fields": [mrkdwn("x" * 1_999)] * 7}], "/: 13993", id="in all"
        ),
        pytest.param([table([])], "/0/rows: 1 to 100", id="table empty"),
        pytest.param([table([["a"]] * 101)], "/0/rows: 1 to 100", id="table long"),
        pytest.param([table([["a"] * 21])], "/0/rows/0: 1 to 20 cells", id="table wide"),
        pytest.param([table([["a", "b"], ["a"]])], "/0/rows/1", id="table ragged"),
        pytest.param([table([[""]])], "/0/rows/0/0", id="empty cell"),
        pytest.param([table([["a"]]), table([["a"]])], "/: 2 tables", id="two tables"),
        pytest.param([actions()], "/0/elements: 1 to 25", id="no buttons"),
        pytest.param([actions(button()) | {"block_id": ""}], "/0/block_id", id="no block id"),
        pytest.param([actions(button(), button())], "/0: action_id 'a' 2", id="same action"),
        pytest.param([actions(button("x" * 76))], "/0/elements/0/text", id="button long"),
        pytest.param([actions(button(value="x" * 2_001))], "/0/elements/0/value", id="value long"),
        pytest.param([actions({"type": "datepicker", "action_id": "a"})], "/0/elements/0: unknown",
                     id="unknown action"),
        pytest.param([actions(select())], "/0/elements/0/options: 1 to 100", id="no options"),
        pytest.param([actions(select(("x", "y" * 151)))], "/0/elements/0/options/0/value",
                     id="option value long"),
        pytest.param([actions(select(("x" * 76, "y")))], "/0/elements/0/options/0/text",
                     id="option long"),
        pytest.param([actions(button()), actions(button())], "/: block_id 'b' 2", id="same block"),
        pytest.param([chart(title="x" * 51)], "/0/title", id="chart title"),
        pytest.param([chart(series=[])], "/0/chart/series", id="no series"),
        pytest.param([chart(n=21)], "/0/chart/series/0/data: 1 to 20", id="many points"),
        pytest.param([chart(label="x" * 21)], "/0/chart/series/0/data/0/label", id="long label"),
        pytest.param([chart(value=float("nan"))], "/0/chart/series/0/data/0/value", id="no number"),
        pytest.param([chart()] * 3, "/: 3 charts", id="three charts"),
        pytest.param([rich(section({"type": "user", "user_id": ""}))], "/0/elements/0/elements/0",
                     id="nobody"),
    ],
)  # fmt: skip
def test_what_slack_refuses_is_found_at_its_place(bad: list[dict[str, Any]], place: str) -> None:
    assert any(problem.startswith(place) for problem in problems(bad))


def test_texts_are_found_however_deep() -> None:
    nested = [rich(section({"type": "link", "url": "https://x", "text": "Run"})), header("Top")]
    assert texts(nested) == ["Run", "Top"]
