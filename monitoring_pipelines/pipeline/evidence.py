"""Is the evidence as it was written, and are the results those that it vouches for?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from monitoring_pipelines.governance.chain import Break, Head, Verifier
from monitoring_pipelines.governance.proof import instant, row_hash, row_text, rows_hash
from monitoring_pipelines.governance.proof import subject as subject_of
from monitoring_pipelines.store import evidence
from monitoring_pipelines.store.results import stored_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import sqlalchemy as sa

    from monitoring_pipelines.store.database import Store

MAX_TOLD = 20


class Subject(NamedTuple):
    """Rows that one hash stands for."""

    model: str
    start: str
    end: str
    as_of: str
    metric: str

    def __str__(self) -> str:
        return f"{self.metric} of {self.model}, window {self.start}, as of {self.as_of}"


class Vouched(NamedTuple):
    """What the newest record about a subject says: how many rows, and their hash."""

    seq: int
    n: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, and the first that is wrong: in the chain, then in the results.

    `n_rows` is None if the results were not compared.
    """

    n_records: int
    head: Head
    broken: Break | None
    n_rows: int | None
    wrong_rows: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return self.broken is None and not self.wrong_rows

    @property
    def sentence(self) -> str:
        """What was found, for people."""
        if self.broken is not None:
            return f"The chain is broken: {self.broken.reason}."
        told = f"{self.n_records:,} records are as they were written"
        if self.wrong_rows:
            n = len(self.wrong_rows)
            more = f" and {n - MAX_TOLD} more" if n > MAX_TOLD else ""
            return (
                f"{told}, and {n} results are not: {'; '.join(self.wrong_rows[:MAX_TOLD])}{more}."
            )
        rows = f", and so are {self.n_rows:,} results" if self.n_rows is not None else ""
        return f"{told}{rows}. Head {self.head}."


def verify(
    connection: sa.Connection, anchors: Iterable[Head] = (), *, results: bool = True
) -> Verification:
    """Follow the whole chain; then compare the stored results with what it says of them.

    Anchors are heads that were kept elsewhere, as a digest shows them. Two of one record that
    differ cannot both be true, and the chain cannot fit both.
    """
    known: dict[int, str] = {}
    for anchor in anchors:
        if known.setdefault(anchor.seq, anchor.hash) != anchor.hash:
            told = f"record {anchor.seq} has two different anchors"
            return Verification(0, Head(0, ""), Break(anchor.seq, told), None)
    verifier = Verifier(keys=evidence.keys_of(connection), anchors=known)
    vouched: dict[Subject, Vouched] = {}
    broken = None
    for record in evidence.records(connection):
        fields = verifier.follow(record)
        if isinstance(fields, Break):
            broken = fields
            break
        if results and record.kind == evidence.RESULTS:
            vouched.update(_vouched(record.seq, fields))
    broken = broken or verifier.end()
    head = verifier.head
    if broken or not results:
        return Verification(head.seq, head, broken, None)
    n_rows, wrong = _compared(stored_rows(connection), vouched)
    return Verification(head.seq, head, None, n_rows, tuple(wrong))


def verify_since(connection: sa.Connection, known: Head) -> tuple[Head, Break | None]:
    """Follow what was added after a head that was verified before, and that it is still there."""
    if known.seq and evidence.at(connection, known.seq) != known:
        told = f"record {known.seq} is not there any more as it was verified before"
        return known, Break(known.seq, told)
    keys = evidence.keys_of(connection)
    verifier = Verifier(keys=keys, head=known)
    for record in evidence.records(connection, known.seq):
        found = verifier.follow(record)
        if isinstance(found, Break):
            return verifier.head, found
    # a tail without a new record tells nothing of its keys
    return verifier.head, verifier.end() if verifier.head != known else None


def check_new(store: Store) -> str:
    """What breaks the chain since it was looked at last; "" if nothing does.

    The cost is that of the new records. An older record that is edited in place is found by
    `verify` alone; one that is written anew with all that follow it is found here.
    """
    with store.read() as connection:
        head, broken = verify_since(connection, evidence.verified(connection))
    if broken is not None:
        return broken.reason
    if head.seq:
        with store.write() as connection:
            evidence.remember(connection, max(head, evidence.verified(connection)))
    return ""


def _vouched(seq: int, fields: Mapping[str, Any]) -> Iterator[tuple[Subject, Vouched]]:
    start, end = fields["window"]
    for metric, n, digest in fields["rows"]:
        subject = Subject(fields["model"], start, end, fields["as_of"], metric)
        yield subject, Vouched(seq, n, digest)


def _compared(
    rows: Iterable[dict[str, Any]], vouched: Mapping[Subject, Vouched]
) -> tuple[int, list[str]]:
    """How many rows there are, and the subjects whose rows are not those of their record."""
    n_rows, wrong, left = 0, [], dict(vouched)
    for window, of_window in groupby(rows, key=_window_of):
        found: dict[Subject, list[str]] = {}
        for row in of_window:
            metric = subject_of(row["metric"], row["status"])
            subject = Subject(*window, instant(row["as_of"]), metric)
            found.setdefault(subject, []).append(row_hash(row_text(row)))
            n_rows += 1
        for subject, hashes in found.items():
            said = left.pop(subject, None)
            if said is None:
                wrong.append(f"no record knows {subject}")
            elif said[1:] != (len(hashes), rows_hash(hashes)):
                wrong.append(f"record {said.seq} knows other rows for {subject}")
    wrong += [
        f"record {v.seq} knows rows for {s}, and there are none" for s, v in left.items() if v.n
    ]
    return n_rows, wrong


def _window_of(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["model"], instant(row["window_start"]), instant(row["window_end"])
