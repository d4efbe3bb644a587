"""Who hears of trouble: places that exist, rules that can be, and what a model leaves out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.config.alerts import Alerts


def told(values: Any) -> str:
    with pytest.raises(ValidationError) as error:
        Alerts.model_validate(values)
    return str(error.value.errors()[0]["msg"]).removeprefix("Value error, ")


def test_the_keys_of_the_documentation() -> None:
    alerts = Alerts.model_validate(
        {
            "slack": "C0123456789",
            "mention": ["S0MLONCALL"],
            "routes": [{"severities": ["critical"], "to": ["pagerduty:PAGERDUTY_KEY"]}],
            "escalation": {"after": "45m", "to": ["email:oncall@acme.example"]},
            "quiet_hours": "20:00-08:00",
            "remind": {"critical": "2h"},
        }
    )
    assert alerts.remind == {Severity.CRITICAL: timedelta(hours=2)}
    assert alerts.escalation is not None
    assert alerts.escalation.after == timedelta(minutes=45)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"routes": [{"to": ["pager:KEY"]}]}, "'pager' is no service. Did you mean 'pagerduty'?"),
        ({"routes": [{"to": ["slack:"]}]}, "'slack:' names no place; write slack:C0123456789"),
        ({"escalation": {"to": ["C0123"]}}, "'C0123' is no service."),
        ({"quiet_hours": "20-8"}, "'20-8' are no hours; write 20:00-08:00."),
        ({"breaches": 4}, "4 failed windows of the last 3 cannot be: raise `of`."),
        ({"remind": {"high": 3}}, "'3' is not a duration; write 90m, 12h, 30d or 2w."),
        ({"mentions": ["U012345"]}, "Unknown key 'mentions'. Did you mean 'mention'?"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(values: Any, sentence: str) -> None:
    assert sentence in told(values)


def test_somebody_to_call_is_an_id_and_never_everybody() -> None:
    for text in ("@ana", "!channel", "<!here>", "U1"):
        assert "pattern" in told({"mention": [text]})


def test_what_a_model_leaves_out_is_shared() -> None:
    shared = Alerts(slack="C0ALL", quiet_hours="20:00-08:00", breaches=1)
    own = Alerts(slack="C0OWN", breaches=2)
    both = own.below(shared)
    assert (both.slack, both.breaches, both.quiet_hours) == ("C0OWN", 2, "20:00-08:00")
    assert Alerts().below(shared) == shared
