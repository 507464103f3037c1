"""Hostile and broken submissions, graded in one batch with honest neighbours: none gains a point, none stops it.

The way is the real one: kernels forked in isolation, a pool of workers, a results folder.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograder.grading.batch import grade_batch, load_sources
from autograder.grading.grade_submission import Settings
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import find_submissions
from autograder.grading.worker import worker_pool
from autograder.kernel.isolation import BUBBLEWRAP, LANDLOCK, PROCESSES, Isolation, available
from autograder.kernel.limits import Limits
from autograder.kernel.zygote_client import zygote_where_possible
from autograder.notebook.student_edition import student_edition
from autograder.reporting.feedback import write_feedback
from autograder.reporting.lateness import Grade
from autograder.results import SubmissionResult
from tests.attacks import cases_deceive, cases_escape, cases_exhaust, cases_forge, cases_notebook, cases_wire
from tests.attacks.neighbour import living_kernel
from tests.attacks.support import (
    FULL,
    HASTY,
    HIDDEN_MARK,
    LIMITS,
    MODULES,
    NAME,
    SOLUTION_MARK,
    WRITTEN,
    Attack,
    World,
    answered,
    attackers_processes,
    earned,
    hand_in,
    printed,
    target_course,
)

pytestmark = pytest.mark.xdist_group("attacks")

ALL = [
    *cases_deceive.ATTACKS,
    *cases_forge.ATTACKS,
    *cases_escape.ATTACKS,
    *cases_exhaust.ATTACKS,
    *cases_notebook.ATTACKS,
    *cases_wire.ATTACKS,
]
ATTACKS = {
    "quick": [attack for attack in ALL if not attack.endless],
    "endless": [attack for attack in ALL if attack.endless],
}
"""By batch. Those that only a time limit ends take minutes of waiting."""
BATCHES = ["quick", pytest.param("endless", marks=pytest.mark.thorough)]
EACH = [("quick", attack) for attack in ATTACKS["quick"]]
EACH += [pytest.param("endless", attack, marks=pytest.mark.thorough) for attack in ATTACKS["endless"]]
HONEST = ["00-honest", *(f"{letter}-honest" for letter in "dhlpz")]
"""Neighbours from the first to the last of the batch."""
SECRET = "secret-of-the-grader-2b7e"
ELSEWHERE = (Path("/tmp"), Path("/var/tmp"))
CANARIES = {"gradebook": "canary-gradebook-41d7", "neighbour": "canary-neighbour-cc05"}


@dataclass(frozen=True)
class AttackedBatch:
    """What is left when the batch is over."""

    attacks: list[Attack]
    results: dict[str, SubmissionResult]
    written: list[SubmissionResult]
    notebooks: dict[str, NotebookNode | None]
    world: World
    heard: list[str]
    left_running: list[str]


@pytest.fixture(scope="module")
def isolation() -> Isolation:
    return available()


@pytest.fixture(scope="module")
def quick_batch(tmp_path_factory: pytest.TempPathFactory, isolation: Isolation) -> Iterator[AttackedBatch]:
    with graded_batch(tmp_path_factory.mktemp("quick"), ATTACKS["quick"], isolation, LIMITS) as batch:
        yield batch


@pytest.fixture(scope="module")
def endless_batch(tmp_path_factory: pytest.TempPathFactory, isolation: Isolation) -> Iterator[AttackedBatch]:
    with graded_batch(tmp_path_factory.mktemp("endless"), ATTACKS["endless"], isolation, HASTY) as batch:
        yield batch


@pytest.fixture(params=BATCHES)
def graded(request: pytest.FixtureRequest) -> AttackedBatch:
    """One of the batches, graded once."""
    batch: AttackedBatch = request.getfixturevalue(f"{request.param}_batch")
    return batch


@contextmanager
def graded_batch(root: Path, attacks: list[Attack], isolation: Isolation, limits: Limits) -> Iterator[AttackedBatch]:
    """The attacks that this machine can be exposed to, and their neighbours, graded together.

    Most of them wait for what never comes, so there are more workers than cores.
    """
    with ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("GRADER_SECRET", SECRET)
        _remove_written()
        stack.callback(_remove_written)
        course = target_course(root / "course")
        source = load_sources(course, [NAME])[NAME]
        listeners, world = _world(root, stack)
        honest = answered(student_edition(source.notebook))
        for name in HONEST:
            notebook = answered(student_edition(source.notebook))
            notebook.cells[1].source += f"  # {CANARIES['neighbour']}"
            hand_in(root / "in", name, notebook)
        attacks = [attack for attack in attacks if set(attack.needs) <= set(isolation.layers)]
        for attack in attacks:
            hand_in(root / "in", attack.name, attack.handed_in(honest, world))
        with _redirected(root / "terminal"):
            address = stack.enter_context(zygote_where_possible(LIMITS, isolation, MODULES))
        executor = stack.enter_context(worker_pool(4, MODULES))
        if address is not None:
            stack.enter_context(living_kernel(address))
        results, notebooks = {}, {}
        folder, found = ResultsFolder(world.results), find_submissions(root / "in", [NAME])
        for step in grade_batch(found, {NAME: source}, folder, Settings(limits), executor, address):
            results[step.result.student] = step.result
            notebooks[step.result.student] = folder.read_notebook(step.result)
        heard, left = _heard(listeners), _running_after(60)
        yield AttackedBatch(attacks, results, folder.read_batch(), notebooks, world, heard, left)


def _remove_written() -> None:
    for folder in ELSEWHERE:
        (folder / WRITTEN).unlink(missing_ok=True)


@contextmanager
def _redirected(path: Path) -> Iterator[None]:
    """Let the processes started within the block have a file for a terminal."""
    kept = [os.dup(number) for number in (1, 2)]
    with path.open("w") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    try:
        yield
    finally:
        for number, copy in zip((1, 2), kept, strict=True):
            os.dup2(copy, number)
            os.close(copy)


def _world(root: Path, stack: ExitStack) -> tuple[list[socket.socket], World]:
    """Open the listeners, and lay out what attacks are to find."""
    outside = root / "outside"
    outside.mkdir()
    (outside / "gradebook.db").write_text(CANARIES["gradebook"])
    unix, abstract = outside / "s", f"wb-attacks-{os.getpid()}-{root.name}"
    kinds = [(socket.AF_INET, socket.SOCK_STREAM), (socket.AF_INET, socket.SOCK_DGRAM)]
    kinds += [(socket.AF_UNIX, socket.SOCK_STREAM)] * 2
    listeners = [stack.enter_context(socket.socket(*kind)) for kind in kinds]
    for listener, place in zip(
        listeners, [("127.0.0.1", 0), ("127.0.0.1", 0), str(unix), f"\0{abstract}"], strict=True
    ):
        listener.bind(place)
        listener.setblocking(False)
        if listener.type == socket.SOCK_STREAM:
            listener.listen()
    (root / "out").mkdir()
    return listeners, World(
        tcp=listeners[0].getsockname()[1],
        udp=listeners[1].getsockname()[1],
        unix=unix,
        abstract=abstract,
        gradebook=outside / "gradebook.db",
        source=root / "course" / "notebooks" / f"{NAME}.ipynb",
        neighbour=root / "in" / HONEST[0] / NAME / f"{NAME}.ipynb",
        results=root / "out",
        outside=outside,
    )


def _heard(listeners: list[socket.socket]) -> list[str]:
    """What reached the listeners."""
    heard = []
    for listener in listeners:
        with suppress(BlockingIOError):
            reached = listener.accept() if listener.type == socket.SOCK_STREAM else listener.recvfrom(100)
            heard.append(f"{listener.getsockname()!r}: {reached!r}")
    return heard


def _running_after(seconds: float) -> list[str]:
    deadline = time.monotonic() + seconds
    while (left := attackers_processes()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


@pytest.mark.parametrize(
    ("graded", "attack"), EACH, indirect=["graded"], ids=lambda value: getattr(value, "name", value)
)
def test_an_attack_gains_nothing(graded: AttackedBatch, isolation: Isolation, attack: Attack):
    missing = set(attack.needs) - set(isolation.layers)
    if missing:
        pytest.skip(f"not isolated in full here: {'; '.join(isolation.missing)}")
    result, text = graded.results[attack.name], printed(graded.notebooks[attack.name])
    assert _unfair(attack, earned(result)) == {}
    assert "BREACH" not in text
    if attack.flags is not None:
        assert set(result.flags) == attack.flags
    if attack.fault is None:
        assert result.fault is None
        assert attack.silent or "begun" in text
    elif attack.fault != "*":
        assert attack.fault in str(result.fault)
    assert "grader-failed" not in result.flags


def _unfair(attack: Attack, points: dict[str, float]) -> dict[str, tuple[float, float | None]]:
    """Test cells with other points than the attack's honest part earns, as (earned, fair)."""
    fair = {**FULL, **attack.points}
    return {
        test: (points[test], fair[test])
        for test in FULL
        if (points[test] != fair[test] if fair[test] is not None else not 0 <= points[test] <= FULL[test])
    }


