"""A person's hashes under every key, without their name in the shell's history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from monitoring_pipelines.cli.main import main
from monitoring_pipelines.logs.llm.hashes import Hashes

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Project

KEYS = {"PII_NEW": "fedcba9876543210", "PII_OLD": "0123456789abcdef"}


def test_one_line_per_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, secret in KEYS.items():
        monkeypatch.setenv(name, secret)
    monkeypatch.setenv("MONITORING_HASH_KEYS", "PII_NEW, PII_OLD")
    done = CliRunner().invoke(main, ["hash"], input="alice\n")
    assert done.exit_code == 0
    assert done.stdout.split() == [Hashes.named(name, KEYS).personal("alice") for name in KEYS]


def test_without_a_named_key_it_is_the_one_that_was_drawn(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MONITORING_HASH_KEYS", raising=False)
    done = CliRunner().invoke(main, ["--project", str(project.root), "hash"], input="alice\n")
    key = (project.root / ".monitoring" / "hash.key").read_bytes()
    assert done.stdout.strip() == Hashes(key).personal("alice")


def test_a_name_of_no_key_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITORING_HASH_KEYS", "NOT_THERE")
    done = CliRunner().invoke(main, ["hash"], input="alice\n")
    assert done.exit_code == 2
    assert done.stderr.startswith("mlmon: The hash key NOT_THERE is not set")
