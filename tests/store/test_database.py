from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.engine import make_url

from monitoring_pipelines.errors import StoreError
from monitoring_pipelines.store import engine, results, schema, versions
from monitoring_pipelines.store.database import Store
from tests.postgres import LOCKED
from tests.store.samples import AS_OF, MODEL, day, result

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NEWEST = versions.known()[0]


def set_version(store: Store, version: str) -> None:
    with store.write() as connection:
        connection.execute(
            sa.text(f"UPDATE {versions.VERSION_TABLE} SET version_num = :version"),
            {"version": version},
        )


def test_an_empty_database_gets_its_tables_at_first_use(database_url: str) -> None:
    store = Store.open(database_url)
    assert store.version == NEWEST
    with store.read() as connection:
        assert {*schema.metadata.tables} < {*sa.inspect(connection).get_table_names()}


def test_opening_again_keeps_the_rows(database_url: str) -> None:
    with Store.open(database_url).write() as connection:
        results.replace(
            connection, [result()], model=MODEL, window=day(1), metrics=["psi"], as_of=AS_OF
        )
    for upgrade in (None, True, False):
        with Store.open(database_url, upgrade=upgrade).read() as connection:
            assert results.read(connection) == [result()]


def test_without_a_url_the_file_lies_below_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store.open()
    assert (tmp_path / ".monitoring" / "monitoring.db").is_file()
    monkeypatch.chdir("/")
    assert store.version == NEWEST  # it is still the same file


def test_a_file_is_written_ahead_so_readers_do_not_wait(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/new/folder/m.db")
    with store.read() as connection:
        assert connection.scalar(sa.text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(sa.text("PRAGMA busy_timeout")) == 60_000
        assert connection.scalar(sa.text("PRAGMA foreign_keys")) == 1


def test_a_transaction_is_stored_whole_or_not_at_all(store: Store) -> None:
    def interrupted() -> None:
        with store.write() as connection:
            results.replace(
                connection, [result()], model=MODEL, window=day(1), metrics=["psi"], as_of=AS_OF
            )
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with store.read() as connection:
        assert results.read(connection) == []


def test_postgres_refuses_to_write_while_reading(postgres_database: str) -> None:
    store = Store.open(postgres_database)
    with pytest.raises(StoreError, match="read-only"), store.read() as connection:
        connection.execute(sa.delete(schema.results))


def test_an_empty_database_is_refused_if_nothing_may_be_changed(database_url: str) -> None:
    with pytest.raises(StoreError, match=r"is empty: run `mlmon db upgrade`\.$"):
        Store.open(database_url, upgrade=False)
    assert Store.open(database_url).version == NEWEST


def test_an_outdated_database_is_refused_until_it_is_upgraded(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.open(database_url)
    monkeypatch.setattr(versions, "known", lambda: ("0099", NEWEST))
    sentence = rf"is at version {NEWEST}, this release needs 0099: run `mlmon db upgrade`\.$"
    with pytest.raises(StoreError, match=sentence):
        Store.open(database_url)
    upgraded = []
    monkeypatch.setattr(command, "upgrade", lambda config, version: upgraded.append(version))
    Store.open(database_url, upgrade=True)
    assert upgraded == ["head"]


@pytest.mark.parametrize("upgrade", [None, True, False])
def test_a_newer_database_is_refused_and_left_alone(
    database_url: str, upgrade: bool | None
) -> None:
    store = Store.open(database_url)
    set_version(store, "9999")
    with pytest.raises(StoreError, match=r"9999, newer than this release knows .*upgrade the pack"):
        Store.open(database_url, upgrade=upgrade)
    assert store.version == "9999"


def test_tables_of_others_in_the_same_database_stay(database_url: str) -> None:
    # as Dagster's own, which has a table of this name too
    url = engine.parsed(database_url)
    with engine.create(url).begin() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES ('theirs')"))
    store = Store.open(database_url)
    with store.read() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "theirs"


def test_a_foreign_table_of_the_same_name_is_said(postgres_database: str) -> None:
    with engine.create(engine.parsed(postgres_database)).begin() as connection:
        connection.execute(sa.text("CREATE TABLE results (x INTEGER)"))
    with pytest.raises(StoreError, match=r"cannot be created: .*already exists.* of its own"):
        Store.open(postgres_database)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_plain_postgres_urls_get_the_driver(scheme: str) -> None:
    assert engine.parsed(f"{scheme}://u:p@host/db").drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite://", "in memory is lost"),
        ("sqlite:///:memory:", "in memory is lost"),
        ("mysql://u:secret@host/db", "'mysql' cannot hold"),
        ("monitoring.db", "cannot be understood"),
        ("postgresql://u:secret@host:port/db", "cannot be understood"),
        ("", "cannot be understood"),
    ],
)
def test_a_url_that_cannot_work_is_said(url: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence) as caught:
        Store.open(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:secret@localhost:1/db",
        "postgresql://localhost:1/db?user=user&password=secret",
        "postgresql://user:s%65cret@/db?host=/no/such/folder&sslpassword=secret",
    ],
)
def test_an_unreachable_server_is_one_sentence_without_the_password(url: str) -> None:
    with pytest.raises(StoreError, match=r"^The monitoring database .* cannot be used: ") as caught:
        Store.open(url)
    sentence = str(caught.value)
    assert "secret" not in sentence
    assert "\n" not in sentence
    assert caught.value.__suppress_context__


def test_a_wrong_password_is_said_and_not_shown(postgres_database: str) -> None:
    user, password = LOCKED
    url = make_url(postgres_database).set(username=user, password="wrong-password")
    try:
        Store.open(url.render_as_string(hide_password=False))
    except StoreError as error:
        sentence = str(error)
    else:
        sentence = "no password was asked for"
    # our own server is made with this role; somebody else's may let everybody in, or lack it
    if "MONITORING_TEST_POSTGRES_URL" in os.environ and "authentication" not in sentence:
        pytest.skip(f"the given server has no role '{user}' with a password")
    assert "password authentication failed" in sentence
    assert "wrong-password" not in sentence
    store = Store.open(url.set(password=password).render_as_string(hide_password=False))
    assert password not in store.label
    assert "***" in store.label


def test_a_database_that_does_not_exist_is_said(postgres_database: str) -> None:
    with pytest.raises(StoreError, match=r"does not exist\. Check MONITORING_DATABASE_URL\.$"):
        Store.open(make_url(postgres_database).set(database="none").render_as_string(False))


def garbage(path: Path) -> Path:
    (path / "m.db").write_bytes(b"timestamp,score\n" * 500)
    return path / "m.db"


def a_folder(path: Path) -> Path:
    (path / "m.db").mkdir()
    return path / "m.db"


def below_a_file(path: Path) -> Path:
    (path / "file").write_text("")
    return path / "file" / "m.db"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (garbage, "file is not a database"),
        (a_folder, "unable to open database file"),
        (below_a_file, r"The folder '.*file' .* cannot be created"),
    ],
)
def test_a_place_that_holds_no_database_is_said(
    tmp_path: Path, make: Callable[[Path], Path], sentence: str
) -> None:
    with pytest.raises(StoreError, match=sentence):
        Store.open(f"sqlite:///{make(tmp_path)}")