@pytest.mark.parametrize("name", HONEST)
def test_a_neighbour_keeps_every_point(graded: AttackedBatch, name: str):
    result = graded.results[name]
    assert (earned(result), result.flags, result.fault) == (FULL, (), None)


def test_the_batch_finishes(graded: AttackedBatch):
    assert set(graded.results) == {attack.name for attack in graded.attacks} | set(HONEST)
    assert {result.student for result in graded.written} == set(graded.results)


def test_no_process_is_left_behind(graded: AttackedBatch, isolation: Isolation):
    if PROCESSES not in isolation.layers:
        pytest.skip(f"not isolated in full here: {'; '.join(isolation.missing)}")
    assert graded.left_running == []


def test_nothing_was_written_outside(graded: AttackedBatch):
    world = graded.world
    assert sorted(path.name for path in world.outside.iterdir()) == ["gradebook.db", "s"]
    assert world.gradebook.read_text() == CANARIES["gradebook"]
    assert sorted(path.name for path in world.results.iterdir()) == ["executed", "results.json", "submissions"]
    assert [folder for folder in ELSEWHERE if (folder / WRITTEN).exists()] == []


def test_the_listeners_heard_nothing(graded: AttackedBatch, isolation: Isolation):
    if BUBBLEWRAP not in isolation.layers:
        pytest.skip(f"not isolated in full here: {'; '.join(isolation.missing)}")
    assert graded.heard == []


