"""The example of the NHS data dictionary."""

from __future__ import annotations

import pytest

from monitoring_pipelines.security.personal.nhs_number import NHS_NUMBER


def found(text: str) -> list[str]:
    normal = ((NHS_NUMBER.normal(match[0])) for match in NHS_NUMBER.pattern.finditer(text))
    return [one for one in normal if one is not None]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("NHS 943 476 5919", "9434765919"),
        ("401 023 2137", "4010232137"),
    ],
)
def test_is_found(text: str, normal: str) -> None:
    assert found(text) == [normal]


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5918",
        "9434765919",
        "000 000 0000",
        "1943 476 5919",
    ],
)
def test_is_none(text: str) -> None:
    assert found(text) == []
