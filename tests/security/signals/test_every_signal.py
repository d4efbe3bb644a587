"""Every signal by a table: what was gathered, the verdict, and what it says or misses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.security.artefacts.outcome import Outcome, Safety
from monitoring_pipelines.security.facts import (
    AUDITED,
    BEHAVED,
    CONTEXT,
    CROSSED,
    GUARDED,
    INPUT,
    OUTPUT,
    TRACED,
    USED,
    Facts,
    Files,
    TextColumn,
    occurrence_key,
)
from monitoring_pipelines.security.manifest import Differences
from monitoring_pipelines.security.signals import SIGNALS
from monitoring_pipelines.security.unsafe_output import ACTIVE, LINK
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary

if TYPE_CHECKING:
    from collections.abc import Mapping

PROMPT, ANSWER = TextColumn("prompt", INPUT), TextColumn("answer", OUTPUT)
RESULT = TextColumn("result", CONTEXT)
# with files of their own, for they need more than one line
ELSEWHERE = {"SEC-08", "SEC-15", "SEC-16"}


def counted(
    name: str,
    n: int,
    counts: Mapping[str, int],
    column: TextColumn | None = None,
    usual: tuple[int, Mapping[str, int]] | None = None,
    **more: Any,
) -> Facts:
    """What a scanner or a count found, in a column if there is one, and in earlier windows."""
    key = occurrence_key(name, column.name if column else "")
    before = SecuritySummary(usual[0], {key: Occurrences(*usual)}) if usual else None
    now = SecuritySummary(n, {key: Occurrences(n, counts)})
    texts = (column,) if column else ()
    return Facts(alpha=0.001, now=now, usual=before, texts=texts, **more)


def largest(name: str, value: float | None, usual: tuple[float, ...] = (2.0,) * 20,
            *roles: str, **others: float) -> Facts:  # fmt: skip
    """The largest of a window, and those of twenty earlier ones."""
    extremes = {name: value} | others if value is not None else {}
    return Facts(
        alpha=0.001,
        roles=frozenset(roles),
        now=SecuritySummary(900, {}, {key: (one,) for key, one in extremes.items()}),
        usual=SecuritySummary(9_000, {}, {name: usual}),
    )


def looked(*outcomes: Outcome, hashes: int = 0, **differs: tuple[str, ...]) -> Facts:
    files = Files(
        hashes={f"{i}.pkl": "a" for i in range(hashes)},
        outcomes={f"{'abc'[i]}.pkl": one for i, one in enumerate(outcomes)},
        differences=Differences(**differs),
    )
    return Facts(alpha=0.01, files=files)


def listing(n: float, usual: tuple[float, ...] = (2.0,) * 20) -> Facts:
    """Entries of an audit log without a change, in which one caller read keys."""
    facts = largest("keys_listed", n, usual)
    return replace(facts, now=counted(AUDITED, 30, {}).now + facts.now)  # type: ignore[operator]


def tasks(name: str, n: int, did: int, usual: tuple[int, int] | None = None) -> Facts:
    """Tasks of an agent, those of them that did something, and the same of earlier windows."""
    before = (usual[0], {name: usual[1]}) if usual else None
    return counted(BEHAVED, n, {name: did}, TextColumn(name, ""), before)


EMPTY = Outcome(Safety.UNVERIFIED, "an empty file")
RUNS = Outcome(Safety.UNSAFE, "os.system would run something")
DATA = Outcome(Safety.OK, "an ONNX model")
NONE = Facts(alpha=0.01, now=SecuritySummary(9), texts=(PROMPT, ANSWER, RESULT))
RARE, NEW = (10_000, {"attack": 100}), (10_000, {"attack": 0})
SURGES = {"SEC-13": "suspects", "SEC-14": "probing", "SEC-17": "flood", "SEC-18": "label_source",
          "SEC-21": "first_seen", "SEC-22": "denied", "SEC-25": "shared_key"}  # fmt: skip
CASES = [
    ("SEC-01", counted("injection", 1_000, {"attack": 12}, PROMPT, RARE), "ok", ""),
    ("SEC-01", counted("injection", 1_000, {"attack": 60}, PROMPT, RARE), "warn", ""),
    ("SEC-01", counted("injection", 1_000, {"attack": 300}, PROMPT, RARE), "fail", ""),
    ("SEC-01", counted("injection", 1_000, {"attack": 1}, PROMPT, NEW), "ok", ""),
    ("SEC-01", counted("injection", 1_000, {"attack": 1}, PROMPT), "unknown", ""),
    ("SEC-02", counted("injection", 1_000, {"attack": 12}, RESULT, RARE), "ok", ""),
    ("SEC-02", counted("injection", 1_000, {"attack": 300}, RESULT, RARE), "fail", ""),
    ("SEC-02", counted("injection", 1_000, {"attack": 0}, RESULT, NEW), "ok", ""),
    ("SEC-02", counted("injection", 1_000, {"attack": 1, "override": 1}, RESULT, NEW), "fail",
     "attack in 1, override in 1 of 1,000 texts, none in 10,000 before"),
    ("SEC-03", counted(GUARDED, 1_000, {"detected": 10}, usual=(9_000, {"detected": 90})),
     "ok", ""),
    ("SEC-03", counted(GUARDED, 1_000, {"detected": 60}, usual=(9_000, {"detected": 90})),
     "warn", ""),
    ("SEC-03", counted(GUARDED, 1_000, {"detected": 300}, usual=(9_000, {"detected": 90})),
     "fail", ""),
    ("SEC-03", NONE, "unknown", "nothing to look at"),
    ("SEC-04", counted(GUARDED, 50, {"detected": 2, "answered": 1}), "fail",
     "1 of 50 guarded calls were attacks that were answered"),
    ("SEC-04", counted(GUARDED, 50, {"detected": 1, "answered": 0}), "ok", ""),
    ("SEC-04", counted(GUARDED, 0, {}), "unknown", ""),
    ("SEC-05", counted("canaries", 9, {"canary 1": 1}, ANSWER), "fail",
     "canary 1 in 1 of 9 texts"),
    ("SEC-05", counted("canaries", 9, {}, ANSWER), "ok", "none in 9 texts"),
    ("SEC-06", counted("prompt_leak", 9, {"system prompt": 1}, ANSWER), "fail", ""),
    ("SEC-06", counted("prompt_leak", 9, {}, ANSWER), "ok", ""),
    ("SEC-07", counted("secrets", 9, {"github_token": 1}, PROMPT), "fail",
     "github token in 1 of 9 texts"),
    ("SEC-07", counted("secrets", 9, {}, PROMPT), "ok", ""),
    ("SEC-07", counted("secrets", 0, {}, PROMPT), "unknown", "no text to look at"),
    ("SEC-09", counted(CROSSED, 9, {"email": 1}, ANSWER), "fail", "email in 1 of 9 texts"),
    ("SEC-09", counted(CROSSED, 9, {}, ANSWER), "ok", ""),
    ("SEC-10", counted(TRACED, 9, {"raw": 2}), "fail",
     "2 of 9 traces of a guardrail hold in the clear what it hid"),
    ("SEC-10", counted(TRACED, 9, {"raw": 0}), "ok", ""),
    ("SEC-10", counted(TRACED, 0, {"raw": 0}), "unknown", "no trace of a guardrail to look at"),
    ("SEC-11", counted("unsafe_output", 1_000, {LINK: 1}, ANSWER, (9_000, {})), "fail",
     "link of an unlisted host in 1 of 1,000 texts, none in 9,000 before"),
    ("SEC-11", counted("unsafe_output", 1_000, {LINK: 10}, ANSWER, (9_000, {LINK: 90})), "ok", ""),
    ("SEC-11", counted("unsafe_output", 1_000, {LINK: 100}, ANSWER, (9_000, {LINK: 90})),
     "fail", ""),
    # what is usual does not hide what is new
    ("SEC-11", counted("unsafe_output", 1_000, {LINK: 10, ACTIVE: 1}, ANSWER, (9_000, {LINK: 90})),
     "fail", "in 1 of 1,000 texts; no active content in 9,000 before"),
    ("SEC-11", counted("unsafe_output", 1_000, {}, ANSWER, (9_000, {LINK: 90})), "ok", ""),
    ("SEC-11", counted("unsafe_output", 0, {}, ANSWER, (9_000, {LINK: 90})), "unknown", ""),
    ("SEC-12", largest("cost", 800.0, (2.0,) * 20, "cost"), "fail", ""),
    ("SEC-12", largest("cost", 2.0, (2.0,) * 20, "cost"), "ok", ""),
    ("SEC-12", largest("cost", 800.0, (), "cost"), "unknown", ""),
    # the best measure that there is counts
    ("SEC-12", largest("calls", 9.0, (2.0,) * 20, "tokens", tokens=9e6), "unknown",
     "9,000,000 tokens of one user"),
    ("SEC-12", largest("calls", 9.0, (2.0,) * 20, tokens=9e6), "ok", "9 calls of one user"),
    *((id_, largest(name, 800.0), "fail", "") for id_, name in SURGES.items()),
    *((id_, largest(name, 800.0, (800.0,) * 20), "ok", "") for id_, name in SURGES.items()),
    *((id_, largest(name, 800.0, ()), "unknown", "") for id_, name in SURGES.items()),
    *((id_, largest(name, 0.0), "ok", "") for id_, name in SURGES.items()),
    *((id_, largest(name, None), "unknown", "") for id_, name in SURGES.items()),
    ("SEC-19", looked(hashes=1, changed=("m.pkl",)), "fail",
     "files are not the approved ones: changed: m.pkl"),
    ("SEC-19", looked(hashes=1), "ok", "1 files are the approved ones"),
    ("SEC-19", looked(), "unknown", ""),
    # the worst file is told first
    ("SEC-20", looked(EMPTY, RUNS, DATA), "fail", (
        "2 of 3 files are more than data: b.pkl (unsafe: os.system would run something), "
        "a.pkl (unverified: an empty file)")),
    ("SEC-20", looked(DATA), "ok", "1 files were read to their end: data only"),
    ("SEC-20", looked(), "fail", ""),
    ("SEC-23", counted(AUDITED, 30, {"guardrail changed": 1, "key with wide scopes": 2}), "fail",
     "guardrail changed (1), key with wide scopes (2), in 30 entries of the audit log"),
    ("SEC-23", listing(3.0), "ok", "no control was changed in 30 entries of the audit log"),
    ("SEC-23", listing(900.0), "fail", "900 readings of keys by one caller within an hour"),
    ("SEC-23", listing(900.0, ()), "unknown", "900 readings of keys by one caller"),
    ("SEC-23", NONE, "unknown", "the audit log has no entry from this window on"),
    ("SEC-23", Facts(alpha=0.1, problems={"audit": "it cannot be read"}), "unknown",
     "it cannot be read"),
    ("AGT-05", tasks("uses_decoy", 30, 1), "fail", "1 of 30 tasks called a decoy"),
    ("AGT-05", tasks("uses_decoy", 30, 0), "ok", ""),
    ("AGT-05", tasks("uses_decoy", 0, 0), "unknown", "no task in this window"),
    ("AGT-07", largest("new_places", 3.0, (0.0,) * 20), "fail", "far above the usual 0"),
    ("AGT-07", largest("new_places", 3.0, (2.0, 4.0) * 10), "ok", ""),
    ("AGT-07", largest("new_places", 3.0, ()), "unknown", ""),
    ("AGT-07", largest("new_places", None), "unknown", "everything would be new"),
    ("AGT-08", tasks("sends_tainted", 30, 1, (900, 0)), "fail",
     "1 of 30 tasks sent to a place that a tool gave and no person had named"),
    ("AGT-08", tasks("sends_tainted", 30, 1), "fail", ""),
    ("AGT-08", tasks("sends_tainted", 30, 0, (900, 0)), "ok", ""),
    # an agent that answers letters
    ("AGT-08", tasks("sends_tainted", 300, 150, (900, 450)), "ok", ""),
    ("AGT-08", tasks("sends_tainted", 300, 250, (900, 450)), "fail", ""),
    ("AGT-08", tasks("sends_tainted", 0, 0, (900, 450)), "unknown", "no task sends anything"),
    ("AGT-09", tasks("is_unapproved", 4, 1), "fail",
     "1 of 4 tasks with such a tool used it without an approval before"),
    ("AGT-09", tasks("is_unapproved", 4, 0), "ok", ""),
    ("AGT-09", tasks("is_unapproved", 0, 0), "unknown", ""),
    ("AGT-12", counted(USED, 40, {"foreign": 1}), "fail",
     "1 of 40 entries of agents' identities came from elsewhere"),
    ("AGT-12", counted(USED, 40, {"foreign": 0}), "ok", ""),
    ("AGT-12", counted(USED, 0, {"foreign": 0}), "unknown", "no entry of the audit log is of"),
    ("AGT-12", Facts(alpha=0.1, problems={"audit": "it cannot be read"}), "unknown",
     "it cannot be read"),
    ("SEC-24", largest("gap", 6 * 3_600.0, (120.0,) * 20), "fail", ""),
    ("SEC-24", largest("gap", 150.0, (120.0,) * 20), "ok", ""),
    ("SEC-24", largest("gap", 150.0, (120.0,) * 20, "sequence", missing_numbers=0.0), "ok ok", ""),
    ("SEC-24", largest("gap", 150.0, (120.0,) * 20, "sequence", missing_numbers=3.0),
     "ok fail", ""),
    ("SEC-24", Facts(alpha=0.01, now=SecuritySummary(0)), "unknown", ""),
]  # fmt: skip
COLUMNS = "security.columns."
TASKS = "tasks of an agent in raw logs"
MISSING = {
    "AGT-05": f"{TASKS}, security.tools.decoys",
    "AGT-07": TASKS,
    "AGT-08": TASKS,
    "AGT-09": f"{TASKS}, security.tools.requires_approval, security.tools.approvals",
    "AGT-12": "security.audit.agents",
    "SEC-01": f"{COLUMNS}text_in",
    "SEC-02": f"{COLUMNS}text_context",
    "SEC-03": f"{COLUMNS}guardrail_verdict",
    "SEC-04": ", ".join(f"{COLUMNS}guardrail_{of}" for of in ("verdict", "action", "categories")),
    "SEC-05": f"{COLUMNS}text_out, security.canaries",
    "SEC-06": f"{COLUMNS}text_out, security.system_prompt",
    "SEC-07": "a column of texts",
    "SEC-08": "a column of texts",
    "SEC-09": f"{COLUMNS}text_in, {COLUMNS}text_out, {COLUMNS}end_user",
    "SEC-10": f"{COLUMNS}guardrail_raw",
    "SEC-11": f"{COLUMNS}text_out",
    "SEC-12": f"{COLUMNS}principal",
    "SEC-13": f"{COLUMNS}principal, three numeric features",
    "SEC-14": f"{COLUMNS}principal, three numeric features",
    "SEC-15": "three numeric features",
    "SEC-16": f"{COLUMNS}label_source",
    "SEC-17": "features",
    "SEC-18": f"{COLUMNS}label_source",
    "SEC-19": "security.artefacts.files, security.artefacts.manifest",
    "SEC-20": "security.artefacts.files",
    "SEC-21": f"{COLUMNS}principal",
    "SEC-22": f"{COLUMNS}principal, {COLUMNS}status",
    "SEC-23": "security.audit",
    "SEC-24": "rows",
    "SEC-25": f"{COLUMNS}api_key, {COLUMNS}principal or end_user or ip",
}
# what is known of a model, and what its signal still misses
KNOWN = [
    ("AGT-05", Facts(alpha=0.1, roles=frozenset({"tasks"}), declared=frozenset({"decoys"})), ""),
    ("AGT-08", Facts(alpha=0.1, roles=frozenset({"tasks"})), ""),
    ("AGT-09", Facts(alpha=0.1, roles=frozenset({"tasks"})),
     "security.tools.requires_approval, security.tools.approvals"),
    ("AGT-12", Facts(alpha=0.1, declared=frozenset({"audit"})), "security.audit.agents"),
    ("AGT-12", Facts(alpha=0.1, declared=frozenset({"audit", "agents"})), ""),
    ("SEC-05", Facts(alpha=0.01, texts=(ANSWER,)), "security.canaries"),
    ("SEC-05", Facts(alpha=0.01, texts=(ANSWER,), declared=frozenset({"canaries"})), ""),
    ("SEC-09", Facts(alpha=0.1, texts=(PROMPT, ANSWER), roles=frozenset({"end_user"})), ""),
    ("SEC-14", Facts(alpha=0.1, roles=frozenset({"principal", "features"})), ""),
    ("SEC-19", Facts(alpha=0.01, declared=frozenset({"artefacts", "manifest"})),
     "the newest window: files are as they are now"),
    ("SEC-20", Facts(alpha=0.01, declared=frozenset({"artefacts"})),
     "the newest window: files are as they are now"),
    ("SEC-21", Facts(alpha=0.1, roles=frozenset({"principal"})), "a log in files"),
    ("SEC-21", Facts(alpha=0.1, roles=frozenset({"principal", "earlier"})), ""),
    ("SEC-23", Facts(alpha=0.1, declared=frozenset({"audit"})), ""),
    ("SEC-25", Facts(alpha=0.1, roles=frozenset({"api_key", "ip"})), ""),
]  # fmt: skip


@pytest.mark.parametrize(("id_", "facts", "verdicts", "says"), CASES)
def test_what_it_finds(id_: str, facts: Facts, verdicts: str, says: str) -> None:
    found = SIGNALS[id_].judge(facts)
    assert " ".join(one.judgement.verdict.value for one in found) == verdicts
    assert says in found[0].judgement.reason


def test_every_signal_has_a_case_that_fails_and_one_that_is_fine() -> None:
    told = {(id_, verdict) for id_, _, verdicts, _ in CASES for verdict in verdicts.split()}
    for id_ in {*SIGNALS} - ELSEWHERE:
        assert {(id_, "fail"), (id_, "ok")} <= told, id_


def test_every_signal_says_what_it_misses() -> None:
    assert {one.id: one.missing(Facts(alpha=0.01)) for one in SIGNALS.values()} == MISSING


@pytest.mark.parametrize(("id_", "facts", "missing"), KNOWN)
def test_what_it_still_misses(id_: str, facts: Facts, missing: str) -> None:
    assert SIGNALS[id_].missing(facts) == missing
