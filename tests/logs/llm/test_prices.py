"""Rates by the table; what is not in it has none."""

from __future__ import annotations

from datetime import date

import pytest

from monitoring_pipelines.logs.llm.prices import Rates, brackets, rates, table, version

GPT = "gpt-4o-2024-08-06"


def per_million(found: Rates | None) -> list[float]:
    assert found is not None
    return [round(rate * 1e6, 9) for rate in found]


def test_a_published_price() -> None:
    # OpenAI's list: 2.50 the million of a prompt, 1.25 of what was cached, 10.00 of an answer
    assert per_million(rates("openai", (GPT,), None, 0)) == [2.5, 1.25, 2.5, 10.0]


def test_a_cache_that_is_written_costs_more() -> None:
    # Anthropic's list for Claude Sonnet 4.5: 3, reading 0.30, writing 3.75, answers 15
    found = rates("anthropic", ("claude-sonnet-4-5-20250929",), None, 0)
    assert per_million(found) == [3.0, 0.3, 3.75, 15.0]


def test_a_batch_costs_half() -> None:
    assert per_million(rates("openai", (GPT,), "batch", 0))[0] == 1.25
    assert per_million(rates("openai", (GPT,), "default", 0))[0] == 2.5


def test_a_tier_without_a_price_is_not_guessed() -> None:
    assert "in:batches" not in table()["groq"]["openai/gpt-oss-120b"]
    assert rates("groq", ("openai/gpt-oss-120b",), "batch", 0) is None


def test_the_served_model_goes_before_the_requested() -> None:
    both = rates("openai", (GPT, "gpt-4o-mini"), None, 0)
    assert both == rates("openai", (GPT,), None, 0)
    assert rates("openai", (None, "gpt-4o-mini"), None, 0) == rates(
        "openai", ("gpt-4o-mini",), None, 0
    )


@pytest.mark.parametrize(
    "name",
    [
        "amazon.nova-pro-v1:0",
        "arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-pro-v1:0",
        "global.amazon.nova-pro-v1:0",
        "AMAZON.NOVA-PRO-V1:0",
    ],
)
def test_names_of_bedrock(name: str) -> None:
    # Amazon's list: 0.80 and 3.20
    assert per_million(rates("aws.bedrock", (name,), None, 0))[::3] == [0.8, 3.2]


@pytest.mark.parametrize("provider", ["azure.ai.openai", "azure", "AZURE.AI.OPENAI"])
def test_names_of_providers(provider: str) -> None:
    assert rates(provider, (GPT,), None, 0) is not None


def test_without_a_provider_the_makers_own_price_is_taken() -> None:
    assert rates(None, (GPT,), None, 0) == rates("openai", (GPT,), None, 0)


@pytest.mark.parametrize(
    "model", [None, "", "my-deployment", "arn:aws:bedrock:x:1:application-inference-profile/ab12"]
)
def test_an_unknown_model_has_no_rates(model: str | None) -> None:
    assert rates("aws.bedrock", (model,), None, 0) is None


def test_a_long_prompt_is_dearer() -> None:
    # Google's list for Gemini 2.5 Pro: 1.25 and 10, above 200,000 tokens 2.50 and 15
    short = per_million(rates("gcp.gemini", ("gemini-2.5-pro",), None, 200_000))
    long = per_million(rates("gcp.gemini", ("gemini-2.5-pro",), None, 200_001))
    assert (short[0], short[3]) == (1.25, 10.0)
    assert (long[0], long[3]) == (2.5, 15.0)
    assert 200_000 in brackets()


def test_no_price_is_nought_and_the_table_is_dated() -> None:
    assert all(prices["in"] > 0 for models in table().values() for prices in models.values())
    source, day = version().split(" of ")
    assert source.startswith("litellm ")
    assert date.fromisoformat(day) > date(2026, 1, 1)
