"""The verifier needs nothing: it runs in an interpreter without any package."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.governance import verifier
from monitoring_pipelines.governance.chain import Head, Key, canonical
from monitoring_pipelines.governance.proof import row_hash, row_text, rows_hash
from tests.governance.chains import chain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.governance.chain import Record

WINDOW = ["2026-03-01T00:00:00.000000Z", "2026-03-02T00:00:00.000000Z"]
ROWS = [
    {
        "model": "churn", "window_start": WINDOW[0], "window_end": WINDOW[1], "as_of": WINDOW[1],
        "metric": "psi", "column": column, "reason": "größer\n", "value": 0.25,
    }
    for column in "ab"
]  # fmt: skip
VOUCHED = {
    "window": WINDOW,
    "as_of": WINDOW[1],
    "rows": [["psi", 2, rows_hash([row_hash(row_text(row)) for row in ROWS])]],
}
KEY = Key(b"0123456789abcdef")


def line(record: Record) -> str:
    return canonical({**json.loads(record.body), "hash": record.hash}) + "\n"


def write(folder: Path, records: Sequence[Record], anchors: Sequence[Head] = ()) -> None:
    (folder / "verify.py").write_bytes(Path(verifier.__file__).read_bytes())
    (folder / "evidence.jsonl").write_text("".join(map(line, records)), encoding="utf-8")
    results = "".join(f"{row_text(row)}\n" for row in ROWS)
    (folder / "results.jsonl").write_text(results, encoding="utf-8")
    listed = "".join(f"{head.seq},{head.hash}\n" for head in anchors)
    (folder / "anchors.csv").write_text(f"seq,hash\n{listed}", encoding="utf-8")


def verified(folder: Path, *arguments: str) -> tuple[int, str]:
    """In isolated mode, without site-packages."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    return done.returncode, done.stdout + done.stderr


def head(records: Sequence[Record]) -> Head:
    return Head(records[-1].seq, records[-1].hash)


def test_it_imports_the_standard_library_only() -> None:
    tree = ast.parse(Path(verifier.__file__).read_text(encoding="utf-8"))
    imported = {
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported <= sys.stdlib_module_names


def test_an_export_as_it_was_made_is_whole(tmp_path: Path) -> None:
    records = chain(5, **VOUCHED)
    write(tmp_path, records, [head(records)])
    assert verified(tmp_path, str(head(records[:3]))) == (
        0,
        f"5 records are as they were written. Head {head(records)}\n2 results are theirs.\n",
    )


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda r: [*r[:2], r[2]._replace(body=r[2].body.replace("of 3", "x")), *r[3:]],
            "record 3 was changed",
        ),
        (lambda r: [*r[:2], *r[3:]], "record 3 was changed, or one before it is missing"),
        (lambda r: [*r[:2], r[3], r[2], r[4]], "record 3 was changed"),
        (lambda r: r[:4], "record 5 is missing: an anchor names record 5"),
        (lambda _: chain(5, value="forged", **VOUCHED), "record "),
    ],
    ids=["edit", "delete", "reorder", "truncate", "rewrite"],
)  # fmt: skip
def test_tampering_is_found(tmp_path: Path, key: Key | None, change: object, told: str) -> None:
    records = chain(5, key, **VOUCHED)
    write(tmp_path, change(records))  # type: ignore[operator]
    given = [str(head(records))]
    if key:
        (tmp_path / "key").write_bytes(key.secret + b"\n")
        given.append("key")
    code, said = verified(tmp_path, *given)
    assert code == 1
    assert said.startswith(told)


def test_a_key_is_needed(tmp_path: Path) -> None:
    write(tmp_path, chain(2, KEY, **VOUCHED))
    assert verified(tmp_path) == (1, f"record 1 needs the file with key {KEY.id}\n")
    (tmp_path / "key").write_bytes(KEY.secret)
    assert verified(tmp_path, "key")[0] == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("0.25", "0.26", 1),
        lambda text: text.partition("\n")[2],
        lambda text: text + text,
        lambda _: "",
        lambda text: text + text.replace("psi", "auc"),
    ],
)
def test_other_results_are_found(tmp_path: Path, change: object) -> None:
    write(tmp_path, chain(2, **VOUCHED))
    results = tmp_path / "results.jsonl"
    results.write_text(change(results.read_text(encoding="utf-8")), encoding="utf-8")  # type: ignore[operator]
    code, said = verified(tmp_path)
    assert code == 1
    assert "the results are not those of the records" in said


def test_two_anchors_that_differ_are_told(tmp_path: Path) -> None:
    records = chain(2, **VOUCHED)
    write(tmp_path, records, [head(records)])
    code, said = verified(tmp_path, f"2:{'f' * 64}")
    assert (code, said) == (1, "record 2 is not the one of your anchor\n")
