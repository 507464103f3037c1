"""What ``autograder grade`` says about whose each file is, before anything is kept."""

from __future__ import annotations

from collections.abc import Sequence
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
            f"{guessed} of {len(submissions)} are guesses and flagged student-guessed. Say who they are in the file of "
            "--students: handed_in is the name on the left.",
            soft_wrap=True,
        )
