"""Is the evidence as it was written, and are the results those that it vouches for?"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from monitoring_pipelines.governance.chain import EMPTIABLE, Break, Head, Verifier
from monitoring_pipelines.governance.proof import instant, row_hash, row_text, rows_hash
from monitoring_pipelines.governance.proof import subject as subject_of
from monitoring_pipelines.store import evidence
from monitoring_pipelines.store.adoption import COMPLETE
from monitoring_pipelines.store.results import stored_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import sqlalchemy as sa

    from monitoring_pipelines.governance.chain import Record
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


# what the newest record about a subject says: its number, whether it only found the rows there, how
# many there are, and their hash; plain, since there are millions of them
Vouched = tuple[int, bool, int, str]
# a window and a moment
Place = tuple[str, str, str]


@dataclass(slots=True)
class Claims:
    """What the records say of the results, by model, place and metric; and of what was deleted.

    Of results nothing is taken unless they are to be compared (`has_results`).
    """

    has_results: bool = True
    vouched: dict[str, dict[Place, dict[str, Vouched]]] = field(default_factory=dict)
    deleted: dict[str, tuple[str, int]] = field(default_factory=dict)
    complete_at: int = 0
    older: list[tuple[int, str]] = field(default_factory=list)
    checkpoints: list[dict[str, Any]] = field(default_factory=list)

    def add(self, record: Record, fields: Mapping[str, Any]) -> Break | None:
        """Take the next record; a `Break` if it claims what it cannot."""
        if not fields:
            return None
        if record.kind == evidence.CHECKPOINT:
            self.checkpoints.append({"seq": record.seq, **fields})
            self._delete(record.model, str(fields["before"]), record.seq)
        if record.kind == evidence.OLDER:
            self.older.append((record.seq, str(fields["at"])))
            if self.complete_at:
                told = f"record {record.seq} tells of results older than the chain, and record "
                told += f"{self.complete_at} before it is of a release that had none"
                return Break(record.seq, told)
        if record.kind == evidence.RESULTS and fields["schema"] >= COMPLETE:
            self.complete_at = self.complete_at or record.seq
        if self.has_results and record.kind in EMPTIABLE:
            place = (*fields["window"], fields["as_of"])
            is_older = record.kind == evidence.OLDER
            self.vouched.setdefault(record.model, {}).setdefault(place, {}).update(
                {metric: (record.seq, is_older, n, told) for metric, n, told in fields["rows"]}
            )
        return None

    def _delete(self, model: str, before: str, seq: int) -> None:
        mine = self.vouched.get(model, {})
        self.vouched[model] = {place: v for place, v in mine.items() if place[1] > before}
        self.deleted[model] = max(self.deleted.get(model, ("", 0)), (before, seq))

    def take(self, subject: Subject) -> Vouched | None:
        """What is said of a subject, once."""
        place = subject[1:4]
        return self.vouched.get(subject.model, {}).get(place, {}).pop(subject.metric, None)

    def left(self) -> Iterator[tuple[Subject, Vouched]]:
        """What was not taken."""
        for model, places in self.vouched.items():
            for place, metrics in places.items():
                for metric, said in metrics.items():
                    yield Subject(model, *place, metric), said

    def unknown(self, subject: Subject) -> str:
        """Why rows are wrong that no record vouches for."""
        before, seq = self.deleted.get(subject.model, ("", 0))
        if subject.end <= before:
            return f"record {seq} says that {subject} was deleted"
        return f"no record knows {subject}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, and the first that is wrong: in the chain, then in the results.

    `n_rows` is None if the results were not compared. `n_older` of them were there before the
    chain, which only vouches for how `older` found them. `deleted` says what checkpoints tell.
    """

    n_records: int
    head: Head
    broken: Break | None
    n_rows: int | None
    wrong_rows: tuple[str, ...] = ()
    n_older: int = 0
    older: tuple[int, str] | None = None
    deleted: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return self.broken is None and not self.wrong_rows

    @property
    def sentence(self) -> str:
        """What was found, for people."""
        if self.broken is not None:
            return f"The chain is broken: {self.broken.reason}."
        told = f"Records as they were written: {self.n_records:,}"
        if self.wrong_rows:
            n = len(self.wrong_rows)
            more = f"; and {n - MAX_TOLD:,} more" if n > MAX_TOLD else ""
            return f"{told}. Results that are not: {'; '.join(self.wrong_rows[:MAX_TOLD])}{more}."
        if self.n_rows is not None:
            told += f"; results that are theirs: {self.n_rows - self.n_older:,}"
        if self.n_older and self.older is not None:
            seq, at = self.older
            told += f"; results older than the chain, as record {seq} found them on {at[:10]}"
            told += f", and nobody can say how they were before: {self.n_older:,}"
        return f"{told}. {self.deleted}Head {self.head}."


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
    claims, broken = Claims(results), None
    for record in evidence.records(connection):
        fields = verifier.follow(record)
        broken = fields if isinstance(fields, Break) else claims.add(record, fields)
        if broken is not None:
            break
    broken = broken or verifier.end()
    head, deleted = verifier.head, _deleted(claims.checkpoints, verifier.emptied.n)
    if broken or not results:
        return Verification(head.seq, head, broken, None, deleted=deleted)
    n_rows, n_older, wrong = _compared(stored_rows(connection), claims)
    return Verification(
        head.seq,
        head,
        None,
        n_rows,
        tuple(wrong),
        n_older,
        max(claims.older, default=None),
        deleted,
    )


