"""``python -m tests.prose``: what chapters say of their runs, beside runs on another processor and with other seeds.

Each chapter that trains is run here, on a machine that ``tests.machines`` imitates, and with other seeds. Numbers in
notes after experiments and in model answers that one of the machines does not print, and no recording has, are listed:
the seeds of a chapter are its own, so its numbers may be, too. Whether a sentence ("Adam ends above SGD") holds
everywhere only a reader can say: for each chapter a page in ``build/prose`` has every note below what the runs printed
before it, wherever they differ.

With numbers of chapters as arguments, only those are run: ``python -m tests.prose 03 11``. A run takes as long as the
chapter, and is kept until the code of the chapter or the helper package changes. Exits with 1 where a number is not
supported or a cell ends in an error.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.course_files import course_files, write_files
from autograder.digest import digest
from autograder.files import write_atomically
from autograder.grading.source import author_code, read_source
from autograder.helper_packages import course_digest
from autograder.kernel.course_code import CourseCode
from autograder.kernel.limits import AUTHOR_SECONDS, Limits
from autograder.kernel.session import execute
from tests.machines import MACHINES
from tests.support import other_seeds
from tests.support.supported_numbers import notes, printed, unsupported

ROOT = Path(__file__).resolve().parents[1]
# Chapters whose cells train something; the others print the same everywhere.
TRAINING = ("02", "03", "04", "07", "08", "09", "10", "11", "12")
_SPEED = re.compile(r"\d[\d.]*(?=\s*(?:s|ms|seconds|minutes)\b)")


@dataclass(frozen=True)
class Variation:
    """A way to run a chapter.

    Attributes:
        name: what the page calls it.
        environment: variables for its kernel.
    """

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)


VARIATIONS = (
    *(Variation(machine.name, machine.environment) for machine in MACHINES if machine.name in ("this", "nehalem")),
    *(Variation(f"seeds moved by {by}", {other_seeds.MOVE: str(by)}) for by in (100, 200)),
)


def main(numbers: Sequence[str]) -> int:
    """Compare the chapters with these numbers, or all that train; returns the exit status."""
    course = Course(ROOT)
    unknown = sorted(set(numbers) - set(TRAINING))
    if unknown:
        print(f"{', '.join(unknown)}: expected numbers of chapters that train, which are {', '.join(TRAINING)}.")
        return 2
    chosen = [chapter.name for chapter in course.chapters if chapter.name[:2] in (numbers or TRAINING)]
    wrong = [name for name in chosen if _compare(course, name)]
    return int(bool(wrong))


def _compare(course: Course, name: str) -> bool:
    source = read_source(course, name)
    runs = {variation.name: run(course, name, source, variation) for variation in VARIATIONS}
    page = course.build / "prose" / f"{name}.md"
    page.write_text("\n".join(comparison(source, runs)), encoding="utf-8")
    faults = [
        f"{number} in cell {cell_id} is not in the run {variation.name!r}"
        for variation in VARIATIONS
        if other_seeds.MOVE not in variation.environment
        for cell_id, number in unsupported(source, runs[variation.name])
    ]
    faults += [
        f"cell {cell_id} ends in an error in the run {where!r}" for where in runs for cell_id in _errors(runs[where])
    ]
    for fault in faults:
        print(f"{name}: {fault}", flush=True)
    print(f"{name}: {len(faults) or 'no'} faults; read {page.relative_to(ROOT)}", flush=True)
    return bool(faults)


def run(course: Course, name: str, source: NotebookNode, variation: Variation) -> NotebookNode:
    """The chapter with the outputs of a run, which is kept under a name made from everything that it depends on."""
    environment = {**variation.environment}
    code_cells = [(cell.id, cell.source) for cell in source.cells if cell.cell_type == "code"]
    key = digest(str(code_cells), course_digest(course), str(sorted(environment.items())))[:16]
    kept = course.build / "prose" / f"{name}-{key}.ipynb"
    if kept.is_file():
        known: NotebookNode = nbformat.read(kept, as_version=4)
        return known
    kept.parent.mkdir(parents=True, exist_ok=True)
    code = author_code(course)
    code = CourseCode(code.folder, (*code.startup, other_seeds.__name__))
    limits = Limits(AUTHOR_SECONDS, AUTHOR_SECONDS, waiting_seconds=AUTHOR_SECONDS, backstop=1.0)
    with tempfile.TemporaryDirectory(prefix="prose-") as scratch:
        files = course_files(course, source)
        write_files({**files.public, **files.private}, Path(scratch))
        executed = execute(source, Path(scratch), limits, {**code.environment(str(ROOT)), **environment}).notebook
    write_atomically(kept, nbformat.writes(executed))
    return executed


def comparison(source: NotebookNode, runs: Mapping[str, NotebookNode]) -> Iterator[str]:
    """The lines of a page: every note below what the runs printed since the note before."""
    about = dict(notes(source))
    texts: dict[str, list[str]] = {where: [] for where in runs}
    outputs = {where: {cell.id: list(printed(cell)) for cell in executed.cells} for where, executed in runs.items()}
    for cell in source.cells:
        for where in runs:
            texts[where] += outputs[where][cell.id]
        if cell.id in about:
            yield f"\n# {cell.id}\n"
            whole = {where: "".join(parts).strip() for where, parts in texts.items()}
            if len({_SPEED.sub("", text) for text in whole.values()}) > 1:
                for where, text in whole.items():
                    yield f"\n**{where}**\n\n```\n{text}\n```"
            yield f"\n{about[cell.id]}"
            texts = {where: [] for where in runs}


def _errors(executed: NotebookNode) -> list[str]:
    """Cells that were not to end in an error and did."""
    return [
        cell.id
        for cell in executed.cells
        if cell.cell_type == "code"
        and "raises-exception" not in cell.metadata.get("tags", [])
        and any(output.output_type == "error" for output in cell.outputs)
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
