"""Opens the archive: SQLite in a file (WAL) by default, PostgreSQL by URL; creates and upgrades its tables."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.orm import Session

from governance import bundled, disk
from governance.store import desk_tables, door_tables  # noqa: F401  # every table is known where the archive is
from governance.store.tables import Installation

WRITER = 2023196  # the advisory lock of PostgreSQL that a writing transaction holds
HEAD = "0002"  # the newest migration; a test holds it equal to the migrations folder


class ArchiveProblem(Exception):
    """The database cannot be used; the message says why and what to do, in Swedish."""


class Archive:
    """The database of one installation. `write()` is one transaction; `read()` sees a consistent picture."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._reading = self.engine.execution_options(kadens_reading=True)
        self.writes = 0  # transactions ended here: what was read at another count may have changed since

    def prepare(self, now: datetime) -> str:
        """Creates or upgrades the tables, draws the installation's id once and returns it.

        Raises ArchiveProblem where the database is newer than this program, locked, damaged or cannot be written.
        """
        with explained(self.url):
            found = self._version()
            if found is not None and found > HEAD:
                raise ArchiveProblem(
                    f"Databasen {self.url} är gjord av en nyare version av kadens ({found}; den här kan {HEAD}). "
                    "Uppgradera kadens eller peka ut en annan databas med --database."
                )
            if found != HEAD:
                self._upgrade()
            with self.read() as session:
                key = session.scalar(select(Installation.key))
            if key is not None:
                return key
            with self.write() as session:
                key = session.scalar(select(Installation.key))
                if key is None:
                    key = os.environ.get("KADENS_INSTALLATION") or secrets.token_hex(8)
                    session.add(Installation(id=1, key=key, begun=now))
                return key

    def _version(self) -> str | None:
        with self._reading.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
            return str(row[0]) if row else None

    def _upgrade(self) -> None:
        # Alembic is heavy to import and needed only for a new or older database.
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(bundled.folder("migrations")))
        with self.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction, committed at the end or rolled back whole. It holds SQLite's write lock from the start."""
        try:
            with explained(self.url), Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
        finally:
            self.writes += 1

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for questions; what it changes is thrown away."""
        with explained(self.url), Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def ask(self) -> Iterator[Connection]:
        """A bare connection for the few questions every moment of a walk asks; a session costs more than they do."""
        with explained(self.url), self._reading.connect() as connection:
            yield connection

    def close(self) -> None:
        """Lets the connections go."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, hide_parameters=True)  # no fault writes what people wrote in a log
    except (ArgumentError, NoSuchModuleError) as error:
        raise ArchiveProblem(
            f"{url} är ingen databasadress. Skriv till exempel sqlite:///kadens.db eller postgresql+psycopg://…"
        ) from error
    except ImportError as error:
        raise ArchiveProblem(
            "Drivrutinen för den databasen är inte installerad. Installera med: pip install 'kadens[postgres]'"
        ) from error
    except OSError as error:
        raise ArchiveProblem(f"Databasens mapp kan inte skapas: {error.filename}: {disk.reason(error)}.") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _postgresql_begin)
    return engine


def _sqlite_connect(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling is switched off, so that BEGIN is ours (SQLAlchemy's SQLite notes).
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 15000")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: a power cut must not lose a row whose mail has already left.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _sqlite_begin(connection: Any) -> None:
    reading = connection.get_execution_options().get("kadens_reading", False)
    # Said to the driver itself, for it is said before every question.
    connection.connection.dbapi_connection.execute("BEGIN" if reading else "BEGIN IMMEDIATE")


def _postgresql_begin(connection: Any) -> None:
    # One writer at a time, as on SQLite: the next § and action number are drawn from what is there.
    if not connection.get_execution_options().get("kadens_reading", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER})")


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turns the driver's errors into an ArchiveProblem in plain words: full, read-only, damaged, locked, not there."""
    try:
        yield
    except IntegrityError:
        raise  # not the database's fault: somebody wrote what is there already
    except DBAPIError as error:
        raise ArchiveProblem(_plain(str(error.orig), url)) from error
    except sqlite3.Error as error:
        raise ArchiveProblem(_plain(str(error), url)) from error


def _plain(words: str, url: str) -> str:
    causes = {
        "disk is full": "Disken är full. Frigör utrymme och kör igen; det som redan är gjort är sparat.",
        "readonly": "Databasen kan inte skrivas: filen eller mappen är skrivskyddad. Ändra rättigheterna och kör igen.",
        "unable to open": "Databasen kan inte öppnas. Kontrollera att mappen finns och får skrivas i.",
        "not a database": "Filen är ingen databas. Peka ut rätt fil med --database eller flytta undan den.",
        "malformed": "Databasen är skadad. Återställ den från en säkerhetskopia.",
        "locked": "Databasen är upptagen av en annan körning. Vänta tills den är klar och kör igen.",
        "disk I/O": "Disken svarar med fel. Kontrollera disken och kör igen; det som redan är gjort är sparat.",
    }
    for sign, message in causes.items():
        if sign in words:
            return f"{message} ({url})"
    return f"Databasen {url} svarar inte som den ska: {words.splitlines()[0]}"
