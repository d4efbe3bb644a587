"""Run the example models through Dagster, in this process, and say what was found.

The instance is the one that `make ui` opens, so everything printed here can be looked at there.
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections import Counter
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
warnings.filterwarnings("ignore", module="dagster")

import dagster as dg  # noqa: E402 - after the warnings are off

from monitoring_pipelines.cli.main import main as mlmon  # noqa: E402
from monitoring_pipelines.definitions import defs  # noqa: E402
from monitoring_pipelines.pipeline.environment import open_store  # noqa: E402
from monitoring_pipelines.store.results import read  # noqa: E402

# a model's log up to the morning on which somebody is told, and then the rest
PLAN = (
    ("census_employment", "2016-01-01", "2016-01-29", "28 days, and the one that pages"),
    ("census_employment", "2016-01-30", "2016-02-11", "the days after it"),
    ("census_by_year", "2016", "2018", "the same people by calendar year, their only true time"),
    ("bike_sharing", "2011-09-01", "2012-12-01", "16 months of a service that keeps growing"),
    ("support_app", "2026-03-16", "2026-03-19", "an LLM app by its spans, drawn by us; it pages"),
    ("support_app", "2026-03-20", "2026-03-21", "the days after it"),
)


def main() -> None:
    """Run every step of the plan, then show verdicts and incidents."""
    mlmon(["db", "upgrade"], standalone_mode=False)  # of an earlier release of this checkout
    say("Running the example models through Dagster:")
    definitions = defs()
    with dg.DagsterInstance.get() as instance:
        for model, first, last, what in PLAN:
            began = time.monotonic()
            materialize(definitions, instance, (model, first, last))
            say(f"  {model}, {first} to {last} ({what}): {time.monotonic() - began:.0f} s")
    for model, metric in (
        ("census_employment", "roc_auc"),
        ("census_by_year", "roc_auc"),
        ("bike_sharing", "mae"),
        ("support_app", "error_rate"),
    ):
        show(model, metric)
    say("\nIncidents:")
    with suppress(SystemExit):  # it says by its exit code that incidents are open
        mlmon(["incidents"], standalone_mode=False)
    say(NEXT)


def materialize(
    definitions: dg.Definitions, instance: dg.DagsterInstance, span: tuple[str, str, str]
) -> None:
    """Materialize all assets of a model over a range of partitions, in one run."""
    model, first, last = span
    selection = dg.AssetSelection.groups(model)
    job = definitions.resolve_implicit_global_asset_job_def()
    keys = selection.resolve(definitions.resolve_asset_graph())
    tags = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
    job.execute_in_process(
        instance=instance,
        asset_selection=sorted(keys),
        tags={**tags, "monitoring/model": model},
        run_config={"loggers": {"console": {"config": {"log_level": "ERROR"}}}},
    )


def show(model: str, metric: str) -> None:
    """Say how many windows are fine, and print the others."""
    with open_store(ROOT).read() as connection:
        found = read(connection, model=model, metric=metric, segment="")
    counts = Counter(result.verdict.value for result in found)
    said = ", ".join(f"{n} {verdict}" for verdict, n in sorted(counts.items()))
    say(f"\n{model}, {metric} in {len(found)} windows: {said}")
    if counts["fail"]:
        only = ["--metric", metric, "--segment", "", "--verdict", "fail"]
        mlmon(["results", model, *only], standalone_mode=False)


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


NEXT = """
Next:
  make ui                                        graph, checks, plots: http://localhost:3000
                                                 (of logs as old as these: Plots, then Events)
  .venv/bin/mlmon results census_employment --from 2016-01-28 --to 2016-01-29
  .venv/bin/mlmon results bike_sharing --metric mae   all windows of a metric
  .venv/bin/mlmon coverage support_app           which signals an LLM app's log allows
  .venv/bin/mlmon run research_agent             an agent: 14 days of tasks, the last two in a loop
  .venv/bin/mlmon doctor                         what is configured, and what is missing
  assets/census_employment/defs.yaml             the 20 lines behind it; copy them for your model
"""

if __name__ == "__main__":
    main()
    os._exit(0)  # as `mlmon` does, see there
