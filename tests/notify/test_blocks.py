from __future__ import annotations

import random
import re
from dataclasses import replace
from itertools import islice
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
from monitoring_pipelines.notify.blocks import blocks, is_web, light, plain, summary
from tests.notify.messages import message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_pipelines.alerts.message import AlertMessage

HOSTILE = "<!channel> *x* `y` https://evil.example 🟢 &lt;@U1&gt; ann@example.org " * 40


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
    assert shown[1] == "roc_auc is 0.804 (limit 0.83, usual 0.86)."
    assert "*Rows*\n31,204" in shown
    assert shown[-1] == "inc_0123456789 · window 2026-11-22"


def test_what_a_message_does_not_have_takes_no_block() -> None:
    bare = message(facts=(), steps=(), links=())
    assert [b["type"] for b in blocks(bare)] == ["header", "rich_text", "context"]


def kinds(said: AlertMessage, op: Op = Op.OPEN, **other: bool) -> list[str]:
    built = blocks(said, op, **other)
    assert problems(built) == []
    return [block["type"] for block in built]


CHART = Chart("roc_auc", ("2026-11-21", "2026-11-22"), (0.86, None), usual=0.86, limit=0.83)
TABLE = Table(("check", "value"), (("roc_auc", "0.83"), ("", "1,234")))
FULL = {"chart": CHART, "table": TABLE, "has_buttons": True, "handled": "Silenced until 12:00."}


def test_a_full_message_has_every_block_in_its_order() -> None:
    assert kinds(message(**FULL)) == [
        "header", "context", "rich_text", "data_visualization", "table", "section", "rich_text",
        "actions", "rich_text", "context",
    ]  # fmt: skip
    assert "data_visualization" not in kinds(message(**FULL), with_chart=False)
    compact = message(**FULL, layout=Layout.COMPACT)
    assert not {"data_visualization", "section"} & {*kinds(compact)}


def test_a_chart_leaves_out_what_has_no_value_and_draws_limits_through() -> None:
    chart = next(b for b in blocks(message(chart=CHART)) if b["type"] == "data_visualization")
    drawn = {one["name"]: [p["value"] for p in one["data"]] for one in chart["chart"]["series"]}
    assert drawn == {"value": [0.86], "usual": [0.86, 0.86], "limit": [0.83, 0.83]}


def test_numbers_stand_right_and_no_cell_is_empty() -> None:
    table = next(b for b in blocks(message(table=TABLE)) if b["type"] == "table")
    assert table["column_settings"] == [{}, {"align": "right"}]
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [
        ["check", "value"], ["roc_auc", "0.83"], ["-", "1,234"],
    ]  # fmt: skip


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
    assert firing == {"mlmon.ack": [id_], "mlmon.silence": silences}
    acknowledged = message(has_buttons=True, stage=Stage.ACKNOWLEDGED)
    assert list(buttons(acknowledged)) == ["mlmon.silence"]
    closed = buttons(message(has_buttons=True, stage=Stage.RESOLVED))
    assert closed["mlmon.feedback"][1:] == [
        f"{id_}|fixed", f"{id_}|expected", f"{id_}|false_alarm", f"{id_}|no_action",
    ]  # fmt: skip
    assert buttons(message()) == {}


@pytest.mark.parametrize(
    ("op", "words"),
    [
        (Op.REMIND, "Still there: "),
        (Op.ESCALATE, "It got worse: "),
        (Op.REOPEN, "It is back: "),
    ],
)
def test_an_answer_calls_somebody_and_says_why(op: Op, words: str) -> None:
    called = message(mentions=("S0MLONCALL", "U012345", "!channel"))
    (line,) = blocks(called, op)
    first, _, second, _, said, *_ = line["elements"][0]["elements"]
    assert first == {"type": "usergroup", "usergroup_id": "S0MLONCALL"}
    assert second == {"type": "user", "user_id": "U012345"}
    assert said["text"] == words
    assert problems([line]) == []


