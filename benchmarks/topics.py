"""Topics of prompts: false alarms with no drift at all, and how much of a new subject is seen.

``python -m benchmarks.topics [--scale S]``: exits with 1 if a rate is above nominal and
chance does not explain it. Texts are drawn: 20 subjects of unequal frequency, a vocabulary of 5,000
words by Zipf's law of which each subject prefers 100 at a rate of one word in five, 5 to 200 words.
A user counts one text in a window, so texts are independent; "ten texts a user" shows
what it would be like without that.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.draws import generator
from benchmarks.embeddings import ALPHAS, METRICS, changes, periods
from benchmarks.tables import Cells, Measured, table, with_error
from monitoring_pipelines.checks.drift import judge_drift
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.logs.llm.topic import topic
from monitoring_pipelines.metrics import DRIFT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.checks.judgement import Change

    Rows = NDArray[np.float64]

DRAWS = {100: 200, 1_000: 60, 10_000: 15}
SUBJECTS, VOCABULARY, OWN = 20, 5_000, 100
# of a check: what a model with one false alert a quarter gives each of its checks, about
BUDGET = 0.001
CASES = [
    ("ten texts a user, nothing new", 0.0, 10),
    *((f"{new:.0%} of a new subject", new, 1) for new in (0.05, 0.1, 0.2)),
]
WORDS = [f"word{number}" for number in range(VOCABULARY)]


class Texts:
    """A world of subjects; the last one is nobody's until `new` texts of it are asked for."""

    def __init__(self, rng: np.random.Generator) -> None:
        common = 1 / np.arange(1, VOCABULARY + 1)
        self._common = common / common.sum()
        self._own = [rng.choice(VOCABULARY, OWN, replace=False) for _ in range(SUBJECTS + 1)]
        self._shares = rng.dirichlet(np.ones(SUBJECTS))

    def draw(self, rng: np.random.Generator, n: int, new: float = 0.0, each: int = 1) -> Rows:
        """Topics of `n` texts; `each` texts that follow each other are of one subject."""
        subjects = np.repeat(rng.choice(SUBJECTS, n // each + 1, p=self._shares), each)[:n]
        subjects[rng.uniform(size=n) < new] = SUBJECTS
        sizes = np.clip(rng.lognormal(3, 1, n), 5, 200).astype(int)
        words = rng.choice(VOCABULARY, sizes.sum(), p=self._common)
        owns = rng.uniform(size=len(words)) < 0.2
        of = np.repeat(subjects, sizes)
        own = np.array(self._own)[of, rng.integers(0, OWN, len(words))]
        words = np.where(owns, own, words)
        texts = np.split(words, np.cumsum(sizes)[:-1])
        return np.array([topic([WORDS[w] for w in np.unique(text)]) for text in texts], dtype=float)


def measured(scale: float) -> Measured:
    """Rates of windows beyond the noise floor, and of windows in which any metric warns."""
    beyond, warned, seen = Cells(), Cells(), Cells()
    for n, draws in DRAWS.items():
        rng = generator("topics", n)
        for _ in range(max(5, int(draws * scale))):
            world = Texts(rng)
            for metric, found in judged(rng, world, world.draw(rng, n)).items():
                for alpha, change in zip(ALPHAS, found, strict=False):
                    beyond.count((metric, f"n {n}", alpha), change.value > change.noise_floor)
                warned.count(("warned", f"n {n}", BUDGET), warns(metric, found[-1]))
            for case, new, each in CASES:
                found_of = judged(rng, world, world.draw(rng, n, new, each))
                drifted = any(warns(metric, found[-1]) for metric, found in found_of.items())
                seen.count((case, f"n {n}", BUDGET), drifted)
        print(f"topics  n = {n:,}", flush=True)
    rows = [
        [f"`{m}`", *(with_error(beyond.pooled(m, f"n {n}", a), a) for n in DRAWS for a in ALPHAS)]
        for m in METRICS
        if any(m in key for key in beyond)
    ]
    head = ["metric", *(f"n = {n:,}, alpha {a:g}" for n in DRAWS for a in ALPHAS)]
    power = [[case, *(seen.pooled(case, f"n {n}") for n in DRAWS)] for case, _, _ in CASES]
    tables = {
        "topics by metric": table(head, rows),
        "topics power": table(["window", *(f"n = {n:,}" for n in DRAWS)], power),
    }
    return tables, beyond.failures() + warned.failures()


def judged(rng: np.random.Generator, world: Texts, window: Rows) -> dict[str, list[Change]]:
    """By metric, one change for each alpha and one for the budget of a check."""
    reference, found = periods(rng, world.draw, len(window), window)
    return changes(reference, found, (*ALPHAS, BUDGET))


def warns(metric: str, change: Change) -> bool:
    return judge_drift(DRIFT[metric], change).verdict is Verdict.WARN


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    chosen = parser.parse_args()
    tables, failures = measured(chosen.scale)
    for name, text in tables.items():
        print(f"\n{name}\n{text}")
    print("\n".join(failures) or "no rate is above nominal")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
