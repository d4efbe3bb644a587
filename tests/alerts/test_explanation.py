"""Which of several explanations is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.alerts.compose import compose
from monitoring_pipelines.alerts.explanation import explanation
from monitoring_pipelines.domain.verdict import Verdict
from tests.alerts.histories import day, result, results, the_incident
from tests.alerts.test_compose import SETTINGS

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result

FELL = result(4, "B")  # 0.83 instead of 0.86


def effect(metric: str, value: float | None, column: str, **more: Any) -> Result:
    fields: dict[str, Any] = {"column": column, "verdict": Verdict.OK, "reason": f"why {column}"}
    made = result(4, "B", metric, **(fields | {"value": value} | more))
    half = 0.001
    return made if value is None else replace(made, low=value - half, high=value + half)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param([], "", id="nothing is known"),
        pytest.param(
            [effect("mix_effect", -0.01, "a"), effect("mix_effect", -0.028, "b")],
            "why b",
            id="what explains most",
        ),
        pytest.param(
            [effect("mix_effect", -0.028, "b", segment="b=1/2")],
            "b=1/2: why b",
            id="values that the user named",
        ),
        pytest.param(
            [effect("mix_effect", -0.016, "a"), effect("local_effect", -0.03, "b")],
            "why a",
            id="a mix that explains half of it before anything local",
        ),
        pytest.param(
            [effect("mix_effect", -0.01, "a"), effect("local_effect", -0.03, "b")],
            "why b",
            id="something local before a small mix",
        ),
        pytest.param(
            # F1 fell by 0.03 and is explained by accuracy, which fell by 0.2
            [
                effect("mix_effect", -0.05, "a"),
                effect("within_effect", -0.15, "a"),
                effect("local_effect", -0.14, "b"),
            ],
            "why b",
            id="parts of a change of another metric are compared with that",
        ),
        pytest.param(
            [effect("local_effect", -0.03, "a"), effect("local_effect", -0.029, "a x b")],
            "why a x b",
            id="the corner before its feature",
        ),
        pytest.param(
            [effect("mix_effect", -0.03, "a", verdict=Verdict.UNKNOWN)],
            "",
            id="what does not hold is not told",
        ),
        pytest.param(
            [effect("mix_effect", None, "", verdict=Verdict.UNKNOWN, reason="it is everywhere")],
            "it is everywhere",
            id="that nothing explains it",
        ),
        pytest.param(
            [effect("mix_effect", -0.03, "a", window=day(3))], "", id="another window's is not told"
        ),
        pytest.param(
            [effect("mix_effect", -0.03, "a", as_of=day(3).end)], "", id="nor of earlier labels"
        ),
        pytest.param(
            [effect("drift_effect", -0.02, "a"), effect("drift_effect", 0.05, "b")],
            "a moved: why a",
            id="without labels the drift that explains it",
        ),
        pytest.param([effect("drift_effect", -0.002, "a")], "", id="a drift without much effect"),
        pytest.param([effect("drift_effect", 0.0, "a")], "", id="a drift by chance"),
    ],
)
def test_what_is_told(found: list[Result], expected: str) -> None:
    assert explanation(FELL, found) == expected


def test_without_a_usual_value_there_is_no_fall_to_explain() -> None:
    cause = effect("mix_effect", -0.03, "a")
    assert explanation(replace(FELL, reference_value=None), [cause]) == ""


def test_the_message_says_why() -> None:
    cause = effect("mix_effect", -0.03, "a")
    message = compose(*the_incident(results("ooBBB")), SETTINGS, [cause])
    assert message.facts[0] == ("Why", "why a")
    assert "Why" not in dict(compose(*the_incident(results("ooBBB")), SETTINGS).facts)
