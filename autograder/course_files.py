"""Files next to an author's notebooks: which of them students get, and which only the process that examines them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode

from autograder.course import Course
from autograder.course_settings import FILE
from autograder.errors import CourseError
from autograder.notebook.named_files import NamedFiles, named_for_students, named_in_code, named_in_tests

MAX_BYTES = 200_000_000


@dataclass(frozen=True)
class CourseFiles:
    """Files with their contents, by their paths relative to the notebooks.

    Attributes:
        public: in the bundle, in every kernel and where submissions are examined.
        private: only where submissions are examined.
    """

    public: dict[str, bytes] = field(default_factory=dict)
    private: dict[str, bytes] = field(default_factory=dict)

    def parts(self) -> Iterator[str | bytes]:
        """All that a result depends on."""
        for kind, files in (("public", self.public), ("private", self.private)):
            for name, content in files.items():
                yield from (kind, name, content)


NO_FILES = CourseFiles()


def course_files(course: Course, notebook: NotebookNode) -> CourseFiles:
    """The files that the cells of a notebook name, and those that ``course.toml`` lists.

    A file that a cell names which students receive is public; one that only test cells' hidden regions name is private,
    as is what ``course.toml`` lists as private whatever names it.

    Args:
        notebook: the instructor's version.

    Raises:
        CourseError: if ``course.toml`` lists a file that does not exist, or the files are too large to be handed out.
    """
    folder, settings = course.notebooks, course.settings
    listed, secret = _listed(course, settings.data), _listed(course, settings.private_data)
    public = (_found(folder, named_for_students(notebook)) | listed) - secret
    private = (_found(folder, named_in_tests(notebook)) | secret) - public
    size = sum(path.stat().st_size for path in public | private)
    if size > MAX_BYTES:
        raise CourseError(
            f"the files that {folder} holds for this notebook take {size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} "
            "can be given to every submission. Make them smaller."
        )
    return CourseFiles(_read(folder, public), _read(folder, private))


def public_files(course: Course, notebooks: Iterable[NotebookNode]) -> dict[str, bytes]:
    """What students get beside these notebooks, by path.

    Raises:
        CourseError: as :func:`course_files`.
    """
    return {path: data for notebook in notebooks for path, data in course_files(course, notebook).public.items()}


def listed_files(course: Course) -> list[Path]:
    """The data that ``course.toml`` lists, public and private.

    Raises:
        CourseError: if one does not exist.
    """
    return sorted(_listed(course, (*course.settings.data, *course.settings.private_data)))


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder, over what is there."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _read(folder: Path, paths: Iterable[Path]) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(paths)}


def _listed(course: Course, names: Iterable[str]) -> set[Path]:
    found: set[Path] = set()
    for name in names:
        path = course.notebooks / name
        if not path.exists():
            raise CourseError(f"course.toml names the data {name!r}, but there is no {path}.")
        found |= {p for p in path.rglob("*") if p.is_file()} if path.is_dir() else {path}
    return found


def _found(folder: Path, named: NamedFiles) -> set[Path]:
    """The files in a folder that are named, and what modules among them name in turn."""
    found: set[Path] = set()
    waiting = [named]
    while waiting:
        new = _matching(folder, waiting.pop()) - found
        found |= new
        waiting += [named_in_code(p.read_text(encoding="utf-8", errors="replace")) for p in new if p.suffix == ".py"]
    return found


def _matching(folder: Path, named: NamedFiles) -> set[Path]:
    texts = {text.strip().removeprefix("./") for text in named.texts}
    patterns = {text for text in texts if _is_path(text)}
    # A folder and a file's name may be joined when the code runs.
    folders = {text for text in patterns if "*" not in text and (folder / text).is_dir()}
    patterns |= {f"{first.rstrip('/')}/{second}" for first in folders for second in patterns}
    found = {path for text in patterns for path in _paths(folder, text)}
    for module in named.modules:
        file, package = folder / f"{module}.py", folder / module
        found |= {file} if file.is_file() else set()
        found |= set(package.rglob("*.py")) if (package / "__init__.py").is_file() else set()
    return {path for path in found if _may_be_shipped(path.relative_to(folder))}


def _is_path(text: str) -> bool:
    """True for a relative path that stays in its folder."""
    if not text or len(text) > 200 or any(c in text for c in '\n\r\0:\\<>|"?'):
        return False
    path = PurePosixPath(text)
    return not path.is_absolute() and ".." not in path.parts and set(text) != {"*"}


def _paths(folder: Path, text: str) -> list[Path]:
    if "*" in text and not any(part.strip("*") for part in PurePosixPath(text).parts):
        return []
    try:
        found = folder.glob(text) if "*" in text and "**" not in text else [folder / text]
        return [path for path in found if path.is_file()]
    except (OSError, ValueError):
        return []


def _may_be_shipped(path: Path) -> bool:
    hidden = any(part.startswith((".", "__pycache__")) for part in path.parts)
    settings = path.name in (FILE, "_toc.yml", "_config.yml") or path.parts[0] == "build"
    return not hidden and not settings and path.suffix != ".ipynb"
