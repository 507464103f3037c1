"""Open nbgrader's gradebook, whatever database it is kept in, and make sure that it is one.

nbgrader's own ``Gradebook`` is not used to write. It commits after every row, and it finds its schema version with the
program ``alembic`` on PATH; where that is missing it leaves a database that can never be upgraded. Tables and models
are nbgrader's.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, InvalidRequestError, SQLAlchemyError

from autograder.errors import GradebookError

_BUSY_SECONDS = 30
_OTHERS_SECONDS = 120
_SOME_TABLES = {"grade", "submitted_assignment", "base_cell"}


def database_url(place: str | Path) -> URL:
    """A SQLAlchemy URL: ``place`` itself where it is one, else the URL of a SQLite file at that path.

    Raises:
        GradebookError: if it looks like a URL and is none.
    """
    if "://" not in str(place):
        return URL.create("sqlite", database=str(Path(place).absolute()))
    try:
        url = make_url(str(place))
    except ArgumentError as error:
        raise GradebookError(
            f"{place!r} is not a database URL: {error}. Expected for example sqlite:////home/me/gradebook.db."
        ) from error
    if url.get_backend_name() == "sqlite" and url.database:
        return url.set(database=str(Path(url.database).absolute()))
    return url


@contextmanager
def writing(url: URL) -> Iterator[Connection]:
    """One transaction on a gradebook, which is created if there is none: all of it counts, or nothing.

    Raises:
        GradebookError: if the database cannot be opened or written, or is of another version of nbgrader.
    """
    with _explained(url):
        engine = _engine(url, begin="BEGIN IMMEDIATE")
        try:
            with engine.begin() as connection:
                if url.get_backend_name() == "postgresql":
                    _wait_for_others(connection)
                if inspect(connection).get_table_names():
                    _check_version(connection, url)
                else:
                    _create(connection)
                yield connection
        finally:
            engine.dispose()


@contextmanager
def reading(url: URL) -> Iterator[Connection]:
    """A gradebook to read from; nothing is created.

    Raises:
        GradebookError: if there is none, or it is of another version of nbgrader.
    """
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise GradebookError(f"there is no gradebook {url.database}. `autograder gradebook RESULTS` writes one.")
    with _explained(url):
        engine = _engine(url, begin="BEGIN")
        try:
            with engine.connect() as connection:
                _check_version(connection, url)
                yield connection
        finally:
            engine.dispose()


def _engine(url: URL, begin: str) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})

    # Python's driver begins a transaction late and not before creating tables; so it is told when to begin.
    @event.listens_for(engine, "connect")
    def leave_transactions_to_us(connection: object, _: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def begin_now(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _wait_for_others(connection: Connection) -> None:
    """Wait for the end of other runs, which may write from other folders: each must see what those before it added.

    SQLite is told so by how a transaction begins. People who grade are never waited for.
    """
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_OTHERS_SECONDS}s'")
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('autograder gradebook'))"))


def _create(connection: Connection) -> None:
    from nbgrader.api import Base

    Base.metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": _expected_version()})


def _check_version(connection: Connection, url: URL) -> None:
    tables = set(inspect(connection).get_table_names())
    if not tables >= _SOME_TABLES:
        raise GradebookError(f"{printable_url(url)} is not a gradebook of nbgrader. Name another database.")
    versions = []
    if "alembic_version" in tables:
        versions = list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
    if versions != [_expected_version()]:
        raise GradebookError(
            f"{printable_url(url)} was made by another version of nbgrader: its schema is "
            f"{versions[0] if versions else 'unknown'}, expected {_expected_version()}. "
            "Make a copy of it, run `nbgrader db upgrade` where it is kept, and try again."
        )


def _expected_version() -> str:
    """The schema version of the installed nbgrader, found without importing it."""
    found = importlib.util.find_spec("nbgrader")
    if found is None or not found.submodule_search_locations:
        raise GradebookError("nbgrader is not installed. Install requirements.txt.")
    return str(ScriptDirectory(Path(found.submodule_search_locations[0]) / "alembic").get_current_head())


def printable_url(url: URL) -> str:
    """The URL as it may be printed: without its password."""
    return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


@contextmanager
def _explained(url: URL) -> Iterator[None]:
    """Turn what databases and their drivers raise into one kind of error."""
    try:
        yield
    except (ImportError, InvalidRequestError, ArgumentError) as error:
        raise GradebookError(
            f"{printable_url(url)} needs a database driver that is not here: {error}. Install it, or use a SQLite file."
        ) from error
    except IntegrityError as error:
        raise GradebookError(
            f"another program wrote to {printable_url(url)} at the same time ({error.orig}). "
            "Nothing was written; run it again."
        ) from error
    except DatabaseError as error:
        raise GradebookError(
            f"{printable_url(url)} cannot be used: {error.orig}. Nothing was written. {_advice(str(error.orig))}"
        ) from error
    except SQLAlchemyError as error:
        raise GradebookError(f"{printable_url(url)} cannot be used: {error}. Nothing was written.") from error


def _advice(reason: str) -> str:
    advice = {
        "locked": "Another program keeps it busy: close formgrader or wait, then run the same command again.",
        "lock timeout": "Another run keeps it busy: wait for its end, then run the same command again.",
        "full": "Make room on the disk, then run the same command again.",
        "readonly": "Expected a file that you may write, in a folder that you may write.",
        "unable to open": "Expected a path in a folder that exists and that you may write.",
        "not a database": "Expected a gradebook of nbgrader.",
    }
    return next((words for key, words in advice.items() if key in reason), "Check the URL and that the server answers.")
