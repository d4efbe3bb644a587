"""The evidence chain as a table: appended to under one lock, read in pages, never changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitoring_pipelines.governance.chain import EMPTIED, START, Emptied, Head, Record, seal
from monitoring_pipelines.governance.proof import instant
from monitoring_pipelines.store.locks import exclusive
from monitoring_pipelines.store.schema import evidence, learned
from monitoring_pipelines.store.text import storable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitoring_pipelines.governance.chain import Key

# 2: results that are older than the chain have records of their own, so there is none without
SCHEMA = 2
# kinds of records: what a check found, what was there before, what was promised, what people
# decided, what was deleted
RESULTS, OLDER, CARD, APPROVAL, EXCEPTION, SERIOUS, CHECKPOINT = (
    "results", "older", "card", "approval", "exception", "serious", "checkpoint",
)  # fmt: skip
KEYS = "monitoring_evidence_keys"
# where the memory of the last verification stands
VERIFIED = "evidence"
PAGE = 5_000


def with_keys(engine: sa.Engine, keys: Sequence[Key]) -> sa.Engine:
    """`engine`, whose connections seal records with the first of `keys`."""
    return engine.execution_options(**{KEYS: tuple(keys)})


def keys_of(connection: sa.Connection) -> dict[str, Key]:
    """Keys by their ids, the present one first."""
    return {key.id: key for key in connection.get_execution_options().get(KEYS, ())}


def append(connection: sa.Connection, kind: str, model: str, fields: Mapping[str, Any]) -> Head:
    """Add a record to the end of the chain, in the transaction of what it is about.

    All writers wait for each other from here to the end of their transaction, so this comes last
    in it. A transaction that holds a model's lock may take this one; none does it the other way.
    """
    exclusive(connection, "evidence")
    told = {"schema": SCHEMA, "at": instant(datetime.now(UTC)), "kind": kind, "model": model}
    key = next(iter(keys_of(connection).values()), None)
    record = seal(_storable({**fields, **told}), head(connection), key)
    connection.execute(evidence.insert().values(record._asdict()))
    return Head(record.seq, record.hash)


def head(connection: sa.Connection) -> Head:
    """Number and hash of the newest record."""
    newest = sa.select(evidence.c.seq, evidence.c.hash).order_by(evidence.c.seq.desc()).limit(1)
    row = connection.execute(newest).first()
    return Head(*row) if row else START


def at(connection: sa.Connection, seq: int) -> Head | None:
    """The record with this number."""
    query = sa.select(evidence.c.seq, evidence.c.hash).where(evidence.c.seq == seq)
    row = connection.execute(query).first()
    return Head(*row) if row else None


def records(connection: sa.Connection, after: int = 0) -> Iterator[Record]:
    """Records that come after number `after`, in their order; few are in memory at once."""
    while True:
        query = sa.select(*(evidence.c[name] for name in Record._fields))
        page = connection.execute(
            query.where(evidence.c.seq > after).order_by(evidence.c.seq).limit(PAGE)
        ).all()
        yield from (Record(*row) for row in page)
        if len(page) < PAGE:
            return
        after = page[-1].seq


def verified(connection: sa.Connection) -> Head:
    """The head up to which the chain was verified before."""
    facts = sa.select(learned.c.fact).where(learned.c.service == VERIFIED)
    heads = [Head.parse(fact) for fact in connection.execute(facts).scalars()]
    return max(heads, default=START)


def remember(connection: sa.Connection, verified: Head) -> None:
    """Go on from this head next time."""
    exclusive(connection, f"learned:{VERIFIED}")
    connection.execute(learned.delete().where(learned.c.service == VERIFIED))
    row = {"service": VERIFIED, "fact": str(verified), "at": datetime.now(UTC)}
    connection.execute(learned.insert().values(row))


def empty(connection: sa.Connection, seqs: Sequence[int]) -> None:
    """Delete the content of records of results, under the lock of the chain."""
    for start in range(0, len(seqs), PAGE):
        some = evidence.c.seq.in_(seqs[start : start + PAGE])
        connection.execute(evidence.update().where(some).values(body=EMPTIED))


def emptied(connection: sa.Connection) -> Emptied:
    """All records without content."""
    query = sa.select(evidence.c.seq, evidence.c.hash).where(evidence.c.body == EMPTIED)
    found = Emptied()
    for row in connection.execute(query.order_by(evidence.c.seq)):
        found.add(Head(*row))
    return found


def of_kind(connection: sa.Connection, kind: str, model: str | None = None) -> list[dict[str, Any]]:
    """Content of all records of a kind, oldest first; `model` None for those of any model."""
    clauses = [evidence.c.kind == kind]
    if model is not None:
        clauses.append(evidence.c.model == storable(model))
    clauses.append(evidence.c.body != EMPTIED)
    query = sa.select(evidence.c.body).where(*clauses).order_by(evidence.c.seq)
    return [json.loads(body) for body in connection.execute(query).scalars()]


def newest(connection: sa.Connection, kind: str, model: str) -> dict[str, Any] | None:
    """Content of the newest record of a kind."""
    clauses = (evidence.c.kind == kind, evidence.c.model == storable(model))
    query = sa.select(evidence.c.body).where(*clauses).order_by(evidence.c.seq.desc()).limit(1)
    body = connection.execute(query).scalar()
    return json.loads(body) if body is not None else None


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(name): _storable(inner) for name, inner in value.items()}
    return [*map(_storable, value)] if isinstance(value, list | tuple) else value
