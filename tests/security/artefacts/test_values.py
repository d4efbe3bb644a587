"""A name is told as people write it."""

from __future__ import annotations

from monitoring_pipelines.security.artefacts.values import UNKNOWN, Name


def test_names_are_told_with_their_module() -> None:
    assert str(Name("os", "system")) == "os.system"
    assert Name("os", "system") in {Name("os", "system")}
    assert repr(UNKNOWN) == "something"
