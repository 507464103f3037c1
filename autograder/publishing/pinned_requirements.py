"""The exact versions of what grading needs, as they are installed here, for an environment made elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution

from autograder.errors import BuildError
from autograder.extras import DISTRIBUTION

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_FOR_EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")


def pinned_requirements(student_requirements: str) -> str:
    """A requirements file: what grading and students' notebooks need, each package in the version installed here.

    Args:
        student_requirements: the text of the file that says what students install. What it lists and this environment
            lacks stays as it was written.

    Raises:
        BuildError: if this package is not installed, so that nobody knows what it needs.
    """
    wanted = [line for line in student_requirements.splitlines() if _NAME.match(line)]
    lacking = [line for line in wanted if not _is_installed(_name(line))]
    try:
        pins = _closure([f"{DISTRIBUTION}[grade]", *wanted])
    except PackageNotFoundError as error:
        raise BuildError(
            f'the package {DISTRIBUTION} is not installed here. Install it: pip install "{DISTRIBUTION}[grade]"'
        ) from error
    return "\n".join((*sorted(pins), *lacking)) + "\n"


def _closure(requirements: Iterable[str]) -> set[str]:
    """Pins of distributions and of all that they need, without this package itself.

    A requirement that is not installed is one for another system or another version of Python.
    """
    pins, seen = set[str](), set[tuple[str, str]]()
    waiting = list(requirements)
    while waiting:
        name, extras = _parts(waiting.pop())
        for extra in ("", *extras):
            if (name, extra) in seen or (name != DISTRIBUTION and not _is_installed(name)):
                continue
            seen.add((name, extra))
            found = distribution(name)
            if name != DISTRIBUTION:
                # A build of a version, such as +cpu, is on no registry but its own.
                pins.add(f"{name}=={found.version.partition('+')[0]}")
            waiting += _needed(found.requires or (), extra)
    return pins


def _needed(requires: Iterable[str], extra: str) -> Iterator[str]:
    for line in requires:
        requirement, _, marker = line.partition(";")
        for_extra = _FOR_EXTRA.search(marker)
        if (for_extra.group(1) if for_extra else "") == extra:
            yield requirement


def _parts(requirement: str) -> tuple[str, list[str]]:
    found = _NAME.match(requirement)
    assert found is not None
    return _name(requirement), [extra.strip() for extra in (found.group(2) or "").split(",") if extra.strip()]


def _name(requirement: str) -> str:
    """The normalized name, see packaging.python.org/en/latest/specifications/name-normalization/."""
    found = _NAME.match(requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found.group(1)).lower()


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
