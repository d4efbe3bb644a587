"""Twenty thousand hostile texts in every dynamic field of every kind of message."""
# ruff: noqa: RUF001 - confusable characters are what is tested

from __future__ import annotations

import random
import re
from dataclasses import replace
from itertools import cycle, product
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.alerts.compose import compose, withdraw
from monitoring_pipelines.alerts.evidence import evidence
from monitoring_pipelines.alerts.handling import Feedback
from monitoring_pipelines.alerts.links import Link
from monitoring_pipelines.alerts.message import AlertMessage, Chart, Fact, Stage, Table
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.alerts.settings import Layout
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.notify.blocklint import problems, texts
from monitoring_pipelines.notify.blocks import SILENCES, blocks, light, plain, summary, words
from tests.alerts.histories import result, the_incident
from tests.notify.kinds import SETTINGS
from tests.notify.messages import message

if TYPE_CHECKING:
    from collections.abc import Iterator

N = 20_000
SEED = 20261124
ID = "inc_0123456789"
HONEST = Link("Run", "https://dagster.example/runs/3f2b")
FORGED = Link("<!channel>", "https://dagster.example@evil.example/")

# a secret is known by where it begins and ends, so it stands between spaces
SECRETS = [
    " ann@example.org ", " 4111 1111 1111 1111 ", " DE89370400440532013000 ", " 10.1.2.3 ",
    " xoxb-1234567890-abcdefghij ", " AKIAIOSFODNN7EXAMPLE ", " password=hunter2 ",
    " postgresql://joe:hunter2@db.example/x ", " +49 170 1234567 ",
]  # fmt: skip
PARTS = [
    "<!channel>", "<!here|x>", "<!everyone>", "<@U012345>", "<!subteam^S0ADMIN>", "@everyone",
    "@here", "<https://evil.example|View in Dagster>", "https://evil.example/x", "evil.com",
    "javascript:alert(1)", "mailto:a@evil.example", "slack://open", "`", "```", "*", "**", "_",
    "~", "~~", "|", "> quote", "*bold*", "&lt;!here&gt;", "&#60;!channel&#62;", "&amp;lt;",
    ":red_circle:", ":white_check_mark:", "🟢", "🔴", "🟠", "👀", "✅", "🟢 RESOLVED", "1️⃣",
    "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\U000e0041", "\x00", "\x1b[31m",
    "\n", "\r\n", "\u2028", "\t", "＜！ｃｈａｎｎｅｌ＞", "＠ｈｅｒｅ", "｀",
    "\ufdfa", "\u0300" * 20,
    " (", ")", "]", "[", " ", "%s", "{rows}", "country=BR", "income", "a" * 500,
]  # fmt: skip
LIGHTS = "🟢🔴🟠👀🗓✅"

SYNTAX = re.compile(
    r"[<>`*~|@]|://|\bhttps?:|\bjavascript:|&#?\w+;|:[\w+'-]+:|\w\.[^\W\d_]{2,}", re.IGNORECASE
)
HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\u200b-\u200f\u2028\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
SECRET = re.compile(
    r"4111 1111|DE8937|xoxb-1|AKIAIO|hunter2|ann\W*(?:at)?\W*example|10\.1\.2|170 123"
)


def hostile_texts() -> Iterator[str]:
    rng = random.Random(SEED)
    for number in range(N):
        if number % 250 == 0:
            # ten thousand characters; the secret lies where one of the cuts may be
            yield f"{'x' * rng.randint(20, 620)}{rng.choice(SECRETS)}".ljust(10_000, "y")
            continue
        parts = rng.choices(PARTS + SECRETS, k=rng.randint(1, 8))
        yield "".join(parts) * rng.choice([1, 1, 1, 1, 8])


class Taker:
    """Gives text after text, and counts them."""

    def __init__(self) -> None:
        self.texts = cycle(hostile_texts())
        self.n = 0

    def __call__(self) -> str:
        self.n += 1
        return next(self.texts)


def assert_inert(text: str) -> None:
    for pattern in (SYNTAX, HIDDEN, SECRET):
        assert not pattern.search(text), (pattern.search(text), text)
    assert not set(LIGHTS) & set(text), text


