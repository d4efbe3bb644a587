"""Laws that every rule obeys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.governance.card import Card
from monitoring_pipelines.governance.rules import RULES
from tests.governance.cases import facts

if TYPE_CHECKING:
    from monitoring_pipelines.governance.rule import Rule


def test_all_are_there() -> None:
    assert [*RULES] == [f"GOV-{n:02d}" for n in range(1, 25)]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_reads_well(rule: Rule) -> None:
    assert re.fullmatch(r"gov_\d\d(_[a-z]+)+", rule.metric)
    assert rule.title.endswith(".")


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_of_a_model_of_which_nothing_is_known_nothing_is_kept(rule: Rule) -> None:
    if not rule.missing(Card(), facts()):
        # that nothing fires is known
        assert rule.id == "GOV-15"
