"""One concept, one file, one mirrored test."""

from __future__ import annotations

from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "monitoring_pipelines"
TESTS = Path(__file__).parents[1]
MODULES = sorted(
    path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"
)
# without a test file of their own, and why
EXCEPTIONS = {
    "definitions.py": "loaded by the test of the whole project",
    "store/schema.py": "tables only; the test of the database compares them with the migrations",
    "store/migrations": "run by the test of the database",
    "store/draft.py": "a tool of developers; test_versions compares its migrations with the tables",
    "store/engine.py": "internals of the database; its test opens, locks and misuses both engines",
    "store/text.py": "one function; tests of results and summaries store hostile text by it",
    "expectations/": "internals of run and suite, whose tests look at every outcome",
    "domain/files.py": "a record; tests of logs.files look at its fields",
    "logs/llm/base.py": "a record and a registry; tests of each format use them",
    "logs/llm/records.py": "records; tests of each format look at their fields",
    "security/signals/": "one table of cases in test_every_signal, which asks for every signal",
    "images/broken.py": "words; tests of places and decoding look at every reason",
    "images/properties/base.py": "a record and a registry; tests of each property use them",
    "report/content.py": "records; the test of the page is about what it makes of them",
    "notify/base.py": "a protocol and a record; tests of each channel use them",
}


def mirrored(module: Path) -> Path:
    return TESTS / module.parent / f"test_{module.name}"


def is_excepted(module: Path) -> bool:
    return any(module.as_posix().startswith(start) for start in EXCEPTIONS)


@pytest.mark.parametrize("module", [m for m in MODULES if not is_excepted(m)], ids=str)
def test_has_a_mirrored_test(module: Path) -> None:
    assert mirrored(module).is_file(), f"write {mirrored(module).relative_to(TESTS.parent)}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_is_short_and_not_deep(module: Path) -> None:
    assert len((PACKAGE / module).read_text(encoding="utf-8").splitlines()) <= 400
    assert len(module.parts) <= 3 or module.as_posix().startswith("store/migrations")
