"""SEC-19 on what is known of the files."""

from __future__ import annotations

from monitoring_pipelines.security.facts import Facts, Files
from monitoring_pipelines.security.manifest import Differences
from monitoring_pipelines.security.signals.artefact_changed import SIGNAL


def judged(files: Files) -> tuple[str, str]:
    (one,) = SIGNAL.judge(Facts(alpha=0.01, files=files))
    return one.judgement.verdict.value, one.judgement.reason


def test_a_difference_fails() -> None:
    differs = Differences(changed=("m.pkl",))
    assert judged(Files(hashes={"m.pkl": "a"}, outcomes={}, differences=differs)) == (
        "fail",
        "files are not the approved ones: changed: m.pkl",
    )
    same = Files(hashes={"m.pkl": "a"}, outcomes={}, differences=Differences())
    assert judged(same) == ("ok", "1 files are the approved ones")
    assert judged(Files(hashes={}, outcomes={}, differences=Differences()))[0] == "unknown"


def test_says_what_it_misses() -> None:
    assert SIGNAL.missing(Facts(alpha=0.01)) == (
        "security.artefacts.files, security.artefacts.manifest"
    )
    some = Facts(alpha=0.01, declared=frozenset({"artefacts"}))
    assert SIGNAL.missing(some) == "security.artefacts.manifest"
    old = Facts(alpha=0.01, declared=frozenset({"artefacts", "manifest"}))
    assert SIGNAL.missing(old).startswith("the newest window")
