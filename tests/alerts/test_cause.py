from __future__ import annotations

from monitoring_pipelines.alerts.cause import Cause


def test_every_cause_is_said_as_people_say_it() -> None:
    assert [cause.label for cause in Cause] == [
        "Performance", "Data contract", "Silence", "Fairness", "Governance", "Security",
    ]  # fmt: skip