def test_a_first_message_calls_and_an_edit_does_not() -> None:
    called = message(mentions=("S0MLONCALL",))
    assert "S0MLONCALL" in str(blocks(called, Op.OPEN))
    assert "S0MLONCALL" not in str(blocks(called, Op.UPDATE))
    assert "channel" not in str(blocks(message(mentions=("!channel",)), Op.OPEN))


def test_evidence_is_its_table_and_a_note_is_a_line() -> None:
    assert kinds(message(table=TABLE), Op.EVIDENCE) == ["rich_text", "table", "context"]
    assert kinds(message(), Op.EVIDENCE) == ["rich_text", "context"]
    assert kinds(message(stage=Stage.RESOLVED), Op.NOTE) == ["context"]


def test_a_digest_has_no_owner_and_no_buttons() -> None:
    digest = message(stage=Stage.DIGEST, owner="", table=TABLE, has_buttons=True, steps=())
    assert "actions" not in kinds(digest, Op.DIGEST)
    assert "Owner" not in summary(digest)


def hostile_texts(rng: random.Random, n: int) -> Iterator[str]:
    """Mass mentions, fake links, hidden characters, markup, pictures, secrets, endless words."""
    parts = [
        "<!channel>", "<!here|x>", "<@U012345>", "@everyone", "<https://evil.example|Run>",
        "https://evil.example/x", "javascript:alert(1)", "`", "```", "*", "_", "~", "|",
        "&lt;!here&gt;", "&#60;", ":red_circle:", "🟢", "🔴", "\u202e", "\u200b", "\u2066",
        "\ufeff", "\x00", "\n", "\r\n", "\uff1c!channel\uff1e", "a" * 500, "]", "[", " ",
        "country=BR", "\U000e0041", "\ufdfa", "\u0300" * 20,
        # a secret is known by where it begins and ends
        " ann@example.org ", " 4111 1111 1111 1111 ", " DE89370400440532013000 ",
        " xoxb-1234567890-abcdefghij ", " AKIAIOSFODNN7EXAMPLE ", " password=hunter2 ",
    ]  # fmt: skip
    for _ in range(n):
        text = "".join(rng.choice(parts) for _ in range(rng.randint(1, 12)))
        yield text * rng.choice([1, 1, 1, 20]) if rng.random() < 0.99 else text.ljust(10_000, "x")


@pytest.mark.slow
def test_twenty_thousand_hostile_texts_are_inert_wherever_they_stand() -> None:
    rng = random.Random(20261124)
    texts_ = hostile_texts(rng, 20_000)
    ops = [Op.OPEN, Op.UPDATE, Op.REMIND, Op.EVIDENCE, Op.NOTE, Op.DIGEST]
    while True:
        few = list(islice(texts_, 20))
        if not few:
            break
        one = iter(few)
        said = message(
            title=next(one), what=next(one), detail=next(one), owner=next(one), before=next(one),
            handled=next(one), facts=(Fact("Rows", next(one)), Fact("Owner", next(one))),
            steps=(next(one), next(one)), small=(next(one),), links=(),
            chart=Chart(next(one), (next(one), next(one)), (1.0, 2.0)),
            table=Table((next(one), next(one)), ((next(one), next(one)), (next(one), next(one)))),
            mentions=(few[0],), has_buttons=True,
        )  # fmt: skip
        built = blocks(said, rng.choice(ops))
        assert problems(built) == []
        for text in [*texts(built), summary(said), plain(said)]:
            rest = text.replace("*Rows*", "").replace("*Owner*", "")
            assert not set("<>`*@~|") & set(rest), rest
            assert "://" not in rest
            assert not HIDDEN.search(rest), rest
            assert not SECRET.search(rest), rest
            assert sum(rest.count(picture) for picture in "🟢🔴🟠") <= 1
            assert not re.search(r":[a-z_]+:", rest), rest


HIDDEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\x00\U000e0000-\U000e007f]")
SECRET = re.compile(r"4111 1111|DE8937|xoxb-1234567890-a|AKIAIOSFODNN7|hunter2|ann\W?example")


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
