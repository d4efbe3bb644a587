"""SEC-19: files of the model are the approved ones, by their SHA-256."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts


def _judge(facts: Facts) -> list[Found]:
    files = facts.files
    assert files is not None  # noqa: S101 - `missing` saw to it
    n = len(files.hashes)
    if files.differences:
        judgement = Judgement(Verdict.FAIL, f"files are not the approved ones: {files.differences}")
    elif not n:
        judgement = Judgement(Verdict.UNKNOWN, "no file is approved, and none is there")
    else:
        judgement = Judgement(Verdict.OK, f"{n} files are the approved ones")
    return [Found(judgement=judgement, n=n)]


def _missing(facts: Facts) -> str:
    needed = {"artefacts": "security.artefacts.files", "manifest": "security.artefacts.manifest"}
    if absent := [key for name, key in needed.items() if name not in facts.declared]:
        return ", ".join(absent)
    return "" if facts.files else "the newest window: files are as they are now"


SIGNAL = add(
    Signal(
        id="SEC-19",
        name="artefact_changed",
        title="Files of the model are the approved ones.",
        missing=_missing,
        judge=_judge,
        is_critical=True,
    )
)
