"""What one window costs: ours, Evidently, and the limit that decoding the file sets.

``python -m benchmarks.peers [--rows N] [--only decode ours evidently]``: prints a table and
exits with 1 if a goal is missed. Evidently gets an environment of its own under ``.cache``.
Shares of Evidently are told with the imports and without them on both sides: a process that runs
many windows imports once. The goals are about the window, so they are judged without.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import venv
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import data
from benchmarks.measure import Cost, measure

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache"
PARTS = ("decode", "ours", "evidently")
# this benchmark needs the network for pip only; nobody's usage data is sent
QUIET = {"DO_NOT_TRACK": "1", "PYTHONPATH": str(ROOT)}

EVIDENTLY_SHARE = 1 / 60
DECODE_RATIO = 5
PEAK_MIB = 1_024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    options = parser.parse_args()
    folder = CACHE / f"benchmark-{options.rows}"
    data.write(folder, options.rows)
    costs: dict[str, Cost] = {}
    if "decode" in options.only:
        costs["decode"] = measure(module("benchmarks.decode", folder), QUIET)
    if "ours" in options.only:
        costs |= ours(folder)
    if "evidently" in options.only:
        peer = ROOT / "benchmarks" / "evidently_peer.py"
        costs["Evidently"] = measure([str(evidently()), str(peer), str(folder)], QUIET)
        costs["Evidently, imported"] = _imported(folder, costs["Evidently"])
    show(costs, options.rows)
    return judge(costs)


def module(name: str, folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", name, str(folder), *arguments]


def ours(folder: Path) -> dict[str, Cost]:
    """The reference once, into an empty store, then the window."""
    for file in folder.glob("monitoring.db*"):
        file.unlink()
    reference = measure(module("benchmarks.ours", folder, "reference"), QUIET)
    with hollow(folder / "reference.parquet"):
        window = measure(module("benchmarks.ours", folder, "window"), QUIET)
    return {
        "ours": window,
        "ours, imported": _imported(folder, window),
        "ours, reference": reference,
        "ours, both": window + reference,
    }


def _imported(folder: Path, cost: Cost) -> Cost:
    """The same without imports, as the process has measured it."""
    return Cost(float((folder / "cpu_s").read_text(encoding="utf-8")), cost.peak_mib)


@contextmanager
def hollow(path: Path) -> Iterator[None]:
    """Put zeros in the place of a file: whoever reads it fails, who only looks for it does not."""
    aside, marks = path.with_suffix(".aside"), path.stat()
    path.rename(aside)
    try:
        with path.open("wb") as file:
            file.truncate(marks.st_size)
        os.utime(path, ns=(marks.st_atime_ns, marks.st_mtime_ns))
        yield
    finally:
        aside.replace(path)


def evidently() -> Path:
    """Python of Evidently's environment, made at the first call."""
    folder = CACHE / "evidently"
    python, done = folder / "bin" / "python", folder / "complete"
    requirements = ROOT / "benchmarks" / "evidently.txt"
    if not done.exists() or done.read_text() != requirements.read_text():
        venv.create(folder, clear=True, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "-r", str(requirements)]
        subprocess.run(pip, check=True)
        done.write_text(requirements.read_text())
    return python


def show(costs: dict[str, Cost], n_rows: int) -> None:
    print(f"\n{n_rows:,} rows, {len(data.COLUMNS)} columns")
    print(f"{'':20}{'CPU s':>10}{'peak MiB':>10}{'x decode':>10}{'of Evidently':>14}")
    for name, cost in costs.items():
        limit = costs.get("decode")
        peer = costs.get("Evidently, imported" if "imported" in name else "Evidently")
        ratio = f"{cost.cpu_s / limit.cpu_s:.1f}" if limit else "-"
        share = f"1/{peer.cpu_s / cost.cpu_s:.0f}" if peer else "-"
        print(f"{name:20}{cost.cpu_s:>10.2f}{cost.peak_mib:>10,.0f}{ratio:>10}{share:>14}")


def judge(costs: dict[str, Cost]) -> int:
    """Print each goal that can be judged; 1 if one is missed."""
    window = costs.get("ours, imported")
    if window is None:
        return 0
    goals = [(f"at most {PEAK_MIB:,} MiB", window.peak_mib <= PEAK_MIB)]
    if "Evidently" in costs:
        limit = EVIDENTLY_SHARE * costs["Evidently, imported"].cpu_s
        goals.append(("at most 1/60 of Evidently's CPU, both imported", window.cpu_s <= limit))
    if "decode" in costs:
        limit = DECODE_RATIO * costs["decode"].cpu_s
        goals.append((f"at most {DECODE_RATIO} x decoding", window.cpu_s <= limit))
    print()
    for goal, met in goals:
        print(f"{'met   ' if met else 'MISSED'}  {goal}")
    return 0 if all(met for _, met in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
