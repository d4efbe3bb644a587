from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitoring_pipelines.alerts.decide import Circumstances, Heard, next_ops
from monitoring_pipelines.alerts.handling import Handling
from monitoring_pipelines.alerts.message import Stage
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.alerts.severity import Severity
from tests.notify.messages import message

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(**other: Any) -> Circumstances:
    values: dict[str, Any] = {
        "now": NOW, "handling": Handling(), "is_held": False, "remind": 24 * HOUR,
    }  # fmt: skip
    return Circumstances(**(values | other))


def heard(hours_ago: float = 1, **other: object) -> Heard:
    return Heard(payload=message(**other).to_json(), called_at=NOW - hours_ago * HOUR)


def test_first_a_message_and_its_evidence() -> None:
    assert next_ops(None, message(), at()) == (Op.OPEN, Op.EVIDENCE)


@pytest.mark.parametrize("stage", [Stage.RESOLVED, Stage.WITHDRAWN])
def test_nobody_hears_of_trouble_that_was_over_before_they_could(stage: Stage) -> None:
    assert next_ops(None, message(stage=stage), at()) == ()


def test_what_is_held_is_told_when_it_is_held_no_more() -> None:
    assert next_ops(None, message(), at(is_held=True)) == ()
    assert next_ops(None, message(), at()) == (Op.OPEN, Op.EVIDENCE)


def test_nothing_new_is_nothing_said() -> None:
    assert next_ops(heard(), message(), at()) == ()
    # a window that was run again has other links and another run in the small print
    assert next_ops(heard(), message(links=(), small=("other",)), at()) == ()


def test_news_are_an_edit() -> None:
    assert next_ops(heard(), message(what="roc_auc is 0.7."), at()) == (Op.UPDATE,)
    acknowledged = message(stage=Stage.ACKNOWLEDGED, handled="Acknowledged by ana.")
    assert next_ops(heard(), acknowledged, at()) == (Op.UPDATE,)


def test_what_gets_worse_is_said_aloud_but_not_what_gets_better() -> None:
    critical = {"severity": Severity.CRITICAL}
    assert next_ops(heard(), message(**critical), at()) == (Op.UPDATE, Op.ESCALATE)
    assert next_ops(heard(**critical), message(), at()) == (Op.UPDATE,)
    assert next_ops(heard(), message(**critical), at(is_held=True)) == (Op.UPDATE,)


def test_the_end_is_an_edit_and_a_line_and_then_there_is_silence() -> None:
    over = message(stage=Stage.RESOLVED)
    assert next_ops(heard(), over, at()) == (Op.RESOLVE, Op.NOTE)
    assert next_ops(heard(), over, at(is_held=True)) == (Op.RESOLVE, Op.NOTE)
    assert next_ops(heard(stage=Stage.RESOLVED), over, at()) == ()


def test_what_comes_back_is_news_in_its_thread_unless_it_is_silenced() -> None:
    over = heard(stage=Stage.RESOLVED)
    assert next_ops(over, message(), at()) == (Op.UPDATE, Op.REOPEN)
    assert next_ops(over, message(), at(is_held=True)) == ()


@pytest.mark.parametrize(
    ("hours_ago", "circumstances", "ops"),
    [
        (23.9, {}, ()),
        (24, {}, (Op.REMIND,)),
        (24, {"is_held": True}, ()),
        (24, {"remind": None}, ()),
        (
            24,
            {"handling": Handling(acknowledged_by="ana", acknowledged_until=NOW + HOUR)},
            (),
        ),
        # somebody said they would take care of it, and the time they asked for is over
        (
            2,
            {"handling": Handling(acknowledged_by="ana", acknowledged_until=NOW - HOUR)},
            (Op.REMIND,),
        ),
        # and people were called since
        (
            0.5,
            {"handling": Handling(acknowledged_by="ana", acknowledged_until=NOW - HOUR)},
            (),
        ),
    ],
)
def test_people_are_called_again(
    hours_ago: float, circumstances: dict[str, Any], ops: tuple[Op, ...]
) -> None:
    assert next_ops(heard(hours_ago), message(), at(**circumstances)) == ops
