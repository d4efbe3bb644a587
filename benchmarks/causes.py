"""How often the right cause comes first, and how often one is invented: ``python -m benchmarks.causes``.

Rows of six features are drawn with a known cause of the fall, or none, and searched as in use.
`region` goes along with `kind`, so either names the same rows. ``--docs`` writes the table.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.draws import generator
from benchmarks.tables import Rate, digits, put, table
from monitoring_pipelines.summaries.column import ColumnKind
from monitoring_pipelines.summaries.partition import Partition, Partitions
from monitoring_pipelines.why.measure import Kind, Measure
from monitoring_pipelines.why.search import How, causes

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Parts = dict[str, NDArray[np.int64]]

PAGE = Path(__file__).parents[1] / "docs" / "statistics.md"
MEASURES = {
    "accuracy": Measure("accuracy", Kind.MEAN),
    "roc_auc": Measure("roc_auc", Kind.AREA),
    "mae": Measure("mae", Kind.MEAN),
}
# parts with those of other levels and of no value: levels and deciles
SIZES = {"kind": 6, "region": 10, "age": 11, "sex": 4, "income": 11, "tenure": 11}
NUMBERS = {"age", "income", "tenure"}
KINDS = {name: ColumnKind.NUMERIC if name in NUMBERS else ColumnKind.CATEGORICAL for name in SIZES}
USUAL, MOVED = (0.4, 0.3, 0.2, 0.1), (0.2, 0.2, 0.3, 0.3)
SAME = {"kind", "region"}
REFERENCE, WINDOWS = 30_000, (1_000, 5_000)
BINS = 100
LOSS = 0.2  # of those whom the model got worse with


def drawn(rng: np.random.Generator, n: int, shares: tuple[float, ...]) -> Parts:
    kind = rng.choice(4, n, p=shares)
    region = np.where(rng.random(n) < 0.8, 2 * kind + rng.integers(0, 2, n), rng.integers(0, 8, n))
    deciles = {name: rng.integers(0, 10, n) for name in ("age", "income", "tenure")}
    return {"kind": kind, "region": region, "sex": rng.integers(0, 2, n), **deciles}


def usual(parts: Parts) -> NDArray[np.float64]:
    """How well the model does: worse with the kinds 2 and 3, a little better with the old."""
    return np.array([0.9, 0.85, 0.7, 0.6])[parts["kind"]] + 0.005 * (parts["age"] - 4.5)


def old(parts: Parts) -> NDArray[np.float64]:
    return usual(parts) - LOSS * (parts["age"] >= 7)


def everywhere(parts: Parts) -> NDArray[np.float64]:
    return usual(parts) - 0.06


# shares of the kinds, how the model does, and the causes: features and how
CASES: dict[str, tuple[tuple[float, ...], Callable[[Parts], Any], list[tuple[set[str], How]]]] = {
    "nothing": (USUAL, usual, []),
    "worse everywhere": (USUAL, everywhere, []),
    "others came": (MOVED, usual, [(SAME, How.MIX)]),
    "worse with the old": (USUAL, old, [({"age"}, How.LOCAL)]),
    "both": (MOVED, old, [(SAME, How.MIX), ({"age"}, How.LOCAL)]),
}


def searched(
    rng: np.random.Generator, parts: Parts, quality: NDArray[np.float64], measure: Measure
) -> Partitions:
    n, half = len(quality), rng.integers(0, 2, len(quality))
    if measure.kind is Kind.AREA:
        label = rng.integers(0, 2, n)
        score = (rng.normal(size=n) + 3 * quality * label + 4) / 12
        place = (np.clip(score, 0, 0.999) * BINS).astype(np.int64) + BINS * label
    elif measure.name == "mae":
        loss = np.abs(rng.normal(size=n)) * (2 - quality) * math.sqrt(math.pi / 2)
    else:
        loss = (rng.random(n) < quality).astype(float)

    def cells(part: NDArray[np.int64], size: int) -> Partition:
        at = half * size + part
        rows = np.bincount(at, minlength=2 * size).reshape(2, size)
        if measure.kind is Kind.AREA:
            sums = np.bincount(at * 2 * BINS + place, minlength=4 * BINS * size)
            return Partition((name,), rows, rows, sums.reshape(2, size, 2 * BINS).astype(float))
        powers = [np.bincount(at, loss**power, minlength=2 * size) for power in (1, 2)]
        return Partition((name,), rows, rows, np.stack(powers, axis=-1).reshape(2, size, 2))

    single = {}
    for name, size in SIZES.items():
        single[name] = cells(parts[name], size)
    return Partitions(n, single)


def measured(case: str, measure: Measure, n: int, draws: int) -> tuple[Rate, Rate]:
    """Right cause first; and some cause told that is none."""
    rng = generator("causes", case, measure.name, n)
    shares, now, truth = CASES[case]
    right = invented = 0
    for _ in range(draws):
        before, after = drawn(rng, REFERENCE, USUAL), drawn(rng, n, shares)
        periods = (
            searched(rng, before, usual(before), measure),
            searched(rng, after, now(after), measure),
        )
        told = [cause for cause in causes(measure, *periods, KINDS) if cause.holds]
        are = [any({*c.columns} <= who and c.how is how for who, how in truth) for c in told]
        right += bool(are and are[0])
        invented += not all(are)
    return Rate(right, draws), Rate(invented, draws)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    rows = []
    for case in CASES:
        for n in WINDOWS:
            line: list[object] = [case, n]
            for measure in MEASURES.values():
                right, invented = measured(case, measure, n, options.draws)
                first = digits(right.value) if CASES[case][2] else ""
                line += [first, digits(invented.value)]
            rows.append(line)
            print(line, flush=True)
    head = ["the cause", "rows"]
    head += [f"{name}, {what}" for name in MEASURES for what in ("right first", "invented")]
    text = table(head, rows)
    print(text)
    if options.docs:
        put(PAGE, "causes", text)


if __name__ == "__main__":
    main()
