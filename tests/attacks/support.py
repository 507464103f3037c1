"""A course with something to forge, and the form in which an attack on its grading is written down.

Every attack is bounded by itself: a defence that fails costs a red test, never the machine.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import Course
from autograder.kernel.limits import Limits
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.results import SubmissionResult
from tests.support.toy import KERNELSPEC, meta

NAME = "01_target"
LIMITS = Limits(
    cell_seconds=60,
    notebook_seconds=120,
    memory_bytes=1_200_000_000,
    file_bytes=30_000_000,
    folder_bytes=50_000_000,
)
MODULES = ("numpy", "torch", "autograder.testing")
"""What the target and a few attacks import: forks are cheaper where nothing else is loaded."""
HASTY = replace(LIMITS, cell_seconds=4)
"""For attacks that nothing else ends. All others have time enough on a slow machine, too."""
HOLD = "time.sleep(15)\n"
"""Behind an attack that gathers memory or files: until it is ended."""
FULL = {
    "test-start": 1.0,
    "test-square": 3.0,
    "test-square-plain": 2.0,
    "test-array": 3.0,
    "test-counter": 2.0,
    "test-twice": 2.0,
    "test-last": 1.0,
}
SQUARE = {"test-square": 0.0, "test-square-plain": 0.0}
"""What an attack earns that has no answer for ``square``."""

HIDDEN_MARK = "hidden-mark-5c1e"
SOLUTION_MARK = "solution-mark-90ad"
PROCESS_NAME, SLEEP = f"wb-{os.getpid():07}", f"1200.{os.getpid():07}"
"""How the processes that attacks start can be told from others, those of another test run among them."""
WRITTEN = f"written-by-an-attack-{os.getpid()}"
"""The file that attacks try to leave elsewhere."""

ANSWERS = {
    "start": "def start(x):\n    return x + 1",
    "square": "def square(x):\n    return x * x",
    "normalised": "def normalised(x):\n    return (x - x.mean()) / x.std()",
    "counter": """class Counter:
    def __init__(self):
        self.items = []

    def add(self, number):
        self.items.append(number)
        return self

    @property
    def total(self):
        return sum(self.items)

    def __iter__(self):
        return iter(list(self.items))""",
    "twice": "def twice(function, x):\n    return function(function(x))",
    "last": "def half(x):\n    return x / 2",
}
TESTS = {
    "test-start": "assert start(1) == 2",
    "test-square": f"""compare(call(square, 3.0), 9.0, "square(3.0)")
### BEGIN HIDDEN TESTS
why = "{HIDDEN_MARK}"
with hidden_case("another number"):
    compare(call(square, 4711.0), 22193521.0, "square(4711.0)")
### END HIDDEN TESTS""",
    "test-square-plain": f"""got = square(2)
assert got == 4, f"square(2) is {{got!r}}"
### BEGIN HIDDEN TESTS
assert all(map(lambda number: square(number) == number * number, (5, 6))), "{HIDDEN_MARK}"
assert math.isclose(square(47.11), 2219.3521)
### END HIDDEN TESTS""",
    "test-array": f"""x = np.array([[1.0, 2.0], [4.0, 9.0]])
compare(call(normalised, x), (x - 4.0) / np.sqrt(9.5), "normalised(x)")
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(normalised(x), (x - 4.0) / np.sqrt(9.5), err_msg="{HIDDEN_MARK}")
y = np.array([0.0, 0.0, 6.0])
assert np.allclose(normalised(y), [-0.70710678, -0.70710678, 1.41421356])
assert np.array_equal(y, [0.0, 0.0, 6.0])
### END HIDDEN TESTS""",
    "test-counter": f"""counter = Counter()
counter.add(2)
counter.add(3)
require(counter.total == 5, "the total of 2 and 3 is 5")
### BEGIN HIDDEN TESTS
assert [item for item in counter] == [2, 3], "{HIDDEN_MARK}"
assert Counter().add(4711).total == 4711
### END HIDDEN TESTS""",
    "test-twice": f"""calls = []
def plus_three(number):
    calls.append(number)
    return number + 3
compare(call(twice, plus_three, 1.0), 7.0, "twice(plus_three, 1.0)")
### BEGIN HIDDEN TESTS
assert calls == [1.0, 4.0], "{HIDDEN_MARK}"
def expected_half(number):
    return number / 2
### END HIDDEN TESTS""",
    "test-last": """assert half(4) == 2
### BEGIN HIDDEN TESTS
assert half(9) == expected_half(9)
### END HIDDEN TESTS""",
}
_GIVEN = "import math\nimport numpy as np\nfrom autograder.testing import call, compare, hidden_case, require"
_ORDER = (
    ("start", ("test-start",)),
    ("square", ("test-square", "test-square-plain")),
    ("normalised", ("test-array",)),
    ("counter", ("test-counter",)),
    ("twice", ("test-twice",)),
    ("last", ("test-last",)),
)

PREAMBLE = """print("be" + "gun", flush=True)
import ctypes, gc, os, signal, socket, struct, subprocess, sys, threading, time
def breach(what):
    print("BRE" + "ACH:", str(what)[:2000], flush=True)
def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        print("refused:", type(error).__name__, str(error)[:200])
def named_process():
    ctypes.CDLL(None).prctl(15, b"PROCESS_NAME")
""".replace("PROCESS_NAME", PROCESS_NAME)
"""In front of every attack in source form. Whoever gets what must not be had says ``breach(...)``."""


