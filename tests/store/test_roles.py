"""Each role of `roles.sql` can do its job on a real Postgres, and nothing else."""

from __future__ import annotations

import uuid
from importlib import resources
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import sql
from sqlalchemy.engine import make_url

from monitoring_pipelines import store as package
from monitoring_pipelines.cli.main import main
from monitoring_pipelines.errors import StoreError
from monitoring_pipelines.pipeline.evidence import verify
from monitoring_pipelines.store import evidence, results
from monitoring_pipelines.store.database import Store
from monitoring_pipelines.store.pruning import oldest_open, prune
from monitoring_pipelines.store.schema import metadata
from tests.cli.conftest import ATTRIBUTES, log, make
from tests.store.samples import AS_OF, MODEL, day, result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROLES = ("source", "writer", "reader", "keeper")


class Logins:
    """A user per role, and the URL that it logs in by."""

    def __init__(self, url: str) -> None:
        self.url, self.suffix = url, uuid.uuid4().hex[:8]

    def of(self, role: str) -> str:
        return (
            make_url(self.url)
            .set(username=f"{role}_{self.suffix}", password="x")
            .render_as_string(hide_password=False)
        )

    def may(self, role: str, statement: str) -> bool:
        """Whether the role may do it; it is taken back in any case."""
        with psycopg.connect(self.of(role)) as connection:
            try:
                connection.execute(statement)
            except psycopg.errors.InsufficientPrivilege:
                return False
            finally:
                connection.rollback()
            return True


@pytest.fixture
def logins(postgres_database: str) -> Iterator[Logins]:
    Store.open(postgres_database).upgrade()
    found = Logins(postgres_database)
    users = [sql.Identifier(f"{role}_{found.suffix}") for role in ROLES]
    text = resources.files(package).joinpath("roles.sql").read_text(encoding="utf-8")
    with psycopg.connect(postgres_database, autocommit=True) as owner:
        for _ in range(2):  # as after an upgrade
            owner.execute(text)
        owner.execute("CREATE SCHEMA risk")
        owner.execute("CREATE TABLE risk.predictions (id int, at timestamptz, age float8, "
                      "score float8, label int)")  # fmt: skip
        owner.execute("GRANT USAGE ON SCHEMA risk TO monitoring_source")
        owner.execute("GRANT SELECT ON risk.predictions TO monitoring_source")
        for role, user in zip(ROLES, users, strict=True):
            owner.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x' IN ROLE {}").format(
                    user, sql.Identifier(f"monitoring_{role}")
                )
            )
    yield found
    with psycopg.connect(postgres_database, autocommit=True) as owner:
        for user in users:
            owner.execute(sql.SQL("DROP ROLE {}").format(user))


def put(connection: Any) -> None:
    rows = [result()]
    results.replace(connection, rows, model=MODEL, window=day(1), metrics=["psi"], as_of=AS_OF)


def filled(logins: Logins) -> Store:
    store = Store.open(logins.url)
    with store.write() as connection:
        put(connection)
    return store


