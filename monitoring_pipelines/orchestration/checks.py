"""The checks of a model's assets, and the results that each rests on."""

from collections.abc import Mapping

import dagster as dg

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.result import Result

# which metrics a check rests on; the rest of a check's name is its description
CHECKS = {
    "predictions": {
        "volume": "As many predictions as usual.",
        "staleness": "Predictions until the end of the window.",
        "schema": "Every column that the reference has.",
    },
    "quality": {
        "missing_rate": "No more missing values than in the reference.",
        "unseen_rate": "No more unseen categories than in the reference.",
        "out_of_range_rate": "Numbers within the range of the reference.",
        "type_change": "Columns of the reference's types.",
        "duplicate_rate": "Each id once.",
        "sanity": "Columns and windows are what they seem to be.",
    },
    "drift": {"drift": "Distributions as in the reference. It explains, and never pages."},
    "estimated_performance": {
        "estimated_performance": "Performance as it is to be expected, before labels come."
    },
    "signals": {
        "signals": "The signal that pages, and every promise of `signals.limits`.",
    },
    "performance": {
        "performance": "Realised performance, as labels arrive.",
        "label_coverage": "Labels arrive.",
    },
    "fairness": {"fairness": "Groups are selected alike, and the model errs alike for them."},
    "security": {"signals": "No sign of an attack or a leak among those that can be watched."},
    "governance": {"promises": "Every promise of the card that can be judged is kept."},
}


def check_specs_of(config: ModelConfig, asset: str) -> list[dg.AssetCheckSpec]:
    """Checks that every model's `asset` has; expectations come on top of them."""
    return [
        dg.AssetCheckSpec(name, asset=[config.name, asset], description=text)
        for name, text in CHECKS[asset].items()
    ]


def resting(
    config: ModelConfig, by_window: Mapping[str, list[Result]], check: str
) -> dict[str, list[Result]]:
    """Results that a check rests on, by window."""
    names = {check, f"expectation:{check}"}
    if check in {"performance", "estimated_performance"}:
        names = {config.primary_metric}
    if check == "signals":
        from monitoring_pipelines.pipeline.signals import LIMITS

        names = {config.primary_metric, *config.signals.limits, *LIMITS}
    if check == "drift":
        from monitoring_pipelines.metrics import DRIFT

        names = set(DRIFT)
    if check == "sanity":
        from monitoring_pipelines.pipeline.sanity import NAMES

        names = set(NAMES)
    if check == "fairness":
        from monitoring_pipelines.metrics import FAIRNESS

        names = set(FAIRNESS)
    return {
        window: [result for result in results if result.metric in names]
        for window, results in by_window.items()
    }
