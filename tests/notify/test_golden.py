"""What Slack gets of every kind of message: the same as the golden files, and taken by the fake.

The golden files are written by ``python -m tests.notify.kinds`` and read by people.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.notify.base import Order
from monitoring_pipelines.notify.blocklint import problems, texts
from monitoring_pipelines.notify.blocks import blocks, summary
from monitoring_pipelines.notify.slack import SlackNotifier
from tests.fake_slack import TOKEN
from tests.notify.kinds import CALLED, GOLDEN, every_kind, golden, written

if TYPE_CHECKING:
    from tests.fake_slack import FakeSlack

KINDS = every_kind()


@pytest.mark.parametrize("name", KINDS)
def test_a_message_looks_as_it_was_approved(name: str) -> None:
    assert golden(name).read_text(encoding="utf-8") == written(*KINDS[name])


def test_no_golden_file_is_left_over_and_no_kind_is_missing() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == {*KINDS}
    assert {op for _, op in KINDS.values()} == {*Op}


@pytest.mark.parametrize("name", KINDS)
def test_slack_would_take_it(name: str) -> None:
    message, op = KINDS[name]
    for with_chart in (True, False):
        built = blocks(message, op, with_chart=with_chart)
        assert problems(built) == []
        assert sum(map(len, texts(built))) < 5_000
    assert len(summary(message, op)) <= 155


@pytest.mark.parametrize("name", KINDS)
def test_people_are_called_by_what_is_news_only(name: str) -> None:
    message, op = KINDS[name]
    calls = CALLED[0] in str(blocks(message, op))
    # a broken promise goes to who owns the model, and wakes nobody
    assert calls is (op in {Op.OPEN, Op.REOPEN, Op.ESCALATE, Op.REMIND} and bool(message.mentions))


def test_all_are_posted_edited_and_threaded(fake: FakeSlack) -> None:
    notifier = SlackNotifier(TOKEN, fake.url)
    root = notifier.send(Order(Op.OPEN, "C0ALERTS", KINDS["open_performance"][0], "root"))
    for name, (message, op) in KINDS.items():
        above = None if op.is_root else root
        notifier.send(Order(op, "C0ALERTS", message, name, above))
        place = fake.messages[0] if op.is_edit else fake.messages[-1]
        sent = json.loads(place["blocks"]) if isinstance(place["blocks"], str) else place["blocks"]
        assert sent == blocks(message, op)
        assert place["text"] == summary(message, op)
    n_edits = sum(op.is_edit for _, op in KINDS.values())
    assert fake.messages[0]["edits"] == n_edits
    assert len(fake.messages) == 1 + len(KINDS) - n_edits
