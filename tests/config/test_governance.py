"""The card as people write it, and as rules read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from monitoring_pipelines.governance.card import Allowed, Card, LogKeeping, NamedModels
from tests.pipeline.lab import declared

if TYPE_CHECKING:
    from monitoring_pipelines.config.governance import Governance

WRITTEN = """
tier: 1
deputy: bo
authors: [eve]
purpose: decides on credit cards
intended_population:
  country: [DE, AT]
  age: {minimum: 18, maximum: 99}
approved_versions:
  - {version: v1, approved_by: cro, approved_at: 2026-01-01, expires_at: "2026-07-01T12:00"}
metrics:
  - {name: roc_auc, at_least: 0.8}
data_sources:
  - {name: loans, licence: contract, version: 2026-01}
review: {last: 2026-01-01, every: 90d}
exceptions:
  - {rule: GOV-03, reason: agreed, approver: cro, until: 2026-06-01}
needs_a_person:
  conformity: {owner: ana, due: 2026-12-01}
"""


def governance(text: str = WRITTEN) -> Governance:
    return declared(governance=yaml.safe_load(text)).governance


def test_rules_read_what_was_written() -> None:
    card = governance().card("team:risk", ZoneInfo("Europe/Berlin"))
    assert (card.is_declared, card.owner, card.tier, card.deputy) == (True, "team:risk", 1, "bo")
    assert card.intended_population == {
        "country": Allowed(values=("DE", "AT")),
        "age": Allowed(minimum=18, maximum=99),
    }
    (approval,) = card.approved_versions
    # a day begins where the model is
    assert approval.approved_at == datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert approval.expires_at == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert card.review is not None
    assert (card.review.last, card.review.every) == (date(2026, 1, 1), timedelta(days=90))
    assert card.metrics[0].at_least == 0.8
    assert card.exceptions[0].until == datetime(2026, 5, 31, 22, tzinfo=UTC)
    assert governance().needs_a_person["conformity"].owner == "ana"


@pytest.mark.parametrize("value", [{}, "standard", {"profile": "standard"}])
def test_without_a_card_the_rules_that_need_none_run(value: Any) -> None:
    found = declared(governance=value).governance
    assert found.is_on
    assert found.card(None, ZoneInfo("UTC")) == Card()


@pytest.mark.parametrize("value", ["off", False, {"profile": "off"}, {"profile": False}])
def test_off_is_off_however_yaml_reads_it(value: Any) -> None:
    assert not declared(governance=value).governance.is_on


def test_what_was_written_is_the_same_after_reading_it_again() -> None:
    once = governance()
    again = declared(governance=once.model_dump(mode="json", exclude_unset=True)).governance
    assert again == once
    assert again.written == once.written
    assert "profile" not in once.written


def test_another_card_computes_nothing_again() -> None:
    plain, other = declared(), declared(governance=yaml.safe_load(WRITTEN))
    assert plain.fingerprint == other.fingerprint
    assert plain.summary_fingerprint == other.summary_fingerprint


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("teir: 1", "Unknown key 'teir'. Did you mean 'tier'?"),
        ("tier: 4", "Input should be 1, 2 or 3"),
        ("metrics: [{name: roc_auc}]", "needs `at_least` or `at_most`"),
        ("metrics: [{name: roc_acu, at_least: 0.8}]", "Did you mean 'roc_auc'?"),
        ("intended_population: {age: {}}", "Write either a list of values, or"),
        (
            "exceptions: [{rule: GOV-99, reason: r, approver: a, until: 2026-01-01}]",
            "rule 'GOV-99'",
        ),
        ("review: {last: 2026-01-01, every: 90}", "'90' is not a duration"),
        ("needs_a_person: {lunch: {owner: a, due: 2026-01-01}}", "residual_risk"),
    ],
)
def test_a_mistake_is_one_sentence(text: str, says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        governance(text)
    assert says in str(caught.value)


def test_a_country_that_yaml_takes_for_no_is_refused() -> None:
    with pytest.raises(ValidationError, match="put the value in quotes"):
        governance("intended_population: {country: [DE, NO]}")
    both = governance("intended_population: {is_member: [true, false]}")
    assert both.intended_population["is_member"].values == ("1", "0")


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("card.yaml", True),
        ("off", True),
        (False, True),
        ({"intended_population": {"country": ["DE"]}}, True),
        ({"porpose": "x"}, False),
        (7, False),
    ],
)
def test_dagsters_check_of_the_yaml_knows_the_short_forms(written: Any, fits: bool) -> None:
    schema = type(declared()).model_json_schema()
    schema = {"$defs": schema["$defs"], **schema["properties"]["governance"]}
    assert Draft202012Validator(schema).is_valid(written) == fits
    if fits:
        assert declared(governance=written) is not None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("log_retention: {at_least: 90d, at_most: 30d}", "no row could be right"),
        ("fairness: {selection_rate_ration: 0.8}", "selection_rate_ratio"),
        ("oversight: {reviewer: who, review_rate: 2}", "less than or equal to 1"),
        ("models: {column: agent, names: []}", "at least 1 item"),
        ("card_file: card.txt", "match pattern"),
        ("runs_in: {region: [no, eu]}", "put the value in quotes"),
    ],
)
def test_promises_that_cannot_be_are_refused(text: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        governance(text)


def test_promises_of_the_log_are_read() -> None:
    card = governance(
        "{personal_data: [], runs_in: {account: [12, 13]}, log_retention: {},"
        " oversight: {reviewer: who}, models: {column: agent, names: [a]}}"
    ).card("team:risk", ZoneInfo("UTC"))
    assert card.personal_data == ()
    assert card.runs_in == {"account": ("12", "13")}
    # half a year, as articles 19 and 26(6) of the EU AI Act ask for
    assert card.log_retention == LogKeeping(at_least=timedelta(days=183))
    assert card.models == NamedModels(column="agent", names=("a",))
    assert governance("tier: 1").card("team:risk", ZoneInfo("UTC")).personal_data is None
