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


def chart(**other: Any) -> dict[str, Any]:
    points = [{"label": "l", "value": 1.0}]
    drawn = {
        "type": "line",
        "series": [{"name": "s", "data": points}],
        "axis_config": {"categories": ["l"]},
    }
    return {"type": "data_visualization", "title": "x", "chart": drawn} | other


def image(**other: Any) -> dict[str, Any]:
    return {"type": "image", "alt_text": "x", "image_url": "https://x.example/a.png"} | other


def overflow(n: int) -> dict[str, Any]:
    options = [{"text": plain("x"), "value": str(i)} for i in range(n)]
    return {"type": "overflow", "action_id": "o", "options": options}


def bullets(**other: Any) -> dict[str, Any]:
    item = section({"type": "text", "text": "x"})
    return rich({"type": "rich_text_list", "elements": [item]} | other)


def test_each_kind_that_is_fine_is_fine() -> None:
    fine = [
        table([["a", "b"]]), actions(button()), chart(), header("x"), image(), {"type": "divider"},
        {"type": "markdown", "text": "x"}, bullets(style="bullet"),
        {"type": "section", "text": mrkdwn("x" * 3_000), "accessory": overflow(5)},
        {"type": "context", "elements": [plain("x"), image(title=plain("x"))]},
        rich(section({"type": "link", "text": "x", "url": "https://x.example"})),
    ]  # fmt: skip
    assert problems(fine) == []
    assert problems([actions(select(("x", "y")))]) == []
    linked = {k: v for k, v in button().items() if k != "value"} | {"url": "https://x.example"}
    assert problems([actions(linked)]) == []


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
        pytest.param([table([["a"]]), table([["a"]])], "/: 2 tables", id="two tables"),
        pytest.param([actions()], "/0/elements: 1 to 25", id="no buttons"),
        pytest.param([actions(button()) | {"block_id": ""}], "/0/block_id", id="no block id"),
        pytest.param([actions(button(), button())], "/: action_id 'a' 2", id="same action"),
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
        pytest.param([chart()] * 3, "/: 3 charts", id="three charts"),
        pytest.param([{"type": "section", "text": mrkdwn("x" * 3_001)}], "/0/text: 1 to 3000",
                     id="section long"),
        pytest.param([{"type": "section", "text": mrkdwn(verbatim=False)}], "/0/text: not verbatim",
                     id="section parses"),
        pytest.param([{"type": "section", "text": plain("x"), "accessory": overflow(6)}],
                     "/0/accessory/options: 1 to 5", id="overflow"),
        pytest.param([{"type": "context", "elements": [plain("x" * 3_001)]}], "/0/elements/0",
                     id="context long"),
        pytest.param([{"type": "context", "elements": [image(alt_text="")]}],
                     "/0/elements/0/alt_text", id="no alternative text"),
        pytest.param([image(alt_text="x" * 2_001)], "/0/alt_text", id="alternative text long"),
        pytest.param([image(slack_file={"id": "F1"})], "/0: image_url or slack_file", id="both"),
        pytest.param([image(image_url="javascript:x")], "/0/image_url: no web", id="no address"),
        pytest.param([image(title=plain("x" * 2_001))], "/0/title", id="image title"),
        pytest.param([{"type": "divider", "text": plain("x")}], "/0/text: not of", id="divider"),
        pytest.param([{"type": "markdown", "text": "x" * 12_001}], "/0/text", id="markdown"),
        pytest.param([bullets(style="roman")], "/0/elements/0/style", id="list style"),
        pytest.param([rich(section({"type": "link", "text": "x", "url": "x"}))],
                     "/0/elements/0/elements/0/url", id="link to nowhere"),
        pytest.param([actions(button() | {"url": "https://x/" + "y" * 3_000})],
                     "/0/elements/0/url", id="long address"),
        pytest.param([actions(button() | {"style": "loud"})], "/0/elements/0/style", id="style"),
        pytest.param([actions(button() | {"action_id": "x" * 256})], "/0/elements/0/action_id",
                     id="action id long"),
        pytest.param([actions(*[button() | {"action_id": str(i)} for i in range(26)])],
                     "/0/elements: 1 to 25", id="many buttons"),
        pytest.param([actions(select(("x", "y")) | {"placeholder": plain("x" * 151)})],
                     "/0/elements/0/placeholder", id="placeholder"),
        pytest.param([actions(select(*[("x", str(i)) for i in range(101)]))],
                     "/0/elements/0/options: 1 to 100", id="many options"),
        pytest.param([header("x") | {"block_id": "x" * 256}], "/0/block_id", id="block id long"),
        pytest.param([actions(button()), actions(button()) | {"block_id": "c"}],
                     "/: action_id 'a' 2", id="same action in two blocks"),
        pytest.param([rich(section({"type": "user", "user_id": ""}))], "/0/elements/0/elements/0",
                     id="nobody"),
    ],
)  # fmt: skip
def test_what_slack_refuses_is_found_at_its_place(bad: list[dict[str, Any]], place: str) -> None:
    assert any(problem.startswith(place) for problem in problems(bad))


def test_texts_are_found_however_deep() -> None:
    nested = [rich(section({"type": "link", "url": "https://x", "text": "Run"})), header("Top")]
    assert texts(nested) == ["Run", "Top"]
