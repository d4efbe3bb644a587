"""What goes by the model's `retention`, and what holds it back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.errors import HandlingError
from monitoring_pipelines.pipeline import retention
from monitoring_pipelines.pipeline.evidence import verify
from monitoring_pipelines.pipeline.handling import By
from monitoring_pipelines.pipeline.retention import apply, plan
from monitoring_pipelines.store.incidents import listed
from tests.pipeline.lab import FIRST
from tests.pipeline.test_governance import APPROVED, CARD, DAY, prepared, run

if TYPE_CHECKING:
    from tests.pipeline.lab import Lab

NOW = FIRST + 100 * DAY
KEPT = {"results": "95d", "records": "96d"}


def test_old_windows_go_and_the_rest_is_judged_as_before(lab: Lab) -> None:
    prepared(lab, retention=KEPT)
    run(lab, 2, 3, 4, 5)
    chosen = plan(lab.model, lab.store, NOW)
    assert (chosen.before, chosen.records_before) == (FIRST + 5 * DAY, FIRST + 4 * DAY)
    n = len(lab.results(latest=False))
    done = apply(lab.store, chosen, "GDPR", By("dpo", NOW))
    assert done.sentence.startswith(f"Deleted of credit: {chosen.found.results} results and ")
    assert len(lab.results(latest=False)) == n - chosen.found.results
    assert {r.window.start for r in lab.results()} == {FIRST + 5 * DAY}
    with lab.store.read() as connection:
        assert verify(connection).holds
    assert apply(lab.store, plan(lab.model, lab.store, NOW), "r", By("dpo", NOW)).sentence == (
        "Nothing of credit is old enough: nothing was deleted."
    )
    assert run(lab, 6)["gov_21"] == ["ok", "ok"]


def test_newer_windows_are_needed(lab: Lab) -> None:
    prepared(lab)
    run(lab, 2)
    # 5 days of maturity and 30 windows
    chosen = plan(lab.model, lab.store, FIRST + 40 * DAY, before=FIRST + 39 * DAY)
    assert (chosen.before, chosen.why) == (FIRST + 5 * DAY, "newer windows are still looked at")
    assert plan(lab.model, lab.store, NOW).before is None


def test_what_an_open_incident_rests_on_stays_and_it_is_not_taken_back(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "WINDOWS_KEPT", 2)
    expired = APPROVED | {"expires_at": "2026-01-04"}
    prepared(lab, governance=CARD | {"approved_versions": [expired]}, retention=KEPT)
    run(lab, 2, 3, 4, 5, 6)

    def incidents() -> list[tuple[str, str]]:
        with lab.store.read() as connection:
            found = listed(connection)
        return [(r["id"], r["state"]) for r in found if r["cause"] == Cause.GOVERNANCE]

    before = incidents()
    assert [state for _, state in before] == ["open"]
    # the last failure is of day 6; that it is open since day 3 keeps nothing
    chosen = plan(lab.model, lab.store, NOW + timedelta(days=9))
    assert chosen.before == FIRST + 4 * DAY
    assert chosen.why == "an open incident rests on newer windows"
    assert apply(lab.store, chosen, "r", By("dpo", NOW)).sentence.startswith("Deleted of credit")
    run(lab, 7)
    assert incidents() == before


def test_what_cannot_be_is_refused(lab: Lab) -> None:
    prepared(lab)
    with pytest.raises(HandlingError, match="Records cannot go before"):
        plan(lab.model, lab.store, NOW, None, FIRST)
    with pytest.raises(HandlingError, match="the reason is empty"):
        apply(lab.store, plan(lab.model, lab.store, NOW), " ", By("dpo", NOW))
