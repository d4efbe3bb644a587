"""Laws of every signal."""

from __future__ import annotations

import re

import pytest

from monitoring_pipelines.alerts.triage import CRITICAL_SIGNALS, SECURITY
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.security.signal import PREFIXES, Signal, add
from monitoring_pipelines.security.signals import SIGNALS


@pytest.fixture(params=list(SIGNALS))
def signal(request: pytest.FixtureRequest) -> Signal:
    return SIGNALS[request.param]


def test_has_an_id_a_name_and_a_sentence(signal: Signal) -> None:
    assert re.fullmatch(r"(SEC|AGT)-\d\d", signal.id)
    assert re.fullmatch(r"(sec|agt)_\d\d_[a-z_]+", signal.metric)
    assert signal.title.endswith(".")


def test_alerts_know_it_and_how_bad_it_is(signal: Signal) -> None:
    assert PREFIXES == SECURITY
    assert signal.is_critical == signal.metric.startswith(CRITICAL_SIGNALS)


def test_an_id_is_given_once(signal: Signal) -> None:
    with pytest.raises(ConfigError, match="registered twice"):
        add(signal)