SECRETS = {"secret": SECRET, "hidden tests": HIDDEN_MARK, "solutions": SOLUTION_MARK, **CANARIES}


@pytest.mark.parametrize("what", SECRETS)
def test_no_submission_could_show(graded: AttackedBatch, isolation: Isolation, what: str):
    if LANDLOCK not in isolation.layers:
        pytest.skip(f"not isolated in full here: {'; '.join(isolation.missing)}")
    honest = set(HONEST)
    assert [name for name, nb in graded.notebooks.items() if name not in honest and SECRETS[what] in printed(nb)] == []


def test_no_submission_writes_on_the_graders_terminal(graded: AttackedBatch):
    text = (graded.world.results.parent / "terminal").read_text(errors="replace")
    assert "forged line" not in text


def test_feedback_is_written_for_all_and_shows_nothing_hidden(graded: AttackedBatch, tmp_path: Path):
    pages = write_feedback([(Grade(kept), graded.notebooks.get(kept.student)) for kept in graded.written], tmp_path)
    assert len(pages) == len(graded.results)
    texts = {page.stem: page.read_text(encoding="utf-8") for page in pages}
    assert [
        name for name, text in texts.items() if HIDDEN_MARK in text or SECRET in text or SOLUTION_MARK in text
    ] == []
    assert [name for name, text in texts.items() if "<script>alert" in text or "<img src=x" in text] == []


def test_what_is_kept_of_a_submission_is_bounded(graded: AttackedBatch):
    kept = {path: path.stat().st_size for path in graded.world.results.rglob("*") if path.is_file()}
    names = {path.parent.name: size for path, size in kept.items() if path.suffix == ".json" and size > 100_000}
    names.pop("out", None)
    assert names == {}
    assert {
        path.parent.name: size for path, size in kept.items() if path.suffix == ".ipynb" and size > 15_000_000
    } == {}


def test_no_check_is_forged(graded: AttackedBatch):
    """A student's exception named like a failed check is not one: it has no hint and names no mistake."""
    tasks = {name: result.tasks for name, result in graded.results.items()}
    assert [n for n, ts in tasks.items() if any("forged" in f"{t.hint}{t.mistake}" for t in ts)] == []


@pytest.mark.parametrize("graded", ["quick"], indirect=True)
def test_the_hidden_inputs_of_a_test_do_not_show_in_its_message(graded: AttackedBatch):
    messages = [task.message for task in graded.results["check-failed-of-its-own"].tasks]
    assert not any("4711" in message or "5" in message for message in messages)
