"""What calls cost by list price, from a dated table; a model that is not in it is unpriced.

The table is `prices.json`, a part of litellm's (MIT), made by ``scripts/prices.py``. It knows no
discounts, no reserved capacity and no prices of other days: the bill is the provider's. It also
has the days on which providers have announced to switch a model off.
"""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, TypeVar

Prices = dict[str, float]
_Known = TypeVar("_Known")

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


class LastDay(NamedTuple):
    """Whether the table has the model at all, and when it is switched off, if that is announced."""

    is_known: bool
    day: date | None


def last_day(provider: str | None, models: tuple[str | None, ...]) -> LastDay:
    """When the first of `models` (served, requested) that the table knows is switched off.

    >>> last_day("openai", ("o1-2024-12-17",)).day, last_day("openai", ("mine",))
    (datetime.date(2026, 10, 23), LastDay(is_known=False, day=None))
    """
    for model in models:
        if day := _find(_ends(), provider, model):
            return LastDay(is_known=True, day=date.fromisoformat(day))
        if _find(table(), provider, model):
            return LastDay(is_known=True, day=None)
    return LastDay(is_known=False, day=None)


@cache
def _ends() -> dict[str, dict[str, str]]:
    return dict(_file()["ends"])


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
    prices = next((found for model in models if (found := _find(table(), provider, model))), None)
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


def _find(
    known: dict[str, dict[str, _Known]], provider: str | None, model: str | None
) -> _Known | None:
    """What is known of a model, in the table of its provider or, without one, of its maker."""
    if not model:
        return None
    name = (provider or "").lower()
    name = _PROVIDERS.get(name, name)
    short = model.lower().rsplit("/", 1)[-1]
    for place in [name] if name in table() else _MAKERS:
        for one in (model.lower(), short, _REGION.sub("", short, count=1)):
            if one in known.get(place, {}):
                return known[place][one]
    return None
