"""Row counts that vary from window to window, log-normally around the same mean."""

from __future__ import annotations

import numpy as np

from benchmarks.draws import generator
from benchmarks.tables import Cells, Measured, table, with_error
from monitoring_pipelines.checks.volume import USUAL_SPREAD, judge_volume
from monitoring_pipelines.domain.verdict import Verdict

ALPHAS = (0.05, 0.01, 1e-3)
SPREADS = (0.05, 0.2, 1 / 3, 0.5, 1.0)
REFERENCES = (1, 2, 5, 30)


def volume(scale: float) -> Measured:
    cells = Cells()
    for spread in SPREADS:
        for k in REFERENCES:
            measure(spread, k, int(10_000 * scale), cells)
    rows = [
        [f"{spread:.2g}", k, *(with_error(cells[spread, k, a], a) for a in ALPHAS)]
        for spread in SPREADS
        for k in REFERENCES
    ]
    # what spreads more than the prior says is caught by it only after some windows: told, not hidden
    usual = Cells({key: rate for key, rate in cells.items() if key[0] in SPREADS[:3]})
    assert SPREADS[2] == USUAL_SPREAD.spread
    head = ["spread", "reference windows", *(f"alpha {alpha:g}" for alpha in ALPHAS)]
    return {"volume": table(head, rows)}, usual.failures()


def measure(spread: float, k: int, draws: int, cells: Cells) -> None:
    rng = generator("volume", spread, k)
    means = 1_000 * np.exp(spread * rng.normal(size=(draws, k + 1)))
    for *usual, n in rng.poisson(means).tolist():
        for alpha in ALPHAS:
            verdict = judge_volume(n, usual, alpha, tolerance=0.0).verdict
            cells.count((spread, k, alpha), verdict is not Verdict.OK)
