"""The evidence as a ZIP file that somebody can verify who has none of our software."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring_pipelines import __version__, governance
from monitoring_pipelines.errors import EvidenceError
from monitoring_pipelines.governance import verifier
from monitoring_pipelines.governance.chain import EMPTIED, Break, Verifier, canonical
from monitoring_pipelines.governance.proof import instant, row_text
from monitoring_pipelines.governance.rules import RULES
from monitoring_pipelines.pipeline.coverage import boxes
from monitoring_pipelines.pipeline.promises import waivers
from monitoring_pipelines.store import evidence
from monitoring_pipelines.store.results import stored_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import sqlalchemy as sa

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.governance.chain import Head, Record

DISCLAIMER = "evidence export, not a legal determination"
# a ZIP file has no older time; the same evidence gives the same bytes
EPOCH = (1980, 1, 1, 0, 0, 0)
MARKUP = re.compile(r"[\\`*_{}\[\]<>#|!]")
METRICS = {rule.metric: rule.id for rule in RULES.values()}
README = f"""# Evidence of model monitoring

This is an {DISCLAIMER}.

| file | what |
|---|---|
| `evidence.jsonl` | the chain: a record per line, each with the hash of the one before |
| `results.jsonl` | the judged numbers that the records vouch for |
| `anchors.csv` | heads of the chain that were known when this was made |
| `cards/` | what is promised about each model, as of now |
| `rules.json` | the rules, and the parts of frameworks that each touches, with their date |
| `summary.md` | what the rules found, by framework; exceptions; deletions; what needs a person |
| `verify.py` | verifies all of it; needs Python 3.8 or newer and nothing else |

## Verify

    python verify.py 1234:0a1b...      # a head that you hold, as a digest showed it
    python verify.py 1234:0a1b... key  # and a file with the key, if records have one

A hash is SHA-256 of the record's line without `hash`, in canonical JSON (RFC 8785): names sorted,
no spaces. With a `key` it is HMAC-SHA256, and `key` begins HMAC-SHA256 of `monitoring-pipelines
evidence`. A row's hash is SHA-256 of its line; several rows have the SHA-256 of their sorted
hashes, joined by newlines.

Of a record whose results were deleted only number and hash may be left (`emptied`). The newest
record of the kind `checkpoint` says how many such records there are, and SHA-256 of their lines
`NUMBER:HASH`. Records of the kind `older` vouch for results that were there before the chain, as
they were found.

