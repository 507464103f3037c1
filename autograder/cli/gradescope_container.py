"""What ``run_autograder`` does in Gradescope's container: grade one submission and write ``results/results.json``.

``python -P -m autograder.cli.gradescope_container ROOT``, where ROOT is Gradescope's ``/autograder``. Its folders are
those of gradescope-autograders.readthedocs.io/en/latest/specs/, and ``submission_metadata.json`` follows
…/en/latest/submission_metadata/. It says on standard output, which Gradescope shows to instructors only, what is in
force, or why nothing was graded.
"""

from __future__ import annotations

import json
import shutil
import stat
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import typer

from autograder.cli.grade import grade
from autograder.cli.workers import IsolationWish
from autograder.course import Course
from autograder.errors import AutograderError, KernelError, SubmissionError
from autograder.files import write_atomically
from autograder.printable import printable

_REFUSED = (
    "This submission was not graded, because of a problem in the autograder, not in your notebook. It says "
    "nothing about your work. Please tell your instructor, who sees the reason in the autograder's output."
)
_CLOSED = 0o700


def main(arguments: list[str]) -> int:
    """Grade, or with ``--check`` only find out whether submissions could be graded; returns an exit status."""
    only_check = "--check" in arguments
    root = Path(next(argument for argument in arguments if argument != "--check")).resolve()
    try:
        require_closed(root)
        if only_check:
            return 0
        text = results_of(root)
    except SubmissionError as error:
        text = without_score(str(error))
    except Exception as error:
        # Whatever it is, there has to be a results.json.
        known = isinstance(error, AutograderError)
        print(printable(f"not graded: {error}" if known else traceback.format_exc(), lines=True))
        if only_check:
            return 1
        text = without_score(_REFUSED)
    write_atomically(root / "results" / "results.json", text)
    return 0


def require_closed(root: Path) -> None:
    """Close the container's folders to everyone but root, and make sure that they are closed to kernels.

    Raises:
        KernelError: if kernels would not run as another user, or that user could get at what is in the folders.
    """
    from autograder.kernel.isolation import available
    from autograder.kernel.own_user import VARIABLE, kernel_account, within_reach

    account = kernel_account()
    if account is None:
        raise KernelError(f"{VARIABLE} names no user, and as root a notebook could read the solutions. Set it.")
    source = root / "source"
    mode = stat.S_IMODE(source.stat().st_mode)
    if mode != _CLOSED or source.stat().st_uid != 0:
        raise KernelError(
            f"{source} has mode {mode:o} and holds the solutions. Expected mode 700 and root as its owner, as setup.sh "
            f"leaves it: chown root {source}; chmod 700 {source}"
        )
    others = [path for path in (root / "submission", root / "results") if path.is_dir()]
    metadata = [path for path in (root / "submission_metadata.json",) if path.is_file()]
    for path in (*others, *metadata):
        path.chmod(_CLOSED)
    for path in within_reach((source, *others, *metadata), account):
        raise KernelError(f"the user {account.name}, as whom notebooks run, can get at {path}.")
    print(f"isolation: {available()}")


def results_of(root: Path) -> str:
    """The text of ``results.json`` for the submission.

    Raises:
        SubmissionError: if there is not exactly one notebook that can be meant.
        AutograderError: if the grader cannot work.
    """
    from autograder.grading.store import ResultsFolder
    from autograder.reporting.exports.gradescope import gradescope_json
    from autograder.reporting.lateness import Grade

    course = Course.find(root / "source" / "course")
    chapter = course.chapters[0].name
    notebook = the_notebook(root / "submission", chapter)
    with tempfile.TemporaryDirectory(prefix="gradescope-") as temporary:
        student = Path(temporary, "submitted", student_name(root / "submission_metadata.json"))
        # Links stay links: what one leads to is not the student's.
        shutil.copytree(notebook.parent, student / chapter, symlinks=True)
        for other in student.rglob("*.ipynb"):
            other.unlink()
        shutil.copyfile(notebook, student / chapter / f"{chapter}.ipynb", follow_symlinks=False)
        results = Path(temporary, "results")
        # It exits with a status where something could not be graded; the result says so, too.
        with suppress(typer.Exit):
            grade(student.parent, jobs=1, isolation=IsolationWish.AUTO, out=results, course=course.root)
        (result,) = ResultsFolder(results).read_batch()
    return gradescope_json(Grade(result))


def the_notebook(folder: Path, chapter: str) -> Path:
    """The notebook that was handed in: the only one, or the one with the chapter's name.

    Raises:
        SubmissionError: if there is none, or several could be meant.
    """
    from autograder.grading.submissions import find_submissions

    try:
        found = [submission.path for submission in find_submissions(folder, [chapter])]
    except SubmissionError as error:
        raise SubmissionError(f"There is no notebook in this submission. Hand in {chapter}.ipynb.") from error
    named = [path for path in found if path.stem == chapter] if len(found) > 1 else found
    if len(named) != 1:
        names = ", ".join(sorted(path.name for path in found))
        raise SubmissionError(f"This submission has several notebooks: {names}. Hand in one: {chapter}.ipynb.")
    return named[0]


def student_name(metadata: Path) -> str:
    """Who handed in: the e-mail addresses of a submission's users, as the name of a folder."""
    from autograder.files import file_name

    users: list[dict[str, Any]] = []
    if metadata.is_file():
        users = json.loads(metadata.read_text(encoding="utf-8")).get("users") or []
    return file_name("+".join(str(user.get("email") or user.get("id")) for user in users) or "student")


def without_score(sentence: str) -> str:
    """The ``results.json`` of what could not be graded; Gradescope wants a score in it."""
    data = {
        "score": 0,
        "output": printable(sentence, lines=True),
        "visibility": "visible",
        "stdout_visibility": "hidden",
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
