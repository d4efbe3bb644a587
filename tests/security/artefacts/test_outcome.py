"""Names from a file are inert where they are told."""

from __future__ import annotations

import pytest

from monitoring_pipelines.security.artefacts.outcome import name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("os.system", "os.system"),
        ("<!channel>", "??channel?"),
        ("a\n\u202eb", "a??b"),
        ("x" * 200, "x" * 80),
    ],
)
def test_names(text: str, shown: str) -> None:
    assert name(text) == shown
