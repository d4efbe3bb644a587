"""OpenAI's own counts and costs."""

from __future__ import annotations

from tests.llm_records import found_in

USAGE = {
    "object": "bucket",
    "start_time": 1730419200,
    "end_time": 1730505600,
    "results": [
        {
            "object": "organization.usage.completions.result",
            "input_tokens": 1000,
            "input_cached_tokens": 800,
            "output_tokens": 500,
            "num_model_requests": 5,
            "project_id": "proj_1",
            "model": "gpt-4o-mini-2024-07-18",
        }
    ],
}
COST = {
    **USAGE,
    "results": [
        {
            "object": "organization.costs.result",
            "amount": {"value": 0.06, "currency": "usd"},
            "line_item": "Image models",
            "project_id": "proj_1",
        }
    ],
}


def test_a_bucket_of_usage() -> None:
    (row,) = found_in(USAGE, "openai_usage").usage
    assert (row.timestamp, row.end) == (1_730_419_200_000_000, 1_730_505_600_000_000)
    assert (row.input_tokens, row.cache_read_tokens, row.output_tokens) == (1000, 800, 500)
    assert (row.requests, row.model, row.cost_usd) == (5, "gpt-4o-mini-2024-07-18", None)


def test_a_bucket_of_costs() -> None:
    (row,) = found_in(COST, "openai_usage").usage
    assert (row.cost_usd, row.line_item, row.project) == (0.06, "Image models", "proj_1")


def test_a_page_of_buckets_and_an_empty_one() -> None:
    page = {"object": "page", "data": [USAGE, COST], "has_more": False}
    assert len(found_in(page, "openai_usage").usage) == 2
    assert found_in({"object": "page", "data": []}, "openai_usage").rows() == []


def test_another_currency_is_no_cost_in_dollars() -> None:
    result = {**COST["results"][0], "amount": {"value": 5, "currency": "eur"}}
    assert found_in({**COST, "results": [result]}, "openai_usage").usage[0].cost_usd is None
