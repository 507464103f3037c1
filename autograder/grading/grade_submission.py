"""Grade one submission: reconcile, execute, judge. A pure function of its inputs but for the kernel's work."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from nbformat import NotebookNode

from autograder.course_files import NO_FILES, CourseFiles, write_files
from autograder.course_settings import FollowThrough
from autograder.digest import digest
from autograder.errors import NotebookError
from autograder.grading.follow_through import SHARES
from autograder.grading.own_files import top_names, usable
from autograder.grading.reexamination import Reexaminer
from autograder.grading.submissions import MAX_NOTEBOOK_BYTES, Submission, read_notebook
from autograder.kernel.isolation import Isolation
from autograder.kernel.limits import Limits
from autograder.kernel.provisioner import COLD, Kernels
from autograder.kernel.session import Execution, Follower, execute
from autograder.notebook.cells import by_grade_id, cell_info, judged_answer
from autograder.notebook.personal_edition import ANYONE, named_students, personal_edition, varies
from autograder.notebook.reconcile import reconcile
from autograder.notebook.reference_use import answers_with_references
from autograder.notebook.restore_metadata import restore_metadata
from autograder.referee.examiner import Examiner
from autograder.referee.folder import referee_folder
from autograder.referee.nbgrader_rules import judge_like_nbgrader
from autograder.referee.scoring import judge
from autograder.results import SubmissionResult, TaskResult

Scoring = Literal["referee", "nbgrader"]
_PLACE_FLAGS = ("duplicate-submission", "student-guessed", "marked-late")


@dataclass(frozen=True)
class Source:
    """The instructor's side of one chapter.

    Attributes:
        name: the chapter.
        notebook: its instructor version with AUTOTEST lines instantiated.
        key: a digest of the notebook and of everything its tests depend on.
        helpers: the course's helper packages, by name.
        files: of the author's, next to the notebook.
    """

    name: str
    notebook: NotebookNode
    key: str
    helpers: tuple[str, ...] = ()
    files: CourseFiles = NO_FILES


@dataclass(frozen=True)
class Settings:
    """How a batch is graded.

    Attributes:
        limits: see :class:`Limits`.
        scoring: ``referee``, where test cells run in this process by this package's rules; or ``nbgrader``, where
            they run in the student's kernel and nbgrader's own rules decide, which a student's code can deceive.
        experiments: True where cells that earn nothing and that the student left as they were are executed, too.
        follow_through: what a failed test earns that passes with the author's answers to earlier exercises which
            failed: its points, half of them, or nothing. See :meth:`follow_through_under`.
    """

    limits: Limits = field(default_factory=Limits)
    scoring: Scoring = "referee"
    experiments: bool = False
    follow_through: FollowThrough = FollowThrough.NONE

    def follow_through_under(self, isolation: Isolation) -> FollowThrough:
        """What is in force: nothing where a kernel could let out what it sees of the author's answers, or forge tests.

        Args:
            isolation: of the kernels.
        """
        return self.follow_through if self.scoring == "referee" and isolation.complete else FollowThrough.NONE

    def described(self) -> dict[str, str]:
        """As part of what a result depends on."""
        return {
            "cell_seconds": f"{self.limits.cell_seconds:g}",
            "notebook_seconds": f"{self.limits.notebook_seconds:g}",
            "memory_bytes": str(self.limits.memory_bytes),
            "threads": str(self.limits.threads),
            "scoring": self.scoring,
            "experiments": "run" if self.experiments else "skipped",
        }


@dataclass(frozen=True)
class GradedSubmission:
    """A result, and the executed notebook it came from (None where nothing could be executed).

    Attributes:
        words: for each test cell, what it took on the word of the student's kernel, for the author.
    """

    result: SubmissionResult
    notebook: NotebookNode | None
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Record(Follower, Protocol):
    """Is told how far a submission is, in a thread of its own."""

    def settled(self, graded: GradedSubmission) -> None:
        """What is known stands; from here on tests can only earn more."""
        ...


def identify(submission: Submission, sources: Mapping[str, Source]) -> Submission:
    """Fill in the chapter a file belongs to: from its name, else the one with which it shares most grade ids."""
    if submission.assignment is not None:
        return submission
    try:
        mine = read_notebook(submission.path)
        shared = {name: len(_shared(mine, source.notebook)) for name, source in sources.items()}
    except Exception:
        # Whatever it is, it is said when the file's turn comes.
        return submission
    best = max(shared, key=lambda name: shared[name], default=None)
    return replace(submission, assignment=best) if best is not None and shared[best] else submission


def _shared(submission: NotebookNode, source: NotebookNode) -> set[str]:
    """The grade ids of a source that a submission has, be it by its cells' ids alone."""
    return by_grade_id(restore_metadata(submission, source).notebook).keys() & by_grade_id(source).keys()


