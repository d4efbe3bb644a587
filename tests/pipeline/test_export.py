"""An export of real runs is verified by its own script, and tells what it is not."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from monitoring_pipelines.errors import EvidenceError
from monitoring_pipelines.governance.chain import Head
from monitoring_pipelines.governance.rules import RULES
from monitoring_pipelines.pipeline.export import DISCLAIMER, Exported, export, frameworks
from monitoring_pipelines.pipeline.handling import By
from monitoring_pipelines.pipeline.promises import except_from
from monitoring_pipelines.store import evidence
from monitoring_pipelines.store.pruning import prune
from tests.pipeline.lab import FIRST, LATER
from tests.pipeline.test_governance import CARD, DAY, prepared, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pipeline.lab import Lab


def exported(lab: Lab, folder: Path) -> Exported:
    with lab.store.read() as connection:
        done = export(connection, [lab.config], folder / "e.zip", LATER)
    with zipfile.ZipFile(folder / "e.zip") as archive:
        archive.extractall(folder / "e")
    return done


def verified(folder: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-I", "-S", str(folder / "e" / "verify.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_it_is_verified_without_us(lab: Lab, tmp_path: Path) -> None:
    prepared(lab, {3: "v2"})
    run(lab, 2, 3)
    done = exported(lab, tmp_path)
    assert done.broken is None
    assert done.sentence.endswith(f"; {DISCLAIMER}.")
    with lab.store.read() as connection:
        head = evidence.head(connection)
    code, said = verified(tmp_path, str(head))
    assert code == 0, said
    assert said.startswith(f"{head.seq} records are as they were written. Head {head}\n")
    assert f"{len(lab.results(latest=False))} results are theirs." in said
    with (tmp_path / "e" / "anchors.csv").open() as file:
        assert [*csv.DictReader(file)] == [{"seq": str(head.seq), "hash": head.hash}]


def test_it_says_what_was_found_and_what_it_is_not(lab: Lab, tmp_path: Path) -> None:
    boxes = {"needs_a_person": {"conformity": {"owner": "ana", "due": "2026-12-01"}}}
    prepared(lab, {3: "v2"}, governance=CARD | boxes)
    except_from(lab.store, lab.config, "GOV-03", "holidays", By("cro", FIRST), FIRST + DAY)
    run(lab, 2, 3)
    exported(lab, tmp_path)
    summary = (tmp_path / "e" / "summary.md").read_text()
    assert DISCLAIMER in summary
    assert DISCLAIMER in (tmp_path / "e" / "README.md").read_text()
    assert "| Art. 43(4) | GOV-04 Only approved versions serve. | 1 | 0 | 1 | 0 |" in summary
    assert "| MEASURE 2.11 | GOV-11 Groups are treated alike. | inactive |" in summary
    assert "- credit, GOV-04, 2026-01-04: fail, version v2 serves and nobody approved it" in summary
    assert "GOV-03: until 2026-01-02 (expired), by cro: holidays" in summary
    assert "- [ ] credit: Conformity is assessed. ana by 2026-12-01, which is over" in summary
    assert "[x]" not in summary
    card = json.loads((tmp_path / "e" / "cards" / "credit.json").read_text())
    assert (card["model"], card["purpose"]) == ("credit", CARD["purpose"])


def test_text_of_people_and_data_means_nothing_in_the_summary(lab: Lab, tmp_path: Path) -> None:
    prepared(lab, {3: "v2](http://evil.example) <b>"})
    except_from(lab.store, lab.config, "GOV-03", "a\n# b", By("c|d", FIRST), FIRST + DAY)
    run(lab, 2, 3)
    exported(lab, tmp_path)
    summary = (tmp_path / "e" / "summary.md").read_text()
    assert r"version v2\](http://evil.example) \<b\> serves" in summary
    assert r"by c\|d: a \# b" in summary


def test_an_anchor_that_is_not_of_this_chain_is_said(lab: Lab, tmp_path: Path) -> None:
    prepared(lab)
    run(lab, 2)
    with lab.store.read() as connection:
        done = export(connection, [lab.config], tmp_path / "e.zip", LATER, [Head(2, "f" * 64)])
        assert done.broken == (2, "record 2 is not the one of the anchor: it was rewritten")
        with pytest.raises(EvidenceError, match="There is no folder"):
            export(connection, [lab.config], tmp_path / "no" / "e.zip", LATER)


def test_deleted_results_and_emptied_records_are_verified_without_us(
    lab: Lab, tmp_path: Path
) -> None:
    prepared(lab)
    run(lab, 2, 3)
    with lab.store.read() as connection:
        anchor = evidence.at(connection, 2)
    before = FIRST + 3 * DAY
    with lab.store.write() as connection:
        prune(connection, "credit", before=before, records_before=before, by="dpo", reason="r")
    assert exported(lab, tmp_path).broken is None
    code, said = verified(tmp_path, str(anchor))
    assert code == 0, said
    summary = (tmp_path / "e" / "summary.md").read_text()
    assert "results of credit, windows that ended by 2026-01-04, and the content of" in summary
    lines = (tmp_path / "e" / "evidence.jsonl").read_text().splitlines()
    n_empty = sum('"emptied":true' in line for line in lines)
    assert n_empty > 2
    # one more is emptied; and an emptied one has another hash
    for seq, told in (
        (len(lines) - 2, f"{n_empty + 1} records are empty"),
        (1, "or one before it"),
    ):
        record = json.loads(lines[seq])
        digest = record["hash"] if seq > 1 else "0" * 64
        changed = json.dumps({"emptied": True, "hash": digest, "seq": record["seq"]})
        forged = [*lines[:seq], changed, *lines[seq + 1 :]]
        (tmp_path / "e" / "evidence.jsonl").write_text("\n".join(forged) + "\n")
        code, said = verified(tmp_path)
        assert code == 1
        assert told in said or "is missing" in said or "records are empty" in said


def test_arguments_that_are_neither_head_nor_file_are_named(lab: Lab, tmp_path: Path) -> None:
    prepared(lab)
    run(lab, 2)
    exported(lab, tmp_path)
    assert verified(tmp_path, "12")[1] == "12 is neither NUMBER:HASH nor a file with a key\n"
    (tmp_path / "key").write_text("0123456789abcdef")
    code, said = verified(tmp_path, str(tmp_path / "key"))
    assert (code, said) == (1, "a key was given, and no record has one\n")


def test_the_same_evidence_gives_the_same_file(lab: Lab, tmp_path: Path) -> None:
    prepared(lab)
    run(lab, 2)
    exported(lab, tmp_path)
    once = (tmp_path / "e.zip").read_bytes()
    exported(lab, tmp_path)
    assert (tmp_path / "e.zip").read_bytes() == once


def test_a_broken_chain_is_exported_and_said(lab: Lab, tmp_path: Path) -> None:
    prepared(lab)
    run(lab, 2)
    with lab.store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE evidence SET body = 'no JSON' WHERE seq = 2"))
    done = exported(lab, tmp_path)
    assert done.broken is not None
    assert done.broken.seq == 2
    assert "The chain is broken: record 2 was edited" in done.sentence
    assert verified(tmp_path)[0] == 1


def test_every_rule_and_only_a_rule_is_mapped_and_the_mapping_has_a_date() -> None:
    found = frameworks()
    assert found["as_of"] == "2026-11"
    assert {*found["rules"]} == {*RULES}
    named = {name for touches in found["rules"].values() for name in touches}
    assert named == {*found["frameworks"]}
    assert all(framework["status"] for framework in found["frameworks"].values())