Edits, gaps and swaps show by themselves. Whoever made this file could have cut the end of the
chain, or have written it anew; that shows only against a head that was kept elsewhere, such as in
an older digest. `anchors.csv` is no such head, since it comes from the same place.
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and what breaks the chain in it."""

    sentence: str
    broken: Break | None


@dataclass(slots=True)
class _Counted:
    """What the rules found so far: verdicts by rule, and the newest by model and rule."""

    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    newest: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def add(self, row: dict[str, Any]) -> None:
        rule = METRICS.get(row["metric"])
        if rule is None:
            return
        self.verdicts.setdefault(rule, Counter())[row["verdict"]] += 1
        last = self.newest.get((row["model"], rule))
        if last is None or last["window_start"] < row["window_start"]:
            self.newest[row["model"], rule] = row


def export(
    connection: sa.Connection,
    models: Sequence[ModelConfig],
    out: Path,
    now: datetime,
    anchors: Iterable[Head] = (),
) -> Exported:
    """Write `out`. What cannot be verified is exported as it is, and said.

    Records and results are of all models, since a chain with gaps proves nothing.
    """
    counted, mappings, anchors = _Counted(), frameworks(), [*anchors]
    if not out.absolute().parent.is_dir():
        raise EvidenceError(
            f"There is no folder '{out.absolute().parent}'; make it, or choose another."
        )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        follows, broken = _records(connection, archive, dict(anchors))
        with archive.open(_entry("results.jsonl"), "w", force_zip64=True) as file:
            for row in stored_rows(connection):
                counted.add(row)
                file.write(f"{row_text(row)}\n".encode())
        heads = {follows.head, *anchors} if follows.head.seq else {*anchors}
        texts = {
            "README.md": README,
            "anchors.csv": _anchors(sorted(heads)),
            "rules.json": _json(_rules(mappings)),
            "summary.md": _summary(connection, models, counted, mappings, now),
            "verify.py": Path(verifier.__file__).read_text(encoding="utf-8"),
        }
        for model in models:
            card = {"model": model.name, "owner": model.owner, **model.governance.written}
            texts[f"cards/{model.name}.json"] = _json(card)
        for name, text in texts.items():
            archive.writestr(_entry(name), text)
    told = f"{out}: {follows.head.seq:,} records, head {follows.head}; {DISCLAIMER}."
    return Exported(f"{told} The chain is broken: {broken.reason}." if broken else told, broken)


def frameworks() -> dict[str, Any]:
    """Which rule touches which part of which framework: data with a date."""
    text = resources.files(governance).joinpath("frameworks.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _records(
    connection: sa.Connection, archive: zipfile.ZipFile, anchors: dict[int, str]
) -> tuple[Verifier, Break | None]:
    follows = Verifier(keys=evidence.keys_of(connection), anchors=anchors)
    broken: Break | None = None
    with archive.open(_entry("evidence.jsonl"), "w", force_zip64=True) as file:
        for record in evidence.records(connection):
            if broken is None:
                found = follows.follow(record)
                broken = found if isinstance(found, Break) else None
            file.write(f"{_line(record)}\n".encode())
    return follows, broken or follows.end()


def _line(record: Record) -> str:
    """A record with its hash; one that was edited so that nobody can read it, as it is."""
    if record.body == EMPTIED:
        return canonical({"seq": record.seq, "hash": record.hash, "emptied": True})
    try:
        return canonical({**json.loads(record.body), "hash": record.hash})
    except (TypeError, ValueError):
        return canonical({"unreadable": record.body, "hash": record.hash})


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _anchors(heads: Iterable[Head]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([("seq", "hash"), *heads])
    return buffer.getvalue()


def _rules(mappings: dict[str, Any]) -> dict[str, Any]:
    rules = {
        rule.id: {"title": rule.title, "metric": rule.metric, "touches": mappings["rules"][rule.id]}
        for rule in RULES.values()
    }
    return {name: mappings[name] for name in ("as_of", "note", "frameworks")} | {"rules": rules}


def _summary(
    connection: sa.Connection,
    models: Sequence[ModelConfig],
    counted: _Counted,
    mappings: dict[str, Any],
    now: datetime,
) -> str:
    lines = [
        f"# Summary of {instant(now)[:10]}",
        "",
        f"This is an {DISCLAIMER}. Mappings as of {mappings['as_of']}.",
        "",
        f"Made by monitoring-pipelines {__version__}.",
    ]
    for key, framework in mappings["frameworks"].items():
        lines += ["", f"## {framework['name']}", ""]
        lines += [f"Status: {framework['status']}. Basis: {framework['basis']}.", ""]
        lines += ["| reference | rule | ok | warn | fail | unknown |", "|---|---|---|---|---|---|"]
        for rule in RULES.values():
            found = counted.verdicts.get(rule.id)
            numbers = [found[v] for v in ("ok", "warn", "fail", "unknown")] if found else []
            told = " | ".join(map(str, numbers)) or "inactive | | | "
            for reference in mappings["rules"][rule.id].get(key, []):
                lines.append(f"| {reference} | {rule.id} {rule.title} | {told} |")
    lines += ["", "## Open findings", "", *_open(counted), "", "## Exceptions", ""]
    lines += _exceptions(connection, models, now) or ["None."]
    lines += ["", "## Deletions", "", *(_deletions(connection) or ["None."])]
    lines += ["", "## Needs a person", "", "No rule can decide these; none is shown as done.", ""]
    lines += [
        f"- [ ] {model.name}: {box.what} {_inert(box.says.removeprefix('needs a person: '))}"
        for model in models
        for box in boxes(model, now)
    ]
    return "\n".join(lines) + "\n"


def _open(counted: _Counted) -> list[str]:
    found = []
    for (model, rule), row in sorted(counted.newest.items()):
        if row["verdict"] != "ok":
            window = f"{row['window_start']:%Y-%m-%d}"
            found.append(f"- {model}, {rule}, {window}: {row['verdict']}, {_inert(row['reason'])}")
    return found or ["None."]


def _deletions(connection: sa.Connection) -> list[str]:
    """What checkpoints say, and how much is older than the chain."""
    found = [
        f"- record {told['seq']}, {told['at'][:10]}: {told['removed']['results']:,} results of "
        f"{told['model']}, windows that ended by {told['before'][:10]}, and the content of "
        f"{told['records']:,} records, by {_inert(told['by'])}: {_inert(told['reason'])}"
        for told in evidence.of_kind(connection, evidence.CHECKPOINT)
    ]
    older = evidence.of_kind(connection, evidence.OLDER)
    if older:
        n = sum(n for told in older for _, n, _ in told["rows"])
        found.append(
            f"- {n:,} results are older than the chain, found by records {older[0]['seq']} to "
            f"{older[-1]['seq']} on {older[-1]['at'][:10]}"
        )
    return found


def _inert(text: str) -> str:
    """Text that people or data wrote, on one line and without a meaning in Markdown."""
    return MARKUP.sub(r"\\\g<0>", " ".join(text.split()))


def _exceptions(
    connection: sa.Connection, models: Sequence[ModelConfig], now: datetime
) -> list[str]:
    found = []
    for model in models:
        card = model.governance.card(model.owner, model.zone)
        for waiver in (*card.exceptions, *waivers(connection, model.name)):
            state = "expired" if waiver.until <= now else "in force"
            found.append(
                f"- {model.name}, {waiver.rule}: until {waiver.until:%Y-%m-%d} ({state}), "
                f"by {_inert(waiver.approver)}: {_inert(waiver.reason)}"
            )
    return found