def submission_key(submission: Submission, source: Source, environment: Mapping[str, str]) -> str:
    """The digest of everything a result depends on."""
    try:
        small = submission.path.stat().st_size <= MAX_NOTEBOOK_BYTES
        content = submission.path.read_bytes() if small else b""
    except OSError:
        content = b""
    settings = "\n".join(f"{name}={value}" for name, value in sorted(environment.items()))
    personal = (submission.student,) if varies(source.notebook) else ()
    own = (part for file in submission.own_files for part in file)
    return digest(content, source.key, settings, *personal, *own)


def grade_submission(
    submission: Submission,
    source: Source,
    settings: Settings,
    environment: Mapping[str, str],
    kernels: Kernels = COLD,
    follower: Record | None = None,
) -> GradedSubmission:
    """Grade one submission; whatever is wrong with it is part of the result and never an exception.

    Args:
        environment: versions, limits and isolation, recorded in the result and part of its digest.
        kernels: where kernels come from; default: each is started from scratch.
        follower: is told of each cell, and of what is settled.

    Raises:
        KernelError: if no kernel can be started on this machine at all.
    """
    began = time.monotonic()
    blank = blank_result(submission, source, environment)
    try:
        notebook = read_notebook(submission.path)
    except NotebookError as error:
        return refused(blank, "unreadable", str(error))
    restored = restore_metadata(notebook, source.notebook)
    notebook = restored.notebook
    if not _shared(notebook, source.notebook):
        fault = f"{submission.file} shares no cell with {source.name}. Expected the notebook that was released."
        return refused(blank, "wrong-notebook", fault)
    others = named_students(notebook) - {ANYONE, submission.student}
    source = replace(source, notebook=personal_edition(source.notebook, submission.student))
    reconciled = reconcile(personal_edition(notebook, submission.student), source.notebook)
    refereed = settings.scoring == "referee"
    skip = () if settings.experiments else untouched_experiments(reconciled.notebook, source.notebook)
    # Where tests run in the kernel, it needs what they need. The author's files win.
    files = source.files.public | ({} if refereed else source.files.private)
    own, odd = usable(submission.own_files, {*top_names(files), *source.helpers, "autograder"}, files)
    files = own | files
    with kernels.workplace() as place, referee_folder(source.files) as folder:
        examiner = Examiner(source.notebook, folder) if refereed else None
        write_files(files, place / "work")
        execution = execute(
            reconciled.notebook,
            place / "work",
            settings.limits,
            base=kernels.environment(place),
            manager=kernels.manager(place, settings.limits),
            examiner=examiner,
            skip=skip,
            watched=place,
            follower=follower,
        )
    tasks = judge(execution) if refereed else judge_like_nbgrader(execution)
    # What comes after this is not timed: how long it takes depends on code that sees the author's answers.
    seconds = round(time.monotonic() - began, 3)
    result = replace(
        blank,
        tasks=_in_source_order(tasks, source),
        flags=tuple(
            flag[:200]
            for flag in (
                *blank.flags,
                *(f"personal-copy-of:{name}" for name in sorted(others)),
                *restored.flags,
                *reconciled.flags,
                *odd,
                *(f"uses-oracle:{name}" for name in answers_with_references(reconciled.notebook, source.helpers)),
                *(f"in-kernel:{name}" for name in sorted(examiner.in_kernel if examiner else ())),
                *(f"changed-helper:{name}" for name in sorted(examiner.changed_helpers if examiner else ())),
                *_faults(execution),
            )
        ),
        fault=execution.fault,
        seconds=seconds,
    )
    graded = GradedSubmission(result, execution.notebook, examiner.words if examiner else {})
    share = SHARES[settings.follow_through_under(kernels.isolation)]
    if not share:
        return graded
    again = Reexaminer(source.notebook, kernels, settings.limits, source.files, files, follower)
    tasks = again.follow_through(
        reconciled.notebook, result.tasks, skip, share, lambda: follower.settled(graded) if follower else None
    )
    return replace(graded, result=replace(result, tasks=tasks))


