"""Approvals and exceptions are records: who, when, why, until."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.errors import HandlingError, UnknownNameError
from monitoring_pipelines.governance.card import Approval, Waiver
from monitoring_pipelines.pipeline import promises
from monitoring_pipelines.pipeline.evidence import verify
from monitoring_pipelines.pipeline.handling import By
from monitoring_pipelines.store import evidence
from tests.pipeline.lab import declared

if TYPE_CHECKING:
    from monitoring_pipelines.store.database import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CONFIG = declared(owner="ana@bank.example")


def test_an_approval_is_read_as_it_was_given(store: Store) -> None:
    done = promises.approve(store, CONFIG, "v1", "validated", By("cro", NOW), NOW + 90 * DAY)
    assert done.sentence == "cro approved version v1 of credit until 2026-05-30: record 1."
    promises.approve(store, declared(name="other"), "v9", "r", By("cro", NOW), None)
    with store.read() as connection:
        assert promises.approvals(connection, "credit") == (
            Approval(version="v1", approved_by="cro", approved_at=NOW, expires_at=NOW + 90 * DAY),
        )
        (record,) = evidence.of_kind(connection, evidence.APPROVAL, "credit")
        assert record["reason"] == "validated"
        assert verify(connection).holds


def test_an_approval_is_taken_back(store: Store) -> None:
    promises.approve(store, CONFIG, "v1", "validated", By("cro", NOW), None)
    done = promises.approve(store, CONFIG, "v1", "a flaw", By("cro", NOW + DAY), NOW + DAY)
    assert done.sentence == "Version v1 of credit is approved no more: record 2."
    with store.read() as connection:
        assert [a.is_over(NOW + DAY) for a in promises.approvals(connection, "credit")] == [
            False, True,
        ]  # fmt: skip


def test_the_owner_is_told_that_it_does_not_count(store: Store) -> None:
    done = promises.approve(store, CONFIG, "v1", "mine", By("ana", NOW), None)
    assert done.sentence.endswith("GOV-05 fires, since who owns or made a model cannot approve it.")


def test_a_record_needs_a_name(store: Store) -> None:
    with pytest.raises(HandlingError, match="Say which version: the name is empty"):
        promises.approve(store, CONFIG, " ", "validated", By("cro", NOW), None)
    clock = promises.Clock("", "death", NOW)
    with pytest.raises(HandlingError, match="Say which incident: the name is empty"):
        promises.mark_serious(store, CONFIG, clock, "complaint", By("cro", NOW))
    with store.read() as connection:
        assert not evidence.of_kind(connection, evidence.APPROVAL, "credit")


def test_an_exception_is_read_as_it_was_given(store: Store) -> None:
    done = promises.except_from(store, CONFIG, "GOV-03", "holidays", By("cro", NOW), NOW + DAY)
    assert done.sentence == "credit is excepted from GOV-03 until 2026-03-02: record 1."
    with store.read() as connection:
        assert promises.waivers(connection, "credit") == (
            Waiver(rule="GOV-03", reason="holidays", approver="cro", until=NOW + DAY, since=NOW),
        )


def test_what_cannot_be_is_refused(store: Store) -> None:
    by = By("cro", NOW)
    with pytest.raises(HandlingError, match="is not after"):
        promises.approve(store, CONFIG, "v1", "r", by, NOW - DAY)
    with pytest.raises(HandlingError, match="is not after"):
        promises.except_from(store, CONFIG, "GOV-03", "r", by, NOW)
    with pytest.raises(HandlingError, match="the reason is empty"):
        promises.approve(store, CONFIG, "v1", " ", by, None)
    with pytest.raises(HandlingError, match="ana owns or made credit, so an exception has to"):
        promises.except_from(store, CONFIG, "GOV-03", "r", By("ana", NOW), NOW + DAY)
    promises.approve(store, CONFIG, "v10", "r", by, None)
    with pytest.raises(HandlingError, match="'v1' of credit is in force. Did you mean 'v10'"):
        promises.approve(store, CONFIG, "v1", "r", by, NOW)
    with pytest.raises(UnknownNameError, match="Unknown rule 'GOV-3'"):
        promises.except_from(store, CONFIG, "GOV-3", "r", by, NOW + DAY)


def test_a_card_is_recorded_when_it_changes(store: Store) -> None:
    promises.keep_card(store, declared())  # which has none
    first = declared(governance={"purpose": "p", "metrics": [{"name": "roc_auc", "at_least": 0.8}]})
    for config in (first, first, declared(governance={"intended_population": {"größe": ["1"]}})):
        promises.keep_card(store, config)
    with store.read() as connection:
        cards = [record["card"] for record in evidence.of_kind(connection, evidence.CARD)]
        assert verify(connection).holds
    assert cards[0]["metrics"] == [{"name": "roc_auc", "at_least": "0.8"}]
    assert cards[1]["intended_population"] == [["größe", {"values": ["1"]}]]
    assert len(cards) == 2


def test_a_serious_incident_has_a_clock_until_it_is_reported(store: Store) -> None:
    by, clock = By("ana", NOW), promises.Clock("complaint 7", "death", NOW - DAY)
    done = promises.mark_serious(store, CONFIG, clock, "a person was harmed", by)
    assert done.sentence == (
        "complaint 7 of credit has to be reported by 2026-03-10 12:00 UTC: record 1."
    )
    with store.read() as connection:
        (one,) = promises.serious(connection, "credit")
    assert (one.name, one.aware_at, one.within.days, one.reported_at) == (
        "complaint 7", NOW - DAY, 10, None,
    )  # fmt: skip
    done = promises.mark_reported(store, CONFIG, "complaint 7", "BfArM 12/26", by, None)
    assert done.sentence == "complaint 7 of credit is reported: record 2."
    with store.read() as connection:
        assert promises.serious(connection, "credit")[0].reported_at == NOW
        assert verify(connection).holds


def test_a_clock_that_cannot_be_is_refused(store: Store) -> None:
    by = By("ana", NOW)
    with pytest.raises(HandlingError, match="is still to come"):
        promises.mark_serious(store, CONFIG, promises.Clock("a", "general", NOW + DAY), "r", by)
    promises.mark_serious(store, CONFIG, promises.Clock("a1", "general"), "r", by)
    with pytest.raises(HandlingError, match="is marked already"):
        promises.mark_serious(store, CONFIG, promises.Clock("a1", "general"), "r", by)
    with pytest.raises(HandlingError, match="'a2' of credit is not marked as serious. Known: a1"):
        promises.mark_reported(store, CONFIG, "a2", "r", by, None)
    with pytest.raises(HandlingError, match="is not between"):
        promises.mark_reported(store, CONFIG, "a1", "r", by, NOW - DAY)
