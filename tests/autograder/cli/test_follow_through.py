"""``autograder grade --follow-through``: what a course wishes, what a command line wishes, and where it is off."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.cli.app import Terminal
from autograder.cli.grade import say_whether_off
from autograder.course_settings import FollowThrough
from autograder.grading.grade_submission import Settings
from autograder.kernel.isolation import NONE, Isolation, available
from tests.support.chain import NAME, POINTS, WRONG, answered, chain_course

COMPLETE = Isolation(("bubblewrap", "own processes", "landlock", "system calls", "limits"))
PARTLY = Isolation(("landlock", "limits"), ("bubblewrap: not installed",))


@pytest.mark.parametrize(
    ("settings", "isolation", "said"),
    [
        (Settings(follow_through=FollowThrough.FULL), COMPLETE, ""),
        (Settings(follow_through=FollowThrough.NONE), NONE, ""),
        (Settings(follow_through=FollowThrough.FULL), PARTLY, "follow-through is off: isolation is not complete."),
        (Settings(follow_through=FollowThrough.HALF), NONE, "follow-through is off: isolation is not complete."),
        (
            Settings(scoring="nbgrader", follow_through=FollowThrough.FULL),
            COMPLETE,
            "follow-through is off: tests run in the student's kernel.",
        ),
    ],
)
def test_what_is_off_against_a_wish_is_said(settings, isolation, said, capsys):
    say_whether_off(settings, isolation, Terminal())
    assert capsys.readouterr().out.startswith(said)
    assert bool(said) == (settings.follow_through != settings.follow_through_under(isolation))


def test_a_course_wishes_and_the_command_line_has_the_last_word(tmp_path: Path):
    if not available().complete:
        pytest.skip(f"not isolated in full here: {'; '.join(available().missing)}")
    course = chain_course(tmp_path / "course")
    (course.root / "course.toml").write_text('[grading]\nfollow_through = "full"\n')
    path = tmp_path / "in" / "ada" / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(answered(WRONG), path)

    def score(*options: str) -> float:
        command = [sys.executable, "-m", "autograder", "grade", str(tmp_path / "in"), "--out", str(tmp_path / "out")]
        done = subprocess.run([*command, "--jobs", "1", *options], cwd=course.root, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr + done.stdout
        [result] = json.loads((tmp_path / "out" / "results.json").read_text())["submissions"]
        return float(result["score"])

    lost = POINTS["test-square"] + POINTS["test-power"]
    assert score() == sum(POINTS.values()) - lost
    assert score("--follow-through", "none") == POINTS["test-triple"]
