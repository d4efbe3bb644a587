"""SEC-20 on what is known of the files."""

from __future__ import annotations

from monitoring_pipelines.security.artefacts.outcome import Outcome, Safety
from monitoring_pipelines.security.facts import Facts, Files
from monitoring_pipelines.security.manifest import Differences
from monitoring_pipelines.security.signals.unsafe_artefact import SIGNAL


def judged(files: Files) -> tuple[str, str]:
    (one,) = SIGNAL.judge(Facts(alpha=0.01, files=files))
    return one.judgement.verdict.value, one.judgement.reason


def test_the_worst_file_is_told_first() -> None:
    outcomes = {
        "a.pkl": Outcome(Safety.UNVERIFIED, "an empty file"),
        "b.pkl": Outcome(Safety.UNSAFE, "os.system would run something"),
        "c.onnx": Outcome(Safety.OK, "an ONNX model"),
    }
    assert judged(Files(hashes={}, outcomes=outcomes, differences=Differences())) == (
        "fail",
        (
            "2 of 3 files are more than data: b.pkl (unsafe: os.system would run something), "
            "a.pkl (unverified: an empty file)"
        ),
    )


def test_data_only_is_ok_and_no_file_is_not() -> None:
    outcomes = {"c.onnx": Outcome(Safety.OK, "an ONNX model")}
    fine = Files(hashes={}, outcomes=outcomes, differences=Differences())
    assert judged(fine) == ("ok", "1 files were read to their end: data only")
    assert judged(Files(hashes={}, outcomes={}, differences=Differences()))[0] == "fail"


def test_says_what_it_misses() -> None:
    assert SIGNAL.missing(Facts(alpha=0.01)) == "security.artefacts.files"
    old = Facts(alpha=0.01, declared=frozenset({"artefacts"}))
    assert SIGNAL.missing(old).startswith("the newest window")