def _deleted(checkpoints: Sequence[Mapping[str, Any]], n_emptied: int) -> str:
    """What was deleted by whom, for people: a deletion that nobody wanted looks like any other."""
    if not checkpoints:
        return ""
    newest = checkpoints[-1]
    n_results = sum(told["removed"]["results"] for told in checkpoints)
    return (
        f"Deleted by checkpoints: {n_results:,} results, content of {n_emptied:,} records; last by "
        f"record {newest['seq']} ({newest['by']}, {newest['at'][:10]}). "
    )


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


def check_new(store: Store, *, remember: bool = True) -> str:
    """What breaks the chain since it was looked at last; "" if nothing does.

    The next look goes on from here, unless it is not to `remember`: that writes.

    The cost is that of the new records. An older record that is edited in place is found by
    `verify` alone; one that is written anew with all that follow it is found here.
    """
    with store.read() as connection:
        head, broken = verify_since(connection, evidence.verified(connection))
    if broken is not None:
        return broken.reason
    if head.seq and remember:
        with store.write() as connection:
            evidence.remember(connection, max(head, evidence.verified(connection)))
    return ""


def _compared(rows: Iterable[dict[str, Any]], claims: Claims) -> tuple[int, int, list[str]]:
    """How many rows there are, how many of them are older than the chain, and what is wrong."""
    n_rows, n_older, wrong = 0, 0, list[str]()
    for window, of_window in groupby(rows, key=_window_of):
        found: dict[Subject, list[str]] = {}
        for row in of_window:
            metric = subject_of(row["metric"], row["status"])
            subject = Subject(*window, instant(row["as_of"]), metric)
            found.setdefault(subject, []).append(row_hash(row_text(row)))
            n_rows += 1
        for subject, hashes in found.items():
            said = claims.take(subject)
            if said is None:
                wrong.append(claims.unknown(subject))
                continue
            seq, is_older, n, told = said
            if (n, told) != (len(hashes), rows_hash(hashes)):
                wrong.append(f"record {seq} knows other rows for {subject}")
            n_older += n * is_older
    wrong += [
        f"record {seq} knows rows for {subject}, and there are none"
        for subject, (seq, _, n, _) in claims.left()
        if n
    ]
    return n_rows, n_older, wrong


def _window_of(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["model"], instant(row["window_start"]), instant(row["window_end"])
