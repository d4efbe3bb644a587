from __future__ import annotations

from typing import Any

import dagster as dg
import pytest

from monitoring_pipelines.components.templates import fill_in
from monitoring_pipelines.errors import ConfigError


@pytest.fixture
def scope(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("BUCKET", "logs")
    monkeypatch.setenv("YEAR", "2024")
    monkeypatch.delenv("NOT_THERE", raising=False)
    return dict(dg.ResolutionContext.default().scope)


def test_variables_are_filled_in_at_any_depth(scope: dict[str, Any]) -> None:
    written = {"a": {"b": ["s3://{{ env.BUCKET }}/x", 3]}, "c": None}
    assert fill_in(written, scope) == {"a": {"b": ["s3://logs/x", 3]}, "c": None}


@pytest.mark.parametrize("text", ["1", "2024", "1.10", "True", "None", "[1, 2]", "{# x #}", "a{4}"])
def test_a_text_without_a_template_stays_as_it_is(scope: dict[str, Any], text: str) -> None:
    assert fill_in({"a": text}, scope) == {"a": text}


def test_what_is_filled_in_is_text_too(scope: dict[str, Any]) -> None:
    assert fill_in("{{ env.YEAR }}", scope) == "2024"


@pytest.mark.parametrize("text", ["{{ env.NOT_THERE }}", "s3://{{ env.NOT_THERE }}/x"])
def test_an_unset_variable_is_named_with_its_place(scope: dict[str, Any], text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        fill_in({"predictions": {"location": text}}, scope)
    assert str(caught.value) == (
        f"`predictions.location` is {text}, and that is not set in the environment."
    )


def test_an_empty_variable_counts_as_unset(
    scope: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUCKET", "")
    with pytest.raises(ConfigError, match="not set"):
        fill_in("{{ env.BUCKET }}", scope)


def test_a_default_is_dagsters(scope: dict[str, Any]) -> None:
    assert fill_in("{{ env('NOT_THERE', 'here') }}", scope) == "here"


@pytest.mark.parametrize("text", ["{{ env. }}", "{{ nothing }}", "{{ env.BUCKET"])
def test_a_broken_template_is_told(scope: dict[str, Any], text: str) -> None:
    with pytest.raises(ConfigError, match="`a` is .* cannot be filled in"):
        fill_in({"a": text}, scope)
