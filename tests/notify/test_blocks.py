from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_pipelines.alerts.links import Link
from monitoring_pipelines.alerts.message import Fact, Stage
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.notify.blocklint import problems, texts
from monitoring_pipelines.notify.blocks import blocks, is_web, light, plain, summary
from tests.notify.messages import message

HOSTILE = "<!channel> *x* `y` https://evil.example 🟢 &lt;@U1&gt; ann@example.org " * 40


def test_a_message_is_header_lead_facts_steps_links_and_small_print() -> None:
    kinds = [block["type"] for block in blocks(message())]
    assert kinds == ["header", "rich_text", "section", "rich_text", "rich_text", "context"]
    shown = texts(blocks(message()))
    assert shown[0] == "🟠 HIGH · Performance · churn · v14"
    assert shown[1] == "roc_auc is 0.804 (limit 0.83, usual 0.86)."
    assert "*Rows*\n31,204" in shown
    assert shown[-1] == "inc_0123456789 · window 2026-11-22"


def test_what_a_message_does_not_have_takes_no_block() -> None:
    bare = message(facts=(), steps=(), links=())
    assert [b["type"] for b in blocks(bare)] == ["header", "rich_text", "context"]


def test_a_closed_message_strikes_through_what_it_said() -> None:
    closed = message(stage=Stage.RESOLVED, before="roc_auc is 0.804.", what="Back to normal.")
    lead = blocks(closed)[1]["elements"][0]["elements"]
    assert lead[0] == {"type": "text", "text": "roc_auc is 0.804.", "style": {"strike": True}}
    assert summary(closed).startswith("[RESOLVED] Performance")


@pytest.mark.parametrize(
    ("stage", "severity", "colour"),
    [
        (Stage.FIRING, Severity.CRITICAL, "🔴"),
        (Stage.FIRING, Severity.HIGH, "🟠"),
        (Stage.RESOLVED, Severity.CRITICAL, "🟢"),
        (Stage.WITHDRAWN, Severity.HIGH, "🟢"),
    ],
)
def test_light(stage: Stage, severity: Severity, colour: str) -> None:
    assert light(message(stage=stage, severity=severity)) == colour


def test_hostile_names_are_inert_on_every_surface() -> None:
    hostile = message(
        title=HOSTILE, what=HOSTILE, detail=HOSTILE, owner=HOSTILE, before=HOSTILE,
        facts=(Fact("Rows", HOSTILE),) * 5, steps=(HOSTILE,) * 5, small=(HOSTILE,) * 5,
    )  # fmt: skip
    assert problems(blocks(hostile)) == []
    assert len(summary(hostile)) <= 155
    for text in [*texts(blocks(hostile)), summary(hostile), plain(hostile)]:
        rest = text.replace("*Rows*", "").replace("https://dagster.example/runs/3f2b", "")
        assert not set("<>`*@") & set(rest)
        assert "ann" not in rest.replace("channel", "")
        assert "://" not in rest
        assert rest.count("🟢") <= 1


@given(st.text(min_size=1), st.text(min_size=1))
def test_any_name_gives_blocks_that_slack_takes(one: str, other: str) -> None:
    built = replace(message(), title=one, what=f"{other}.", facts=(Fact("Rows", one),))
    assert problems(blocks(built)) == []


@pytest.mark.parametrize(
    ("url", "is_fine"),
    [
        ("https://dagster.example/runs/1", True),
        ("http://localhost:3000/runs/1", True),
        ("javascript:alert(1)", False),
        ("https://dagster.example@evil.example/", False),
        ("/runs/1", False),
        ("ftp://dagster.example/", False),
    ],
)
def test_only_plain_web_addresses_become_links(url: str, is_fine: bool) -> None:
    assert is_web(url) is is_fine
    linked = message(links=(Link("Run", url),))
    assert (url in plain(linked)) is is_fine
    assert (url in str(blocks(linked))) is is_fine
