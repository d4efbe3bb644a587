"""What `sha256sum` writes is read, and every difference has a name."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.security.manifest import compare, parse, sha256

if TYPE_CHECKING:
    from pathlib import Path

A, B = "a" * 64, "b" * 64


def test_lines_of_both_forms() -> None:
    text = f"# approved\n{A}  models/a.onnx\n{B.upper()} *./models/b c.bin\n\n"
    assert parse(text, "SHA256SUMS") == {"models/a.onnx": A, "models/b c.bin": B}


@pytest.mark.parametrize("line", ["a.onnx", "abc  a.onnx", A])
def test_another_line_is_named(line: str) -> None:
    with pytest.raises(ConfigError, match="'SHA256SUMS', line 2"):
        parse(f"{A}  x\n{line}", "SHA256SUMS")


def test_differences() -> None:
    found = compare({"a": A, "b": A, "new": A}, {"a": A, "b": B, "gone": B})
    assert (found.changed, found.missing, found.unlisted) == (("b",), ("gone",), ("new",))
    assert str(found) == "changed: b; missing: gone; not approved: new"
    assert not compare({"a": A}, {"a": A})


def test_many_are_counted() -> None:
    assert str(compare({f"m{i}": A for i in range(5)}, {})) == "not approved: m0, m1, m2 and 2 more"


def test_hash_of_a_file(tmp_path: Path) -> None:
    data = bytes(range(256)) * 5_000  # more than one part
    (tmp_path / "x").write_bytes(data)
    assert sha256(tmp_path / "x") == hashlib.sha256(data).hexdigest()
