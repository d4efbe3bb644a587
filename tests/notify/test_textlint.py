from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.notify.textlint import PLAIN, listed, sized, texted


@pytest.mark.parametrize(
    ("items", "is_fine"), [([1], True), ([1, 2], True), ([], False), ([1] * 3, False), ("x", False)]
)
def test_listed(items: Any, is_fine: bool) -> None:
    assert listed(items, 2) is is_fine


@pytest.mark.parametrize(("text", "n"), [("ab", 0), ("", 1), ("abc", 1), (None, 1), (7, 1)])
def test_sized(text: Any, n: int) -> None:
    assert len(sized(text, "/0", 2)) == n


@pytest.mark.parametrize(
    ("item", "n"),
    [
        ({"type": "plain_text", "text": "ab"}, 0),
        ({"type": "mrkdwn", "text": "ab", "verbatim": True}, 0),
        ({"type": "mrkdwn", "text": "abc"}, 2),
        ({"type": "raw_text", "text": "ab"}, 1),
        ("ab", 1),
    ],
)
def test_texted(item: Any, n: int) -> None:
    assert len(texted(item, "/0", 2)) == n


def test_markup_is_no_plain_text() -> None:
    assert texted({"type": "mrkdwn", "text": "a", "verbatim": True}, "/0", 2, PLAIN)
