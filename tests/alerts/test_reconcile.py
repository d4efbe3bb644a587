from __future__ import annotations

from monitoring_pipelines.alerts.condition import Policy, fold
from monitoring_pipelines.alerts.incident import REOPEN, Incident, incidents
from monitoring_pipelines.alerts.reconcile import Known, reconcile
from monitoring_pipelines.alerts.triage import Fingerprint
from monitoring_pipelines.domain.window import Cadence
from tests.alerts.histories import DAY, START, day, evaluations

AUC = Fingerprint("churn", "", "roc_auc", "")


def computed(history: str) -> tuple[Incident, ...]:
    return incidents({AUC: fold(evaluations(history), Policy())}, REOPEN[Cadence.DAY])


def known(history: str, *, announced: bool, id_: str | None = None) -> Known:
    incident = computed(history)[-1]
    return Known(
        id=id_ or incident.id,
        opened=incident.opened,
        resolved=incident.resolved,
        is_announced=announced,
    )


def test_a_new_incident_is_shown_under_its_own_id() -> None:
    plan = reconcile(computed("BB"), [], START)
    assert (plan.shown, plan.withdrawn, plan.forgotten) == (computed("BB"), (), ())


def test_an_announced_incident_keeps_its_id_when_its_start_moves() -> None:
    before = known("ooBBB", announced=True)
    (incident,) = reconcile(computed("BBBBB"), [before], START).shown
    assert (incident.id, incident.opened) == (before.id, day(1).start)


def test_one_that_nobody_heard_of_is_replaced() -> None:
    before = known("ooBBB", announced=False)
    plan = reconcile(computed("BBBBB"), [before], START)
    assert [i.id for i in plan.shown] == [computed("BBBBB")[0].id]
    assert plan.forgotten == (before.id,)


def test_what_vanished_is_withdrawn_if_announced_and_open() -> None:
    announced = known("BB", announced=True)
    assert reconcile((), [announced], START).withdrawn == (announced.id,)
    silent = known("BB", announced=False)
    assert reconcile((), [silent], START).forgotten == (silent.id,)
    closed = known("BBoo", announced=True)
    assert reconcile((), [closed], START) == reconcile((), [], START)


def test_what_is_older_than_the_history_is_left_alone() -> None:
    closed = known("BBoo", announced=False)
    assert reconcile((), [closed], START + 50 * DAY).forgotten == ()


def test_one_that_opened_before_the_history_keeps_id_and_start_even_if_never_announced() -> None:
    before = known("BBBBBB", announced=False)
    # the history now starts in window 3, so the fold sees it open in window 4
    late = tuple(evaluations("BBBBBB")[3:])
    seen = incidents({AUC: fold(late, Policy())}, REOPEN[Cadence.DAY])
    (incident,) = reconcile(seen, [before], day(3).start).shown
    assert (incident.id, incident.opened) == (before.id, day(1).start)


def test_an_open_one_goes_on_in_the_newest_of_two_that_it_overlaps() -> None:
    before = known("BBBBBBBBBBBB", announced=True, id_="inc_told")
    first, second = computed("oBBoooooooBB")
    plan = reconcile((first, second), [before], START)
    assert [i.id for i in plan.shown] == [first.id, "inc_told"]


def test_a_start_that_moves_back_is_the_same_incident_each_time() -> None:
    again = known("ooBBB", announced=True)
    (incident,) = reconcile(computed("ooBBBo"), [again], START).shown
    assert incident == computed("ooBBBo")[0]


def test_one_without_any_stretch_in_common_is_new() -> None:
    before = known("BBoo", announced=True)
    (incident,) = reconcile(computed("oooooooooBB"), [before], START).shown
    assert incident.id != before.id
