from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitoring_pipelines.alerts.silence import Silence, SilenceKind, silenced_until
from monitoring_pipelines.alerts.triage import Fingerprint

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
AUC = Fingerprint("churn", "country=BR", "roc_auc", "")
MISSING = Fingerprint("churn", "", "missing_rate", "campaign_id")


def silence(start: float, end: float, **matchers: str) -> Silence:
    return Silence(
        id="sil_1",
        kind=SilenceKind.MANUAL,
        matchers=matchers,
        starts_at=NOW + start * HOUR,
        ends_at=NOW + end * HOUR,
        created_by="ana",
        reason="campaign",
    )


def test_all_matchers_have_to_match() -> None:
    assert silence(0, 1, model="ch*", cause="performance").covers(AUC, NOW)
    assert not silence(0, 1, model="ch*", cause="data_contract").covers(AUC, NOW)
    assert silence(0, 1, column="campaign_*").covers(MISSING, NOW)
    assert silence(0, 1, segment="country=[AB]R").covers(AUC, NOW)


def test_it_starts_with_its_start_and_is_over_at_its_end() -> None:
    future = silence(1, 2)
    assert [future.covers(AUC, NOW + h * HOUR) for h in (0.9, 1, 1.9, 2)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_everything_that_is_wrong_has_to_be_silenced() -> None:
    only_auc = [silence(-1, 4, metric="roc_auc")]
    assert silenced_until(only_auc, [AUC], NOW) == NOW + 4 * HOUR
    assert silenced_until(only_auc, [AUC, MISSING], NOW) is None
    both = [*only_auc, silence(-1, 2, column="campaign_*")]
    assert silenced_until(both, [AUC, MISSING], NOW) == NOW + 2 * HOUR


def test_silences_that_follow_each_other_are_one() -> None:
    chain = [silence(-1, 2), silence(2, 5), silence(6, 9)]
    assert silenced_until(chain, [AUC], NOW) == NOW + 5 * HOUR


def test_nothing_is_not_silenced() -> None:
    assert silenced_until([silence(-1, 2)], [], NOW) is None
    assert silenced_until([], [AUC], NOW) is None
