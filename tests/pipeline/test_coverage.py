"""What is watched, and what is not for want of which field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.pipeline.coverage import Signal, boxes, cover
from tests.pipeline.lab import LATER, declared, labels_of, rows
from tests.pipeline.test_governance import CARD, DAY, prepared

if TYPE_CHECKING:
    import pytest

    from tests.pipeline.lab import Lab


def covered(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> dict[str, Signal]:
    url = lab.store.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("MONITORING_DATABASE_URL", url)
    return {signal.signal: signal for signal in cover(lab.model, LATER)}


def test_each_inactive_signal_names_its_field(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    log = rows()
    lab.write(log, labels_of(log, DAY))
    found = covered(lab, monkeypatch)
    assert found["performance"].active
    assert found["segments"][-1] == "misses segments"
    assert found["GOV-04"][-1] == "misses predictions.columns.model_version"
    assert found["GOV-11"][-1] == "misses governance.fairness"
    assert all(signal.active or signal.says for signal in found.values())


def test_a_card_activates_its_rules(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(lab, end="2026-01-04")
    lab.run(lab.day(2))
    found = covered(lab, monkeypatch)
    assert found["GOV-04"] == Signal(
        "GOV-04", True, "ok", "Only approved versions serve.",
        "every version that served is approved: v1",
    )  # fmt: skip
    assert {"GOV-01", "GOV-06", "GOV-10"} <= {name for name, s in found.items() if s.active}


def test_what_needs_a_person_is_never_green() -> None:
    card = CARD | {"needs_a_person": {"conformity": {"owner": "ana", "due": "2026-12-01"}}}
    found = {box.signal: box for box in boxes(declared(governance=card), LATER)}
    assert len(found) == 4
    assert found["conformity"].says == "needs a person: ana by 2026-12-01, which is over"
    assert found["residual_risk"].says == "needs a person: nobody is named"
    assert not any(box.active or box.verdict for box in found.values())
    assert [*boxes(declared(), LATER)] == []


def test_off_lists_no_rule(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.config = declared(governance="off")
    assert not any(name.startswith("GOV") for name in covered(lab, monkeypatch))


def test_signals_of_security_name_their_field(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    log = rows()
    lab.write(log, labels_of(log, DAY))
    lab.config = declared(end="2026-01-05")
    found = covered(lab, monkeypatch)
    assert (found["SEC-08"].active, found["SEC-08"].verdict) == (True, "ok")
    lab.config = declared(security={"texts": []})
    assert covered(lab, monkeypatch)["SEC-08"].says == "misses a column of texts"
    lab.config = declared(security="off")
    assert "SEC-08" not in covered(lab, monkeypatch)


def test_without_a_log_nothing_of_security_is_active(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = covered(lab, monkeypatch)["SEC-08"]
    assert not found.active
    assert "No file or table at 'log.parquet'" in found.says
