"""What ``autograder grade`` says about whose each file is, before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from autograder.cli.app import Terminal
from autograder.printable import printable

if TYPE_CHECKING:
    from autograder.grading.submissions import Submission


def print_owners(console: Terminal, submissions: Sequence[Submission]) -> None:
    """A line for each file, with the student whom it was given to and why; guesses come last, with their reason."""
    for submission in sorted(submissions, key=lambda s: (s.guess != "", s.student, s.file)):
        why = f"a guess, {submission.guess}" if submission.guess else f"by {submission.how}"
        # The place of a file tells more than its student where several have the same name.
        line = f"{submission.student}: {submission.file} ({why})"
        console.print(printable(line), markup=False, soft_wrap=True, style="yellow" if submission.guess else None)
    guessed = sum(submission.guess != "" for submission in submissions)
    if guessed:
        console.print(
            f"{guessed} of {len(submissions)} are guesses and flagged student-guessed. Say who they are in a CSV file "
            "with the columns handed_in,student, where handed_in is the name on the left, or the file behind it where "
            "only that tells them apart, and add --students FILE.",
            soft_wrap=True,
        )


def print_untouched(console: Terminal, untouched: Sequence[Submission], most: int) -> None:
    """A line for each chapter that students have from the start, with those who have written nothing in it."""
    students: dict[str, list[str]] = {}
    for submission in untouched:
        students.setdefault(str(submission.assignment), []).append(submission.student)
    for assignment, names in sorted(students.items()):
        more = f" and {len(names) - most} more" if len(names) > most else ""
        line = f"as released, so not handed in: {assignment} of {', '.join(sorted(names)[:most])}{more}"
        console.print(printable(line), markup=False, soft_wrap=True)


def print_passed_over(console: Terminal, files: Mapping[str, str], most: int) -> None:
    """A line for each file that is not graded, with what to do about it; after ``most`` lines, how many more."""
    for name, why in islice(files.items(), most):
        console.print(f"passed over, {why or _why(name.lower())}: {printable(name)}", markup=False, soft_wrap=True)
    if len(files) > most:
        console.print(f"passed over: {len(files) - most} more files; --log names all", soft_wrap=True)


def _why(name: str) -> str:
    if name.endswith((".zip", ".7z", ".rar", ".tar", ".gz", ".tgz")):
        return "an archive, to be unpacked in its place"
    if ".ipynb" in name and not name.endswith(".ipynb"):
        return "to be renamed to .ipynb"
    return "not an .ipynb file"