def test_mlmon_run_works_as_source_and_writer(
    logins: Logins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = log().to_pydict()
    with (
        psycopg.connect(logins.url) as owner,
        owner.cursor() as cursor,
        cursor.copy("COPY risk.predictions FROM STDIN") as copy,
    ):
        for row in zip(*table.values(), strict=True):
            copy.write_row(row)
    predictions = {
        **ATTRIBUTES["predictions"], "location": "{{ env.SOURCE }}", "table": "risk.predictions",
    }  # fmt: skip
    make(tmp_path, predictions=predictions, governance={"deputy": "bo"})
    monkeypatch.setenv("SOURCE", logins.of("source"))
    monkeypatch.setenv("MONITORING_DATABASE_URL", logins.of("writer"))
    for arguments in (["run", "churn"], ["approve", "churn", "v1", "--reason", "r", "--by", "c"]):
        done = CliRunner().invoke(main, ["--project", str(tmp_path), *arguments])
        assert done.exit_code in {0, 1}, done.output
        assert "permission denied" not in done.stderr
    monkeypatch.setenv("MONITORING_DATABASE_URL", logins.of("reader"))
    for arguments in (["evidence", "verify"], ["coverage", "churn"], ["results", "churn"]):
        done = CliRunner().invoke(main, ["--project", str(tmp_path), *arguments])
        assert done.exit_code == 0, done.output
    done = CliRunner().invoke(
        main, ["--project", str(tmp_path), "approve", "churn", "v2", "--reason", "r"]
    )
    assert done.exit_code == 2
    assert done.stderr.startswith("mlmon: The monitoring database")
    assert "does not allow that: permission denied for table evidence" in done.stderr


def test_the_keeper_deletes_what_is_old_and_the_reader_verifies_it(logins: Logins) -> None:
    filled(logins)
    keeper, before = Store.open(logins.of("keeper")), day(1).end
    with keeper.read() as connection:
        assert oldest_open(connection, MODEL) is None
    with keeper.write() as connection:
        done, _ = prune(
            connection, MODEL, before=before, records_before=before, by="dpo", reason="policy"
        )
    assert (done.results, done.records) == (1, (1,))
    with Store.open(logins.of("reader")).read() as connection:
        assert verify(connection).holds
    with pytest.raises(StoreError, match="permission denied"), keeper.write() as connection:
        put(connection)


def test_the_evidence_is_added_to_and_never_changed(logins: Logins) -> None:
    filled(logins)
    for role in ROLES:
        may = {
            name: logins.may(role, statement)
            for name, statement in {
                "update": "UPDATE evidence SET hash = ''",
                "delete": "DELETE FROM evidence",
                "truncate": "TRUNCATE evidence",
                "drop": "DROP TABLE evidence",
                "empty": "UPDATE evidence SET body = ''",
            }.items()
        }
        assert [name for name, allowed in may.items() if allowed] == (
            ["empty"] if role == "keeper" else []
        ), role
    store = Store.open(logins.of("writer"))
    with pytest.raises(StoreError, match="permission denied"), store.write() as connection:
        connection.execute(evidence.evidence.delete())
    assert not logins.may("writer", "UPDATE incident_events SET actor = 'x'")
    assert not logins.may("writer", "UPDATE monitoring_alembic_version SET version_num = '0001'")


def test_the_reader_reads_and_the_source_sees_nothing_of_it(logins: Logins) -> None:
    filled(logins)
    assert logins.may("reader", "SELECT * FROM results")
    hidden = {"outbox", "messages", "destinations", "uploads", "inbox"}
    for table in metadata.tables:
        assert logins.may("reader", f"SELECT * FROM {table}") == (table not in hidden), table
        assert not logins.may("source", f"SELECT * FROM {table}"), table
        for role in ("reader", "source"):
            assert not logins.may(role, f"DELETE FROM {table}"), (role, table)
    assert not logins.may("reader", "CREATE TABLE mine (x int)")
    assert not logins.may("writer", "CREATE TABLE mine (x int)")


def test_the_source_reads_its_tables_and_writes_nowhere(logins: Logins) -> None:
    assert logins.may("source", "SELECT * FROM risk.predictions")
    assert not logins.may("source", "INSERT INTO risk.predictions (id) VALUES (1)")
    for role in ("writer", "reader", "keeper"):
        assert not logins.may(role, "SELECT * FROM risk.predictions"), role


def test_every_table_is_named(logins: Logins) -> None:
    """A table that a later migration adds is forgotten by no role."""
    with psycopg.connect(logins.url) as owner:
        rows: list[Any] = owner.execute(
            "SELECT table_name FROM information_schema.role_table_grants "
            "WHERE grantee = 'monitoring_writer' AND privilege_type = 'SELECT'"
        ).fetchall()
    assert {name for (name,) in rows} == {*metadata.tables, "monitoring_alembic_version"}
