"""Every signal is mapped, to lists that are described, by ids of their form."""

from __future__ import annotations

import re

import pytest

from monitoring_pipelines.security.frameworks import entries, frameworks
from monitoring_pipelines.security.signals import SIGNALS

FORMS = {
    "owasp_llm": r"LLM(0[1-9]|10)",
    "owasp_ml": r"ML(0[1-9]|10)",
    "owasp_agentic": r"ASI(0[1-9]|10)",
    "mitre_atlas": r"AML\.T\d{4}(\.\d{3})?",
    "nist_ai_100_2": r"[a-z ]+",
}


def test_every_signal_is_mapped_and_nothing_else() -> None:
    assert {*frameworks()["signals"]} == {*SIGNALS}
    assert {*frameworks()["frameworks"]} == {*FORMS}


@pytest.mark.parametrize("signal", list(SIGNALS))
def test_ids_have_the_form_of_their_list(signal: str) -> None:
    assert entries(signal)
    for name, ids in frameworks()["signals"][signal].items():
        assert all(re.fullmatch(FORMS[name], one) for one in ids)


def test_the_data_has_a_date() -> None:
    assert re.fullmatch(r"\d{4}-\d{2}", frameworks()["as_of"])
