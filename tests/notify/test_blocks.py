from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_pipelines.alerts.links import Link
from monitoring_pipelines.alerts.message import Chart, Fact, Stage, Table
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.alerts.settings import Layout
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.notify.blocklint import problems, texts
from monitoring_pipelines.notify.blocks import blocks, light, plain, summary, words
from monitoring_pipelines.notify.web import is_web
from tests.notify.messages import message

if TYPE_CHECKING:
    from monitoring_pipelines.alerts.message import AlertMessage


def test_a_message_is_header_lead_facts_steps_links_and_small_print() -> None:
    assert kinds(message()) == [
        "header",
        "rich_text",
        "section",
        "rich_text",
        "rich_text",
        "context",
    ]
    shown = texts(blocks(message()))
    assert shown[0] == "🟠 HIGH · Performance · churn · v14"
    assert shown[1:3] == ["roc_auc is 0.804", " (limit 0.83, usual 0.86)."]
    assert "*Rows*\n31,204" in shown
    assert shown[-1] == "inc_0123456789 · window 2026-11-22"


def test_what_a_message_does_not_have_takes_no_block() -> None:
    bare = message(facts=(), steps=(), links=())
    assert [b["type"] for b in blocks(bare)] == ["header", "rich_text", "context"]


def kinds(said: AlertMessage, op: Op = Op.OPEN, **other: bool) -> list[str]:
    built = blocks(said, op, **other)
    assert problems(built) == []
    return [block["type"] for block in built]


CHART = Chart("roc_auc", ("2026-11-21", "2026-11-22"), (0.86, 0.8), usual=0.86, limit=0.83)
TABLE = Table(("check", "value"), (("roc_auc", "0.83"), ("", "1,234")))
FULL = {"chart": CHART, "has_buttons": True, "handled": "Silenced until 12:00."}


def test_a_full_message_has_every_block_in_its_order() -> None:
    assert kinds(message(**FULL)) == [
        "header", "context", "rich_text", "data_visualization", "section", "rich_text", "actions",
        "context",
    ]  # fmt: skip
    assert "data_visualization" not in kinds(message(**FULL), with_chart=False)
    assert "data_visualization" not in kinds(message(**FULL, stage=Stage.RESOLVED))


def test_a_table_stands_where_the_chart_would_be() -> None:
    found = kinds(message(**FULL, table=TABLE))
    assert "table" in found
    assert "data_visualization" not in found


def test_a_compact_message_has_its_facts_in_one_line() -> None:
    compact = message(**FULL, layout=Layout.COMPACT)
    assert not {"data_visualization", "section"} & {*kinds(compact)}
    assert "Rows: 31,204 · Owner: team:growth" in texts(blocks(compact))


def buttons(said: AlertMessage) -> dict[str, list[str]]:
    found = [b for b in blocks(said) if b["type"] == "actions"]
    return {
        element["action_id"]: [
            element.get("value", ""), *(o["value"] for o in element.get("options", [])),
        ]
        for block in found
        for element in block["elements"]
    }  # fmt: skip


def test_buttons_hold_the_incident_and_the_choice_and_nothing_else() -> None:
    id_ = "inc_0123456789"
    silences = ["", f"{id_}|4h", f"{id_}|1d", f"{id_}|7d", f"{id_}|expected"]
    firing = buttons(message(has_buttons=True))
    assert firing == {"mlmon.ack": [id_], "mlmon.silence": silences, "mlmon.link.0": [""]}
    acknowledged = message(has_buttons=True, stage=Stage.ACKNOWLEDGED, links=())
    assert list(buttons(acknowledged)) == ["mlmon.silence"]
    assert buttons(message(has_buttons=True, stage=Stage.WITHDRAWN, links=())) == {}
    closed = buttons(message(has_buttons=True, stage=Stage.RESOLVED))
    assert closed["mlmon.feedback"][1:] == [
        f"{id_}|fixed", f"{id_}|expected", f"{id_}|false_alarm", f"{id_}|no_action",
    ]  # fmt: skip
    assert buttons(message()) == {}


@pytest.mark.parametrize(
    ("op", "why"),
    [
        (Op.REMIND, "Still there: "),
        (Op.ESCALATE, "It got worse: "),
        (Op.REOPEN, "It is back: "),
    ],
)
def test_an_answer_calls_somebody_and_says_why(op: Op, why: str) -> None:
    called = message(mentions=("S0MLONCALL", "U012345", "!channel"))
    title, said = (block["elements"][0]["elements"] for block in blocks(called, op))
    assert title[0] == {"type": "usergroup", "usergroup_id": "S0MLONCALL"}
    assert title[2] == {"type": "user", "user_id": "U012345"}
    assert title[-1]["text"] == "HIGH · Performance · churn · v14"
    assert said[0]["text"] == why
    assert why in summary(called, op)
    assert kinds(called, op) == ["rich_text", "rich_text"]


def test_a_first_message_calls_and_an_edit_does_not() -> None:
    called = message(mentions=("S0MLONCALL",))
    assert "S0MLONCALL" in str(blocks(called, Op.OPEN))
    assert "S0MLONCALL" not in str(blocks(called, Op.UPDATE))
    assert "channel" not in str(blocks(message(mentions=("!channel",)), Op.OPEN))


def test_refused_blocks_still_call_somebody() -> None:
    called = message(mentions=("S0MLONCALL", "U012345", "!channel"))
    assert words(called, Op.OPEN).startswith("<!subteam^S0MLONCALL> <@U012345> [HIGH] Performance")
    assert words(called, Op.UPDATE) == plain(called, Op.UPDATE)


def test_a_secret_that_a_parenthesis_splits_is_known_as_one() -> None:
    assert "hunter2" not in str(blocks(message(what="password= (hunter2) is wrong")))


def test_evidence_is_its_table_and_a_note_is_a_line() -> None:
    assert kinds(message(table=TABLE), Op.EVIDENCE) == ["rich_text", "table", "context"]
    assert kinds(message(), Op.EVIDENCE) == ["rich_text", "context"]
    assert kinds(message(stage=Stage.RESOLVED), Op.NOTE) == ["context"]


def test_a_digest_has_no_owner_and_no_buttons() -> None:
    digest = message(
        stage=Stage.DIGEST, owner="", table=TABLE, has_buttons=True, steps=(), links=()
    )
    assert kinds(digest, Op.DIGEST) == ["header", "rich_text", "table", "rich_text", "context"]
    assert "Owner" not in summary(digest)


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
        ("https://[dagster.example/", False),
    ],
)
def test_only_plain_web_addresses_become_links(url: str, is_fine: bool) -> None:
    assert is_web(url) is is_fine
    linked = message(links=(Link("Run", url),))
    assert (url in plain(linked)) is is_fine
    assert (url in str(blocks(linked))) is is_fine
