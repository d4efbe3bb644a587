from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.condition import Condition, Policy, fold
from monitoring_pipelines.alerts.incident import REOPEN, Incident, incidents
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.alerts.triage import Fingerprint
from monitoring_pipelines.domain.window import Cadence
from tests.alerts.histories import DAY, START, day, evaluations

HORIZON = REOPEN[Cadence.DAY]
AUC = Fingerprint("churn", "", "roc_auc", "")
LOSS = Fingerprint("churn", "", "log_loss", "")
MISSING = Fingerprint("churn", "", "missing_rate", "age")


def found(**histories: str) -> tuple[Incident, ...]:
    names = {"auc": AUC, "loss": LOSS, "missing": MISSING}
    conditions = {names[n]: fold(evaluations(h), Policy()) for n, h in histories.items()}
    return incidents(conditions, HORIZON)


def test_no_episode_no_incident() -> None:
    assert incidents({AUC: Condition()}, HORIZON) == ()
    assert found(auc="oBoo") == ()


def test_conditions_of_one_cause_are_one_incident_until_the_last_one_resolves() -> None:
    (incident,) = found(auc="BBBoo", loss="oBBBBoo")
    # AUC fires in window 1 and the loss is cleared in window 6
    assert (incident.opened, incident.resolved) == (day(1).start, day(6).start)
    assert incident.fingerprints == (LOSS, AUC)
    assert not incident.is_open


def test_one_that_still_fires_keeps_it_open_and_is_what_is_current() -> None:
    (incident,) = found(auc="BBoooo", loss="oBBBBB")
    assert incident.is_open
    assert list(incident.current) == [LOSS]
    assert incident.last == day(5).start


def test_causes_are_apart() -> None:
    assert {i.cause for i in found(auc="BB", missing="BB")} == {
        Cause.PERFORMANCE,
        Cause.DATA_CONTRACT,
    }


def test_firing_again_within_the_horizon_is_the_same_incident() -> None:
    # resolved in window 3, fires again in window 6: three days
    (incident,) = found(auc="BBoo" + "oBB")
    assert incident.is_open
    assert len(incident.episodes) == 2
    # one day later it is another one
    first, second = found(auc="BBoo" + "ooBB")
    assert first.id != second.id
    assert (first.is_open, second.is_open) == (False, True)


def test_the_worst_condition_gives_the_severity_and_flapping_is_told() -> None:
    (incident,) = found(auc="BB", loss="oC")
    assert (incident.severity, incident.is_flapping) == (Severity.CRITICAL, False)
    (flapping,) = found(auc="BBoBoBo")
    assert flapping.is_flapping


def test_overlap_is_half_open() -> None:
    (incident,) = found(auc="oBBoo")  # windows 2 to 4
    assert incident.overlaps(START, None)
    assert incident.overlaps(START + 3 * DAY, START + 9 * DAY)
    assert not incident.overlaps(START, START + 2 * DAY)
    assert not incident.overlaps(START + 4 * DAY, None)


@given(
    histories=st.dictionaries(
        st.sampled_from([AUC, LOSS, MISSING]), st.text("BCo.", max_size=16), min_size=1
    ),
    data=st.data(),
)
def test_laws(histories: dict[Fingerprint, str], data: st.DataObject) -> None:
    conditions = {f: fold(evaluations(h), Policy()) for f, h in histories.items()}
    expected = incidents(conditions, HORIZON)
    order = data.draw(st.permutations(sorted(conditions)))
    assert incidents({f: conditions[f] for f in order}, HORIZON) == expected
    assert len({i.id for i in expected}) == len(expected)
    # no episode is lost, and incidents of one cause do not touch each other
    assert sum(len(i.episodes) for i in expected) == sum(
        len(c.episodes) for c in conditions.values()
    )
    for cause in Cause:
        mine = [i for i in expected if i.cause is cause]
        for earlier, later in pairwise(mine):
            assert earlier.resolved is not None
            assert later.opened > earlier.resolved + timedelta(days=3)