def untouched_experiments(notebook: NotebookNode, source: NotebookNode) -> frozenset[int]:
    """Indices of cells that need not run: those of the author's that earn nothing and stand as they were released.

    Only for a source whose metadata says that no graded cell needs them: ``autograder: {experiments: independent}``.
    """
    if source.metadata.get("autograder", {}).get("experiments") != "independent":
        return frozenset()
    released = {cell.source for cell in source.cells if cell.cell_type == "code" and cell_info(cell).kind == "other"}
    cells = enumerate(notebook.cells)
    return frozenset(i for i, cell in cells if cell_info(cell).kind == "other" and cell.source in released)


def blank_result(submission: Submission, source: Source | None, environment: Mapping[str, str]) -> SubmissionResult:
    """The result of a submission before anything was found out about it: no task is reached."""
    return SubmissionResult(
        student=submission.label,
        assignment=source.name if source else "unknown",
        tasks=_unreached(source, "Not reached.") if source else (),
        flags=_of_the_place(submission),
        fault=None,
        isolation=environment["isolation"],
        environment=dict(environment),
        digest=submission_key(submission, source, environment) if source else "",
        seconds=0.0,
        file=submission.file,
        platform=submission.platform,
        number=submission.number,
    )


def at_its_place(result: SubmissionResult, submission: Submission) -> SubmissionResult:
    """A result of an earlier run with what the file's place and name say now: they are not part of its key."""
    flags = (*_of_the_place(submission), *(flag for flag in result.flags if flag not in _PLACE_FLAGS))
    return replace(result, flags=flags, file=submission.file, platform=submission.platform, number=submission.number)


def _of_the_place(submission: Submission) -> tuple[str, ...]:
    """Flags that the name and the place of a file give."""
    so = (submission.copy > 1, submission.guess != "", submission.late)
    return tuple(flag for flag, is_so in zip(_PLACE_FLAGS, so, strict=True) if is_so)


def refused(blank: SubmissionResult, flag: str, fault: str) -> GradedSubmission:
    """A submission that could not be executed: no points, and why."""
    tasks = tuple(replace(task, message="Not reached: the submission could not be graded.") for task in blank.tasks)
    return GradedSubmission(replace(blank, tasks=tasks, flags=(*blank.flags, flag), fault=fault), None)


def _unreached(source: Source, message: str) -> tuple[TaskResult, ...]:
    cells = source.notebook.cells
    of = [(a, judged_answer(cells, i)) for i, cell in enumerate(cells) if (a := cell_info(cell)).scored]
    return tuple(TaskResult(str(a.grade_id), 0.0, a.points, "not_reached", message, answer=name) for a, name in of)


def _in_source_order(tasks: tuple[TaskResult, ...], source: Source) -> tuple[TaskResult, ...]:
    order = list(by_grade_id(source.notebook))
    return tuple(sorted(tasks, key=lambda task: order.index(task.grade_id)))


def _faults(execution: Execution) -> list[str]:
    """Flags for what did not run to its end, or nearly did not."""
    near = execution.near_limit and not execution.timed_out and execution.fault is None
    found = {"ended-early": execution.fault is not None, "timeout": bool(execution.timed_out), "near-time-limit": near}
    return [flag for flag, raised in found.items() if raised]
