"""What was seen, and what was done about it, are two things."""

from __future__ import annotations

import pytest

from monitoring_pipelines.logs.llm.guardrail import Assessment, describe_guardrail
from monitoring_pipelines.logs.llm.records import Call


@pytest.mark.parametrize(
    ("seen", "told", "verdict", "action", "mode"),
    [
        ([], None, "clear", "none", None),
        ([("HATE", "blocked")], None, "detected", "blocked", "enforce"),
        ([("pii", "masked")], None, "detected", "masked", "enforce"),
        # seen and left alone: it only watches
        ([("HATE", "none")], None, "detected", "none", "detect"),
        ([("pii", "masked"), ("HATE", "blocked")], None, "detected", "blocked", "enforce"),
        # the product says that it acted, and not on what
        ([], "intervened", "detected", "intervened", "enforce"),
        ([("pii", "masked")], "intervened", "detected", "masked", "enforce"),
    ],
)
def test_verdict_action_and_mode(
    seen: list[tuple[str, str]], told: str | None, verdict: str, action: str, mode: str | None
) -> None:
    call = Call("1", None)
    describe_guardrail(call, [Assessment(*one) for one in seen], told)
    assert (call.guardrail_verdict, call.guardrail_action, call.guardrail_mode) == (
        verdict,
        action,
        mode,
    )


def test_categories_are_named_once_in_order() -> None:
    call = Call("1", None)
    names = ["VIOLENCE", "HATE", "hate"]
    describe_guardrail(call, [Assessment(name, "none") for name in names])
    assert call.guardrail_categories == "hate violence"
