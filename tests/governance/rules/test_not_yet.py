"""What no step computes is inactive, whatever the card says, and never fine."""

from __future__ import annotations

import pytest

from monitoring_pipelines.governance.rules import RULES
from monitoring_pipelines.governance.rules.not_yet import LISTED
from tests.governance.cases import card, facts, judged


@pytest.mark.parametrize("rule", [listed[0] for listed in LISTED])
def test_is_inactive_and_says_why(rule: str) -> None:
    verdict, missing = judged(rule, card(), facts(chain="", n_due=3))
    assert verdict == ""
    assert missing
    assert RULES[rule].judge(card(), facts()).verdict == "unknown"
