"""The same bytes earn the same, in any order, next to any neighbour, however busy the machine is.

Some attacks end at a limit of time, memory or disk that another process watches; how far they come until then is a
race, so what they had left to earn is not compared.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.batch import grade_batch, load_sources
from autograder.grading.grade_submission import Settings, Source
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import find_submissions
from autograder.grading.worker import worker_pool
from autograder.kernel.isolation import Isolation, available
from autograder.kernel.zygote_client import Address, zygote_where_possible
from autograder.notebook.student_edition import student_edition
from autograder.results import SubmissionResult, to_json
from tests.attacks.support import LIMITS, MODULES, NAME, Attack, World, answered, hand_in, target_course
from tests.attacks.test_attacks import ATTACKS
from tests.support.busy import busy_loops

pytestmark = pytest.mark.xdist_group("attacks")

COPIES, BUSY_LOOPS = 8, 3
_ADDRESS = re.compile(r"0x[0-9a-f]+")
NOWHERE = World(9, 9, Path("/none"), "none", *[Path("/none")] * 5)
EXITS = {
    "exit": "exit()",
    "quit": "quit",
    "ask-exit": "get_ipython().ask_exit()",
    "exit-now": "get_ipython().exit_now = True",
    "stops-the-loop": "import asyncio\nasyncio.get_event_loop().stop()",
    "shuts-down": "get_ipython().kernel.do_shutdown(False)",
    "sys-exit": "import sys\nsys.exit(1)",
    "os-exit": "import os\nos._exit(0)",
    "interrupts": "raise KeyboardInterrupt",
    "exit-while-tested": "def start(x): exit()",
    "forks-and-goes-on-as-two": "import os\nos.fork()",
}
# Ended from outside at a moment that nobody can foresee, or made of what the machine has left.
RACES_BY_NATURE = {
    "fork-bomb", "thread-bomb", "recursion", "memory-bomb", "memory-outside-the-address-space",
    "memory-of-children", "memory-behind-a-veil", "line-of-100-mb", "flood-of-output", "huge-array-returned",
    "files-without-names", "mapped-files-without-names", "files-beyond-the-longest-path", "folders-beyond-any-depth",
}  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return load_sources(target_course(tmp_path_factory.mktemp("races") / "course"), [NAME])[NAME]


@pytest.fixture(scope="module")
def isolation() -> Isolation:
    return available()


@pytest.fixture(scope="module")
def address(isolation: Isolation) -> Iterator[Address | None]:
    with zygote_where_possible(LIMITS, isolation, MODULES) as address:
        yield address


def graded(
    root: Path, source: Source, address: Address | None, kinds: Sequence[Attack], copies: int
) -> dict[str, list[SubmissionResult]]:
    """Several copies of each kind, graded in random order on a busy machine; results by kind."""
    honest = answered(student_edition(source.notebook))
    for kind in kinds:
        content = kind.handed_in(honest, NOWHERE)
        for copy in range(copies):
            hand_in(root / "in", f"{kind.name}~{copy}", content)
    found = find_submissions(root / "in", [NAME])
    random.Random(len(found)).shuffle(found)
    results: dict[str, list[SubmissionResult]] = {}
    with ExitStack() as stack:
        executor = stack.enter_context(worker_pool(2, MODULES))
        stack.enter_context(busy_loops(BUSY_LOOPS))
        folder = ResultsFolder(root / "out")
        for step in grade_batch(found, {NAME: source}, folder, Settings(LIMITS), executor, address):
            results.setdefault(step.result.student.partition("~")[0], []).append(step.result)
    return results


def without_times(result: SubmissionResult) -> dict[str, Any]:
    """All that a result says but when and whose it is, and where in memory an object was that a message names."""
    told = to_json(result)
    for name in ("student", "file", "seconds"):
        told.pop(name)
    told["fault"] = result.fault and result.fault.replace(result.file, "FILE")
    for task in told["tasks"]:
        task.pop("seconds")
        task["message"] = _ADDRESS.sub("0x…", task["message"])
    return told


def differing(results: dict[str, list[SubmissionResult]]) -> dict[str, list[dict[str, Any]]]:
    """The kinds of which two copies came to different ends."""
    told = {kind: [without_times(result) for result in copies] for kind, copies in results.items()}
    return {kind: copies for kind, copies in told.items() if any(copy != copies[0] for copy in copies)}


@pytest.mark.parametrize(
    "names", [["exit"], pytest.param(list(EXITS)[1:], marks=pytest.mark.slow)], ids=["exit", "its-relatives"]
)
def test_identical_copies_of_a_notebook_that_exits_earn_the_same(tmp_path, source, address, names):
    kinds = [Attack(name, EXITS[name], at="start") for name in names]
    results = graded(tmp_path, source, address, kinds, COPIES if len(names) == 1 else 3)
    assert set(results) == set(names)
    assert differing(results) == {}
    for name in set(names) - {"os-exit"}:
        # The cell ends and nothing else: only what it was to define is missing.
        assert (name, results[name][0].score, results[name][0].fault) == (name, 13.0, None)
    if "os-exit" in names:
        assert results["os-exit"][0].fault == "the kernel died"


@pytest.mark.thorough
@pytest.mark.parametrize("part", range(6))
def test_identical_copies_of_every_attack_earn_the_same(tmp_path, source, address, isolation, part):
    kinds = [
        attack
        for attack in ATTACKS["quick"][part::6]
        if set(attack.needs) <= set(isolation.layers) and attack.name not in RACES_BY_NATURE
    ]
    assert differing(graded(tmp_path, source, address, kinds, 4)) == {}
