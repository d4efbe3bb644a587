"""What is read of a press, and what is not taken for one."""

# ruff: noqa: RUF001 - look-alikes are what is tested

from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.notify.press import Press, read_press
from tests.fake_socket import pressed

ID = "inc_0123456789"


def test_a_button() -> None:
    assert read_press(pressed("mlmon.ack", ID)) == Press(
        team="T0ACME", home="T0ACME", app="A0MLMON", channel="C0ALERTS", user="U0ANA",
        by="ana (U0ANA)", action="mlmon.ack", incident=ID, choice="", at="1.000001",
    )  # fmt: skip


def test_an_option_of_a_menu() -> None:
    press = read_press(pressed("mlmon.silence", f"{ID}|4h"))
    assert press is not None
    assert (press.incident, press.choice) == (ID, "4h")


def test_one_press_has_one_key() -> None:
    press = read_press(pressed("mlmon.ack", ID, user="U1", at="7.5"))
    assert press is not None
    assert press.key == "slack:U1:7.5"


@pytest.mark.parametrize(
    ("user", "by"),
    [
        ({"id": "U1"}, "U1"),
        ({"id": "U1", "name": "bob"}, "bob (U1)"),
        ({"id": "U1", "username": "ann (U0BOSS)"}, "ann U0BOSS (U1)"),
        ({"id": "U1", "username": "<!here> <@U2>"}, "‹!here› ‹atU2› (U1)"),
    ],
)
def test_a_name_is_no_syntax_and_no_other_id(user: dict[str, str], by: str) -> None:
    press = read_press(pressed("mlmon.ack", ID) | {"user": user})
    assert press is not None
    assert press.by == by


def changed(**other: Any) -> dict[str, Any]:
    return pressed("mlmon.ack", ID) | other


def action(**other: Any) -> dict[str, Any]:
    return changed(actions=[pressed("mlmon.ack", ID)["actions"][0] | other])


@pytest.mark.parametrize(
    "payload",
    [
        None, [], "text", 7, {}, {"type": "block_actions"},
        changed(type="view_submission"),
        changed(actions=[]), changed(actions=None), changed(actions=7),
        changed(actions=[action()["actions"][0]] * 2),
        changed(team=None), changed(team={"id": None}), changed(team={"id": "T0ACME\n"}),
        changed(user=None), changed(user={"id": "U1\u200b"}), changed(user={"id": ["U1"]}),
        changed(user={"name": "ana"}),
        changed(channel={"id": "C0 ALERTS"}), changed(channel=None),
        changed(api_app_id=None),
        action(action_id="open_run"), action(action_id="mlmon.acks"), action(action_id=None),
        action(value=None), action(value=ID.upper()), action(value="inc_'; drop table incidents"),
        action(value=f"{ID}\n"), action(value=f"{ID}|4h|x"), action(value=f"{ID}|<!channel>"),
        action(value=f"{ID}|{'x' * 21}"), action(value="inc_" + "a" * 100_000),
        action(value="inc_\uff10123456789"), action(value=[ID]), action(selected_option=7),
        action(selected_option={"value": {"a": 1}}),
        action(action_ts="now"), action(action_ts=1.5),
    ],
)  # fmt: skip
def test_what_is_no_press_of_ours(payload: Any) -> None:
    assert read_press(payload) is None
