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
    ],
)
def test_what_slack_refuses_is_found_at_its_place(bad: list[dict[str, Any]], place: str) -> None:
    assert any(problem.startswith(place) for problem in problems(bad))


def test_texts_are_found_however_deep() -> None:
    nested = [rich(section({"type": "link", "url": "https://x", "text": "Run"})), header("Top")]
    assert texts(nested) == ["Run", "Top"]
