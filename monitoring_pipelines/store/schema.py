"""The tables. People point their dashboards at them, so names change only by a migration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An instant: `timestamptz` on Postgres, UTC text on SQLite, aware in Python."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Store UTC; a naive time is a bug of the caller."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a stored time needs a time zone"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """Give back an aware time, also from SQLite, which knows no time zones."""
        del dialect
        if value is None:
            return None
        aware: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# one judged number; see `domain.result.Result`
results = sa.Table(
    "results",
    metadata,
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("window_start", UtcDateTime, primary_key=True),
    sa.Column("window_end", UtcDateTime, primary_key=True),
    sa.Column("segment", sa.Text, primary_key=True),
    sa.Column("metric", sa.Text, primary_key=True),
    sa.Column("column", sa.Text, primary_key=True),
    sa.Column("as_of", UtcDateTime, primary_key=True),
    sa.Column("value", sa.Double),
    sa.Column("low", sa.Double),
    sa.Column("high", sa.Double),
    sa.Column("n", sa.BigInteger, nullable=False),
    sa.Column("reference_value", sa.Double),
    sa.Column("noise_floor", sa.Double),
    sa.Column("tolerance", sa.Double),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("status", sa.Text, primary_key=True),
    sa.Column("label_coverage", sa.Double),
    sa.Column("model_version", sa.Text, nullable=False),
    sa.Column("config_hash", sa.Text, nullable=False),
    sa.Column("code_version", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Index(None, "model", "verdict", "window_start"),
)

# sufficient statistics, compressed; `kind` is table, labelled, partitions, binning, or reference_
# and one of the first three; `fingerprint` is the hash of what the summary depends on
summaries = sa.Table(
    "summaries",
    metadata,
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("window_start", UtcDateTime, primary_key=True),
    sa.Column("window_end", UtcDateTime, primary_key=True),
    sa.Column("segment", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("n_rows", sa.BigInteger, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

# cache of the fold over a condition's verdicts; `results` is the truth
conditions = sa.Table(
    "conditions",
    metadata,
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("model", sa.Text, nullable=False, index=True),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("segment", sa.Text, nullable=False),
    sa.Column("metric", sa.Text, nullable=False),
    sa.Column("column", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("since_window", UtcDateTime),
    sa.Column("last_window", UtcDateTime, nullable=False),
    sa.Column("flapping", sa.Boolean, nullable=False),
    sa.Column("incident_id", sa.Text),
    sa.Column("updated_at", UtcDateTime, nullable=False),
)

incidents = sa.Table(
    "incidents",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("model", sa.Text, nullable=False, index=True),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("opened_window", UtcDateTime, nullable=False),
    sa.Column("last_window", UtcDateTime, nullable=False),
    sa.Column("resolved_window", UtcDateTime),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("conditions", sa.JSON, nullable=False),
    sa.Column("announced", sa.Boolean, nullable=False),
    sa.Column("acknowledged_by", sa.Text),
    sa.Column("acknowledged_until", UtcDateTime),
    sa.Column("silenced_until", UtcDateTime),
    sa.Column("inhibited_by", sa.Text),
    sa.Column("feedback", sa.Text),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
)

# append-only: what happened to an incident, and who did it
incident_events = sa.Table(
    "incident_events",
    metadata,
    sa.Column("incident_id", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
)

# what people do not want to hear of for a while; matchers are patterns as of a shell
silences = sa.Table(
    "silences",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("matchers", sa.JSON, nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

# what is to be said, written in the transaction that decided it; one with `under` is said in the
# thread of that incident's message, which has to stand first
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("idem", sa.Text, nullable=False, unique=True),
    sa.Column("incident_id", sa.Text, nullable=False),
    sa.Column("destination", sa.Text, nullable=False),
    sa.Column("op", sa.Text, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("under", sa.Text),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("next_at", UtcDateTime, nullable=False),
    sa.Column("sent_from", UtcDateTime),
    sa.Column("lease_owner", sa.Text),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("last_error", sa.Text),
    sa.Column("sent_at", UtcDateTime),
    sa.Index(None, "state", "next_at"),
    sa.Index(None, "incident_id", "destination", "seq"),
)

# where an incident's message stands, so that it can be edited in place; `thread` is the root of
# the thread that it is an answer in
messages = sa.Table(
    "messages",
    metadata,
    sa.Column("incident_id", sa.Text, primary_key=True),
    sa.Column("destination", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("ts", sa.Text, nullable=False),
    sa.Column("thread", sa.Text),
)

# whether messages go through, and from when on the next one may
destinations = sa.Table(
    "destinations",
    metadata,
    sa.Column("destination", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("since", UtcDateTime, nullable=False),
    sa.Column("error", sa.Text),
    sa.Column("next_probe", UtcDateTime),
    sa.Column("free_at", UtcDateTime),
)

# files on their way: the id is kept before the file is shown, so that it is not shown twice
uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("idem", sa.Text, primary_key=True),
    sa.Column("file_id", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
)

# what a service has taught us, such as that it takes no native charts
learned = sa.Table(
    "learned",
    metadata,
    sa.Column("service", sa.Text, primary_key=True),
    sa.Column("fact", sa.Text, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
)

# buttons that were already obeyed; a service may send the same press twice
inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
)

# append-only, each record sealed with the hash of the one before; `body` is canonical JSON, the
# other columns repeat what it says, to find records by
evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Index(None, "kind", "model", "seq"),
)