@dataclass(frozen=True)
class World:
    """What attacks aim at; ``{names}`` in capitals in a source are replaced by these.

    Attributes:
        tcp, udp: ports of the test's own listeners on 127.0.0.1.
        unix: path of the test's own Unix socket; ``abstract`` names another one.
        gradebook, source, neighbour, results, outside: files and folders that no submission may read or write.
    """

    tcp: int
    udp: int
    unix: Path
    abstract: str
    gradebook: Path
    source: Path
    neighbour: Path
    results: Path
    outside: Path

    def filled(self, text: str) -> str:
        """A source with the places in it named."""
        for name, value in vars(self).items():
            text = text.replace("{" + name.upper() + "}", str(value))
        return text


@dataclass(frozen=True)
class Attack:
    """One hostile or broken submission, and what grading it must come to.

    Attributes:
        name: also the student's.
        source: takes the place of the answer ``at``; all other answers are right.
        at: the answer cell, or several answers as a mapping instead of ``source``.
        make: makes the file from the honest notebook; a notebook, or the file's content.
        points: for each test cell that does not earn full marks what it earns; None where either is fair.
        flags: exactly these are raised; None where that depends on how far it came.
        fault: part of the reason why grading ended early, or None; ``"*"`` for either.
        needs: layers of isolation without which it is not tried.
        silent: True where the attack may end before it can say that it has begun.
        endless: True where only the time limit of a cell can end it; graded under ``HASTY``.
    """

    name: str
    source: str = ""
    at: str = "square"
    answers: Mapping[str, str] = field(default_factory=dict)
    make: Callable[[NotebookNode], NotebookNode | str | bytes] | None = None
    points: Mapping[str, float | None] = field(default_factory=lambda: dict(SQUARE))
    flags: frozenset[str] | None = frozenset()
    fault: str | None = None
    needs: tuple[str, ...] = ()
    silent: bool = False
    endless: bool = False

    def handed_in(self, honest: NotebookNode, world: World) -> NotebookNode | str | bytes:
        """The file that the attacker hands in."""
        notebook = copy.deepcopy(honest)
        if self.make is not None:
            return self.make(notebook)
        cells = by_grade_id(notebook)
        for grade_id, source in (self.answers or {self.at: self.source}).items():
            cells[grade_id].source = PREAMBLE + world.filled(source)
        return notebook


def target_course(root: Path) -> Course:
    """The course on disk; its answers bear a mark by which a leak shows."""
    cells = [new_code_cell(_GIVEN, id="setup", metadata=meta("setup", locked=True))]
    for answer, tests in _ORDER:
        first, _, rest = ANSWERS[answer].partition("\n")
        source = f"{first}\n    ### BEGIN SOLUTION\n    # {SOLUTION_MARK}\n{rest}\n    ### END SOLUTION"
        cells.append(new_code_cell(source, id=answer, metadata=meta(answer, solution=True)))
        for test in tests:
            about = meta(test, grade=True, locked=True, points=FULL[test])
            cells.append(new_code_cell(TESTS[test], id=test, metadata=about))
    cells.append(new_markdown_cell("The end."))
    (root / "notebooks").mkdir(parents=True)
    (root / "_toc.yml").write_text("format: jb-book\nroot: book/index\n")
    notebook = new_notebook(cells=cells, metadata={"kernelspec": dict(KERNELSPEC)})
    nbformat.write(notebook, root / "notebooks" / f"{NAME}.ipynb")
    return Course(root)


def answered(student_edition: NotebookNode) -> NotebookNode:
    """An honest submission that earns every point."""
    notebook = copy.deepcopy(student_edition)
    for grade_id, cell in by_grade_id(notebook).items():
        cell.source = ANSWERS.get(grade_id, cell.source)
    return notebook


def hand_in(folder: Path, student: str, content: NotebookNode | str | bytes) -> Path:
    """Write a submission as nbgrader lays them out; hostile notebooks are written as they are."""
    path = folder / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    if isinstance(content, NotebookNode):
        content = json.dumps(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return path


def earned(result: SubmissionResult) -> dict[str, float]:
    """Points by test cell."""
    return {task.grade_id: task.points for task in result.tasks}


def printed(executed: NotebookNode | None) -> str:
    """Everything that the student's own cells printed, showed or raised."""
    cells = [cell for cell in executed.cells if cell_info(cell).kind != "test"] if executed is not None else []
    return "\n".join(_texts([cell.get("outputs", []) for cell in cells]))


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [str(value)]


def attackers_processes() -> list[str]:
    """Processes of this machine that an attack has started and that still run."""
    return [text for text in _processes() if PROCESS_NAME in text or SLEEP in text]


def _processes() -> Iterator[str]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            text = (
                (folder / "comm").read_text().strip()
                + " "
                + (folder / "cmdline").read_bytes().decode("utf-8", "replace")
            )
            if "State:\tZ" not in (folder / "status").read_text():
                yield text
