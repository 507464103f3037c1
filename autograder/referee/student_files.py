"""Files that a student's code writes into its working folder, for the test cells that name them.

The names are the author's, from the text of the test cell. A file's content comes from the student's kernel, as any
value does; nothing is read from that kernel's folder. It is data to whoever opens it: a name that Python would import
or that is mostly opened with pickle is not served, and while a test has such files nothing is unpickled in its thread.
"""

from __future__ import annotations

import contextlib
import functools
import json
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any

from autograder.kernel.serialization import Json
from autograder.kernel.shared_files import MAX_FILE_BYTES, MAX_FILES, content_of, digest_of, write_content
from autograder.kernel.wire_limits import WireError
from autograder.notebook.named_files import named_in_code

ENDINGS = frozenset({".csv", ".tsv", ".txt", ".md", ".json", ".jsonl", ".log", ".html", ".xml", ".svg", ".npy", ".png"})
"""How the names of files end that are served: neither code, nor pickles, nor archives that unpack to much more."""

_MAX_LENGTH, _MAX_PARTS = 200, 8
_GUARDED: ContextVar[bool] = ContextVar("guarded", default=False)


class StudentFiles:
    """The files that one test cell shares with the student's kernel, in the referee's folder for as long as it runs.

    Where the author has a file of that name, the author's counts, and the student's stays where it is.

    Args:
        folder: where the test cell runs; None shares nothing.
        source: of the test cell.
    """

    def __init__(self, folder: Path | None, source: str) -> None:
        self._folder = folder or Path()
        names = shared_names(source) if folder is not None else ()
        self._known: dict[str, str | None] = {name: None for name in names if not _is_taken(self._folder, name)}
        parents = {parent for name in self._known for parent in PurePosixPath(name).parents}
        self._made = [self._folder / parent for parent in parents if not (self._folder / parent).exists()]

    def __enter__(self) -> StudentFiles:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take them away: the next test, and the next submission, find the author's files alone."""
        for name in self._known:
            write_content(self._folder / name, None)
        for parent in sorted(self._made, reverse=True):
            with contextlib.suppress(OSError):
                parent.rmdir()

    def changes(self, what: Json) -> dict[str, Any]:
        """What to tell the student's kernel with a request: the files as known here, and what the test did to them.

        A file that the test has written is handed over where the request names it, as in ``count_lines("in.txt")``.
        All others might be what the test compares with.

        Args:
            what: the objects of the request, encoded.
        """
        if not self._known:
            return {}
        named = json.dumps(what)
        put: dict[str, bytes | None] = {}
        for name, known in self._known.items():
            content = content_of(self._folder / name)
            if digest_of(content) != known and (content is None or json.dumps(name) in named):
                put[name], self._known[name] = content, digest_of(content)
        return {"files": dict(self._known), "put": put}

    def take(self, found: Any) -> None:
        """Write what the student's kernel has said of the files that were asked for.

        Raises:
            WireError: if it says something else.
        """
        if not isinstance(found, dict) or not found.keys() <= self._known.keys():
            raise WireError("a file was sent that the test does not name")
        for name, content in found.items():
            if content is not None and (type(content) is not bytes or len(content) > MAX_FILE_BYTES):
                raise WireError(f"the file {name} is not well formed")
            write_content(self._folder / name, content)
            self._known[name] = digest_of(content)

    @property
    def guard(self) -> contextlib.AbstractContextManager[None]:
        """Within the block, nothing is unpickled in this thread, if there are such files."""
        return _nothing_unpickled() if self._known else contextlib.nullcontext()


NO_FILES = StudentFiles(None, "")


@functools.lru_cache(maxsize=1024)
def shared_names(source: str) -> tuple[str, ...]:
    """The names of files in a test cell that the student's code may have written."""
    return tuple(sorted(filter(_may_be_shared, named_in_code(source).texts))[:MAX_FILES])


def _may_be_shared(name: str) -> bool:
    path = PurePosixPath(name)
    inside = not path.is_absolute() and str(path) == name and len(name) <= _MAX_LENGTH and len(path.parts) <= _MAX_PARTS
    plain = name.isprintable() and not set(name) & set('\\*:?"<>|')
    return inside and plain and path.suffix in ENDINGS and not any(part.startswith(".") for part in path.parts)


def _is_taken(folder: Path, name: str) -> bool:
    """True where the author has a file of this name, or one in the place of its folder."""
    places = [folder / name, *(folder / parent for parent in PurePosixPath(name).parents)]
    return places[0].is_symlink() or places[0].exists() or any(p.is_symlink() or p.is_file() for p in places[1:])


@contextlib.contextmanager
def _nothing_unpickled() -> Iterator[None]:
    _watch_unpickling()
    token = _GUARDED.set(True)
    try:
        yield
    finally:
        _GUARDED.reset(token)


@functools.cache
def _watch_unpickling() -> None:
    """Once in a process, since Python takes no audit hook back."""

    def watch(event: str, _: Any) -> None:
        if event == "pickle.find_class" and _GUARDED.get():
            raise RuntimeError("a test that reads a student's file unpickles nothing: a pickle can run code")

    sys.addaudithook(watch)
