"""Make the table of prices and last days from litellm's: python scripts/prices.py WHEEL DATE.

WHEEL is the litellm wheel, DATE the day on which it was taken. Only prices by token
of the makers and clouds whose logs are read are kept, as USD per million tokens; and the day on
which each of their models of any kind is switched off, so far as it is announced.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path

TARGET = Path(__file__).parents[1] / "monitoring_pipelines/logs/llm/prices.json"
SOURCE = "litellm/model_prices_and_context_window_backup.json"
PROVIDERS = {
    "openai": "openai",
    "text-completion-openai": "openai",
    "azure": "azure",
    "azure_ai": "azure",
    "azure_text": "azure",
    "bedrock": "bedrock",
    "bedrock_converse": "bedrock",
    "anthropic": "anthropic",
    "vertex_ai-language-models": "google",
    "vertex_ai-anthropic_models": "google",
    "gemini": "google",
    "groq": "groq",
    "mistral": "mistral",
    "cohere_chat": "cohere",
    "deepseek": "deepseek",
    "xai": "xai",
}
# of these only the last days are taken
ENDING = {"vertex_ai": "google", "vertex_ai-embedding-models": "google", **PROVIDERS}
KEYS = {
    "input_cost_per_token": "in",
    "cache_read_input_token_cost": "read",
    "cache_creation_input_token_cost": "write",
    "output_cost_per_token": "out",
}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
SUFFIX = re.compile(r"(_above_(\d+)k_tokens)?(_(batches|priority|flex))?$")


def main(wheel: str, date: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        models = json.loads(archive.read(SOURCE))
    version = re.search(r"litellm-([\d.]+)-", wheel)[1]
    found: dict[str, dict[str, dict[str, float | str]]] = {}
    ends: dict[str, dict[str, str]] = {}
    for name, entry in models.items():
        provider = PROVIDERS.get(entry.get("litellm_provider"))
        prices = {}
        for key, value in entry.items():
            suffix = SUFFIX.search(key)
            base = KEYS.get(key[: suffix.start()])
            if base and isinstance(value, int | float):
                above = f">{suffix[2]}" if suffix[2] else ""
                tier = f":{suffix[4]}" if suffix[4] else ""
                prices[base + above + tier] = round(value * 1e6, 9)
        # an entry of nought is free or, more often, not known
        short = name.removeprefix(f"{entry.get('litellm_provider')}/").removeprefix("bedrock/")
        maker = ENDING.get(entry.get("litellm_provider"))
        if maker and DAY.fullmatch(last := entry.get("deprecation_date", "")):
            ends.setdefault(maker, {})[short.lower()] = last
        if provider and prices.get("in"):
            found.setdefault(provider, {})[short.lower()] = prices
    table = {
        "source": f"litellm {version}, {SOURCE}",
        "licence": "MIT, Copyright (c) 2023 Berri AI",
        "date": date,
        "unit": "USD per million tokens",
        "ends": {
            provider: dict(sorted(models.items())) for provider, models in sorted(ends.items())
        },
        "prices": {
            provider: dict(sorted(models.items())) for provider, models in sorted(found.items())
        },
    }
    lines = json.dumps(table, separators=(",", ":")).replace('"},"', '"},\n"')
    TARGET.write_text(lines.replace('},"', '},\n"') + "\n", encoding="utf-8")
    print(
        f"{sum(map(len, found.values()))} models, {sum(map(len, ends.values()))} last days, {TARGET.stat().st_size >> 10} kB"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
