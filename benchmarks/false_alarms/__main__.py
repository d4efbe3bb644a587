"""False alarms with no drift at all: measured against nominal, over sizes, columns and windows.

``python -m benchmarks.false_alarms [--only PART ...] [--scale S] [--docs]``: exits with 1 if a
rate is above nominal and chance does not explain it. ``--docs`` writes the tables into
docs/statistics.md. All of it takes about an hour in one process, ``--scale 0.1`` a tenth of that.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.false_alarms.between import between
from benchmarks.false_alarms.drift import drift
from benchmarks.false_alarms.models import models
from benchmarks.false_alarms.performance import performance
from benchmarks.false_alarms.shares import shares
from benchmarks.false_alarms.tails import tails
from benchmarks.false_alarms.volume import volume
from benchmarks.tables import put

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.tables import Measured

PAGE = Path(__file__).parents[2] / "docs" / "statistics.md"
PARTS: dict[str, Callable[[float], Measured]] = {
    "drift": drift,
    "tails": tails,
    "shares": shares,
    "volume": volume,
    "between": between,
    "performance": performance,
    "models": models,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=[*PARTS])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    failures = []
    for name in options.only:
        start = time.monotonic()
        tables, bad = PARTS[name](options.scale)
        failures += [f"{name} {line}" for line in bad]
        for title, text in tables.items():
            print(f"\n{title}\n{text}\n", flush=True)
            if options.docs:
                put(PAGE, title, text)
        print(f"{name}: {time.monotonic() - start:,.0f} s", flush=True)
    for line in failures:
        print(f"ABOVE NOMINAL: {line}")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
