"""What calls cost by list price, from a dated table; a model that is not in it is unpriced.

The table is `prices.json`, a part of litellm's (MIT), made by ``scripts/prices.py``. It knows no
discounts, no reserved capacity and no prices of other days: the bill is the provider's.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

Prices = dict[str, float]

_MILLION = 1_000_000
_PROVIDERS = {
    "azure.ai.openai": "azure",
    "azure.ai.inference": "azure",
    "azure_openai": "azure",
    "az.ai.openai": "azure",
    "aws.bedrock": "bedrock",
    "aws_bedrock": "bedrock",
    "bedrock_converse": "bedrock",
    "gcp.vertex_ai": "google",
    "gcp.gemini": "google",
    "gcp.gen_ai": "google",
    "vertex_ai": "google",
    "vertexai": "google",
    "gemini": "google",
    "mistral_ai": "mistral",
    "mistralai": "mistral",
    "x_ai": "xai",
}
# whose own price is taken when a log names no provider
_MAKERS = ("openai", "anthropic", "google", "mistral", "cohere", "deepseek", "xai")
_TIERS = {"batch": ":batches", "priority": ":priority", "flex": ":flex"}
_REGION = re.compile(r"^(us|us-gov|eu|apac|ap|jp|au|ca|global)\.")
_THRESHOLD = re.compile(r"in>(\d+)$")


class Rates(NamedTuple):
    """US dollars per token of a prompt (new, from the cache, into it) and of an answer."""

    fresh: float
    cache_read: float
    cache_write: float
    output: float


@cache
def table() -> dict[str, dict[str, Prices]]:
    """Prices by provider and model, in US dollars per million tokens."""
    return dict(_file()["prices"])


@cache
def version() -> str:
    """Which table it is: its source and the day it was taken."""
    return f"{_file()['source'].split(',')[0]} of {_file()['date']}"


@cache
def brackets() -> tuple[int, ...]:
    """Sizes of a prompt, in tokens, above which some model's prices change; ascending."""
    sizes = {
        int(match[1]) * 1000
        for models in table().values()
        for prices in models.values()
        for name in prices
        if (match := _THRESHOLD.match(name))
    }
    return tuple(sorted(sizes))


def _file() -> dict[str, Any]:
    text = files("monitoring_pipelines.logs.llm").joinpath("prices.json").read_text("utf-8")
    return dict(json.loads(text))


@cache
def rates(
    provider: str | None, models: tuple[str | None, ...], tier: str | None, input_tokens: int
) -> Rates | None:
    """Rates of a call by the first of `models` (served, requested) that the table knows.

    A prompt of `input_tokens` may fall into a dearer bracket. What the cache gives or takes costs
    as other tokens if it has no price of its own. None if the model is not in the table, or has
    no price for the `tier` (batch, priority, flex).
    """
    prices = next((found for model in models if (found := _find(provider, model))), None)
    if prices is None:
        return None
    kind = _TIERS.get(tier or "", "")
    sizes = [int(match[1]) for name in prices if (match := _THRESHOLD.match(name))]
    passed = [size for size in sizes if input_tokens > size * 1000]
    above = f">{max(passed)}" if passed else ""
    fresh, read, write, output = (
        _price(prices, name, above, kind) for name in ("in", "read", "write", "out")
    )
    if fresh is None or (output is None and "out" in prices):
        return None
    chosen = (fresh, fresh if read is None else read, fresh if write is None else write, output)
    return Rates(*((price or 0) / _MILLION for price in chosen))


def _price(prices: Prices, name: str, above: str, tier: str) -> float | None:
    found = prices.get(f"{name}{above}{tier}")
    return prices.get(f"{name}{tier}") if found is None else found


def _find(provider: str | None, model: str | None) -> Prices | None:
    if not model:
        return None
    name = (provider or "").lower()
    known = _PROVIDERS.get(name, name)
    short = model.lower().rsplit("/", 1)[-1]
    for place in [known] if known in table() else _MAKERS:
        for one in (model.lower(), short, _REGION.sub("", short, count=1)):
            if one in table()[place]:
                return table()[place][one]
    return None
