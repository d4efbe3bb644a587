"""Files of a model: found by pattern, compared with what was approved, looked at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.pipeline import model_files as module
from monitoring_pipelines.pipeline.model_files import model_files
from monitoring_pipelines.security.manifest import sha256
from tests.pipeline.lab import declared
from tests.security.artefacts.hostile import HOSTILE

if TYPE_CHECKING:
    from tests.pipeline.lab import Lab


def prepared(lab: Lab, **artefacts: Any) -> None:
    (lab.root / "models").mkdir(exist_ok=True)
    lab.config = declared(security={"artefacts": {"files": ["models/**/*.pkl"]} | artefacts})


def put(lab: Lab, name: str, content: bytes, at: int = 1) -> None:
    path = lab.root / "models" / name
    path.write_bytes(content)
    os.utime(path, ns=(at, at))


def test_none_is_configured(lab: Lab) -> None:
    assert model_files(lab.model) is None


def test_a_file_is_looked_at_again_once_it_changed(lab: Lab) -> None:
    prepared(lab)
    put(lab, "m.pkl", b"N.")
    for content, time, safety in ((b"N.", 1, "ok"), (HOSTILE["eval"](), 2, "unsafe")):
        put(lab, "m.pkl", content, time)
        found = model_files(lab.model)
        assert found is not None
        assert found.outcomes["models/m.pkl"].safety == safety


def test_a_change_is_seen_though_size_and_time_were_put_back(lab: Lab) -> None:
    prepared(lab)
    hostile = HOSTILE["eval"]()
    put(lab, "m.pkl", b"x" * len(hostile))
    before = model_files(lab.model)
    put(lab, "m.pkl", hostile)
    after = model_files(lab.model)
    assert before is not None
    assert after is not None
    assert before.hashes != after.hashes
    assert after.outcomes["models/m.pkl"].safety == "unsafe"


def test_what_was_approved(lab: Lab) -> None:
    prepared(lab, manifest="SHA256SUMS")
    put(lab, "m.pkl", b"N.")
    (lab.root / "SHA256SUMS").write_text(
        f"{sha256(lab.root / 'models' / 'm.pkl')}  models/m.pkl\n{'0' * 64}  models/n.pkl\n"
    )
    found = model_files(lab.model)
    assert found is not None
    assert str(found.differences) == "missing: models/n.pkl"


def test_without_its_manifest_nothing_is_approved(lab: Lab) -> None:
    prepared(lab, manifest="SHA256SUMS")
    with pytest.raises(ConfigError, match="SHA256SUMS' cannot be read: No such file"):
        model_files(lab.model)


def test_far_too_many_files_are_refused(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(lab)
    put(lab, "m.pkl", b"N.")
    monkeypatch.setattr(module, "MAX_FILES", 0)
    with pytest.raises(ConfigError, match="names 1 files; at most 0"):
        model_files(lab.model)
