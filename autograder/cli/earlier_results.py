"""What ``autograder grade`` says about the results that were in the folder before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from autograder.cli.app import Terminal
from autograder.printable import printable
from autograder.results import SubmissionResult


def print_earlier(console: Terminal, earlier: Sequence[SubmissionResult], graded: Sequence[SubmissionResult]) -> None:
    """Say how many earlier results are kept with the new ones, and which submissions have other points than before."""
    from autograder.grading.term import changes, kept_beside

    kept = Counter(result.assignment for result in kept_beside(earlier, graded))
    if kept:
        counted = ", ".join(f"{count} of {name}" for name, count in sorted(kept.items()))
        many = "1 result of earlier runs is" if kept.total() == 1 else f"{kept.total()} results of earlier runs are"
        console.print(printable(f"{many} kept: {counted}"), markup=False, soft_wrap=True)
    changed = changes(earlier, graded)
    if changed:
        console.print(f"{len(changed)} with other points than before:", soft_wrap=True)
    for change in changed:
        before, after = change.before, change.after
        score = f"{before.score:g} to {after.score:g} of {after.max_score:g}"
        cells = ", ".join(f"{name} {was:g} to {now:g}" for name, was, now in change.tasks)
        console.print(
            printable(f"  {after.student} {after.assignment}: {score} ({cells})"), markup=False, soft_wrap=True
        )
