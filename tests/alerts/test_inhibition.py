from __future__ import annotations

import pytest

from monitoring_pipelines.alerts.condition import Policy, fold
from monitoring_pipelines.alerts.incident import REOPEN, Incident, incidents
from monitoring_pipelines.alerts.inhibition import inhibited_by
from monitoring_pipelines.alerts.triage import Fingerprint
from monitoring_pipelines.domain.window import Cadence
from tests.alerts.histories import evaluations


def found(**histories: str) -> dict[str, Incident]:
    conditions = {
        Fingerprint("churn", "", metric, ""): fold(evaluations(history), Policy())
        for metric, history in histories.items()
    }
    return {
        incident.fingerprints[0].metric: incident
        for incident in incidents(conditions, REOPEN[Cadence.DAY])
    }


@pytest.mark.parametrize(
    ("cause", "effect", "hides"),
    [
        ("schema", "roc_auc", True),
        ("volume", "roc_auc", True),
        ("volume", "missing_rate", True),
        ("staleness", "schema", True),
        ("label_coverage", "roc_auc", True),
        ("label_coverage", "missing_rate", False),
        ("missing_rate", "roc_auc", False),
        ("roc_auc", "missing_rate", False),
    ],
)
def test_a_cause_hides_its_effects(cause: str, effect: str, *, hides: bool) -> None:
    shown = found(**{cause: "oBBB", effect: "oBBB"})
    assert (inhibited_by(shown[effect], shown.values()) == shown[cause].id) is hides
    assert inhibited_by(shown[cause], [shown[cause]]) is None


def test_what_was_there_before_the_cause_is_not_explained_by_it() -> None:
    shown = found(schema="ooBB", roc_auc="oBBB")
    assert inhibited_by(shown["roc_auc"], shown.values()) is None


def test_what_remains_when_the_cause_is_gone_is_news() -> None:
    shown = found(schema="BBooo", roc_auc="BBBBB")
    assert inhibited_by(shown["roc_auc"], shown.values()) is None
