"""How many points forged evidence earns: ``python -m tests.attacks.forged_points [CHAPTER…]``."""

from __future__ import annotations

import sys

from autograder.course import Course
from autograder.grading.source import prepare_source
from autograder.notebook.cells import cell_info
from tests.attacks.forgeries import FORGERIES
from tests.conftest import ROOT
from tests.support.chapter_run import ChapterRun
from tests.support.hostile_kernel import judge_forged


def forged_points(chapter: str) -> dict[str, float]:
    """The points of each test cell that some forgery of the chapter has passed, by grade id."""
    notebook = prepare_source(Course(ROOT), chapter)
    points = {str(cell_info(cell).grade_id): float(cell_info(cell).points or 0) for cell in notebook.cells}
    run, earned = ChapterRun(notebook), {}
    for forgery in (entry for entry in FORGERIES if entry.chapter == chapter):
        outcome = judge_forged(run, forgery.grade_id, forgery.source, forgery.forged)
        for test in forgery.aims:
            if outcome[test] is None:
                earned[test] = points[test]
                print(f"{chapter[:2]} {test} passed by {forgery.name}")
    return earned


if __name__ == "__main__":
    for name in sorted({forgery.chapter for forgery in FORGERIES}):
        if not sys.argv[1:] or name[:2] in sys.argv[1:]:
            won = forged_points(name)
            print(f"{name}: {sum(won.values()):g} forged points {' '.join(won)}")
