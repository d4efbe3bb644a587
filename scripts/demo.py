"""Run the example models through Dagster, in this process, and say what was found.

The instance is the one that `make ui` opens, so everything printed here can be looked at there.
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
warnings.filterwarnings("ignore", module="dagster")

import dagster as dg  # noqa: E402 - after the warnings are off

from monitoring_pipelines.cli.main import main as mlmon  # noqa: E402
from monitoring_pipelines.definitions import defs  # noqa: E402

# a model's log up to the morning on which somebody is told, and then the rest
PLAN = (
    ("census_employment", "2016-01-01", "2016-01-29", "28 days, and the one that pages"),
    ("census_employment", "2016-01-30", "2016-02-11", "the days after it"),
    ("census_by_year", "2016", "2018", "the same people by calendar year, their only true time"),
    ("bike_sharing", "2011-09-01", "2012-12-01", "16 months of a service that keeps growing"),
)


def main() -> None:
    """Run every step of the plan, then show verdicts and incidents."""
    say("Running the example models through Dagster:")
    definitions = defs()
    with dg.DagsterInstance.get() as instance:
        for model, first, last, what in PLAN:
            began = time.monotonic()
            materialize(definitions, instance, (model, first, last))
            say(f"  {model}, {first} to {last} ({what}): {time.monotonic() - began:.0f} s")
    say("\nNot ok, by `mlmon results census_employment --metric roc_auc` and so on:")
    for model, metric in (
        ("census_employment", "roc_auc"),
        ("census_by_year", "roc_auc"),
        ("bike_sharing", "mae"),
    ):
        say(f"\n{model}, {metric}:")
        mlmon(["results", model, "--metric", metric, "--segment", ""], standalone_mode=False)
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


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


NEXT = """
Next:
  make ui                                        graph, checks, plots: http://localhost:3000
                                                 (of logs as old as these: Plots, then Events)
  .venv/bin/mlmon results census_employment --from 2016-01-28 --to 2016-01-29
  .venv/bin/mlmon doctor                         what is configured, and what is missing
  assets/census_employment/defs.yaml             the 20 lines behind it; copy them for your model
"""

if __name__ == "__main__":
    main()
    os._exit(0)  # as `mlmon` does, see there
