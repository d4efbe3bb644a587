# ruff: noqa: RUF001 - look-alikes are what is tested
from __future__ import annotations

import pytest

from monitoring_pipelines.alerts.links import Link
from monitoring_pipelines.notify.elements import (
    button,
    context,
    field,
    header,
    is_mention,
    link,
    link_button,
    listed,
    mention,
    plain,
    rich,
    section,
    select,
    shown,
    text,
)

HOSTILE = "<!channel> *x* 🟢"
INERT = "‹!channel› ∗x∗ ▫"


def test_every_text_is_inert_whatever_it_stands_in() -> None:
    to = Link(HOSTILE, "https://dagster.example/")
    assert shown(HOSTILE, 80) == INERT
    assert text(HOSTILE, "bold") == {"type": "text", "text": INERT, "style": {"bold": True}}
    assert plain(HOSTILE, 80) == {"type": "plain_text", "text": INERT, "emoji": False}
    assert header("🔴", HOSTILE, 150)["text"]["text"] == f"🔴 {INERT}"
    assert context(HOSTILE)["elements"][0]["text"] == INERT
    assert field(HOSTILE, HOSTILE)["text"] == f"*{INERT}*\n{INERT}"
    assert link(to)["text"] == INERT
    assert link_button(to, 0)["text"]["text"] == INERT
    assert button(HOSTILE, "a", "v")["text"]["text"] == INERT
    assert select(HOSTILE, "a", [("v", HOSTILE)])["options"][0]["text"]["text"] == INERT


@pytest.mark.parametrize("nothing", ["", "\u200b", " \t "])
def test_what_is_not_there_is_a_dash(nothing: str) -> None:
    assert text(nothing)["text"] == plain(nothing, 9)["text"] == shown(nothing, 9) == "-"


def test_a_picture_counts_within_the_limit() -> None:
    assert len(header("🔴", "x" * 500, 150)["text"]["text"]) <= 150


def test_paragraphs_and_lists_nest() -> None:
    built = rich(listed([section(text("a"))], "bullet"))
    assert built["elements"][0]["elements"][0]["elements"][0]["text"] == "a"


@pytest.mark.parametrize(
    ("id_", "is_fine"),
    [
        ("U012345", True),
        ("W012345", True),
        ("S0MLONCALL", True),
        ("C012345", False),
        ("!channel", False),
        ("U0<!here>", False),
        ("U012345\n", False),
        ("", False),
    ],
)
def test_only_people_and_groups_are_called(id_: str, is_fine: bool) -> None:
    assert is_mention(id_) is is_fine


def test_a_group_is_called_as_a_group() -> None:
    assert mention("S012345") == {"type": "usergroup", "usergroup_id": "S012345"}
    assert mention("W012345") == {"type": "user", "user_id": "W012345"}