def without_ours(said: AlertMessage, text: str) -> str:
    """A text without the one picture and the one markup that are our own."""
    head = re.fullmatch(r"\*([^*\n]+)\*\n(.*)", text, re.DOTALL)
    if head:
        return f"{head[1]} {head[2]}"
    return text.removeprefix(f"{light(said)} ").replace(HONEST.url, "")


def elements(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, dict | list):
            yield from elements(child)


def assert_safe(said: AlertMessage, op: Op, *, with_chart: bool) -> None:
    built = blocks(said, op, with_chart=with_chart)
    assert problems(built) == []
    assert len(summary(said, op)) <= 155
    # nobody can be called here, so the words are the plain ones
    for text in [*texts(built), summary(said, op), words(said, op)]:
        for line in without_ours(said, text).split("\n"):
            assert_inert(line)
    choices = {f"{ID}|{value}" for value in [*dict(SILENCES), *Feedback]} | {ID}
    for element in elements(built):
        assert element.get("type") not in {"broadcast", "channel", "emoji", "user", "usergroup"}
        assert element.get("url", HONEST.url) == HONEST.url
        if "action_id" in element or "placeholder" not in element:
            assert element.get("value", ID) in choices or isinstance(element["value"], float)
        assert element.get("verbatim", True) is True
        assert element.get("emoji", False) is False


def direct(take: Taker, stage: Stage, layout: Layout, *, has_buttons: bool) -> AlertMessage:
    """A message whose every field is hostile, as if a configuration were, too."""
    return AlertMessage(
        incident=ID, stage=stage, severity=Severity.HIGH, title=take(), what=take(),
        detail=take(), owner=take(), before=take(), handled=take(),
        facts=(Fact(take(), take()), Fact("Owner", take())), steps=(take(), take()),
        links=(HONEST, FORGED), small=(ID, take()), mentions=(take(), "!channel", "<@U012345>"),
        chart=Chart(take(), (take(), take(), take()), (1.0, None, 2.0), usual=1.0, limit=0.5),
        table=Table((take(), take()), ((take(), take()), (take(), take()))),
        layout=layout, has_buttons=has_buttons,
    )  # fmt: skip


def test_twenty_thousand_hostile_texts_are_inert_in_every_kind_of_message() -> None:
    take = Taker()
    ways = cycle(product(Op, Stage, Layout, (True, False)))
    while take.n < N:
        op, stage, layout, has_buttons = next(ways)
        said = direct(take, stage, layout, has_buttons=has_buttons)
        # a table stands where the chart would be
        assert_safe(replace(said, table=None) if take.n % 3 else said, op, with_chart=True)


@pytest.mark.parametrize("n_conditions", [1, 3, 12])
def test_hostile_data_are_inert_after_composing(n_conditions: int) -> None:
    take = Taker()
    settings = replace(SETTINGS, ui_url=None, runbook=None)
    for _ in range(3):
        names = {"model": take(), "model_version": take(), "run_id": take(), "reason": take()}
        segment = take()
        for end in ("BBB", "BBoo"):
            history = [
                [
                    result(day, letter, f"{number} {segment}", segment=segment,
                           column=f"{number} {segment}", **names)
                    for day, letter in enumerate(end)
                ]
                for number in range(n_conditions)
            ]  # fmt: skip
            hostile = replace(settings, owner=take(), next_steps=(take(),))
            found = the_incident(*history)
            said = replace(compose(*found, hostile), incident=ID, has_buttons=True)
            behind = replace(evidence(*found, hostile), incident=ID)
            for op in Op:
                assert_safe(said, op, with_chart=True)
            assert_safe(behind, Op.EVIDENCE, with_chart=True)
            assert_safe(withdraw(said), Op.RESOLVE, with_chart=False)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_gone_wherever_a_text_is_cut(secret: str) -> None:
    for size in range(0, 700, 7):
        text = "x" * size + secret + "y" * 700
        told = message(what=text, title=text, owner=text)
        for shown in [*texts(blocks(told)), summary(told), plain(told)]:
            assert not SECRET.search(shown)
