"""Several chapters get their tests at a time, and each only once."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from autograder.errors import CourseError, KernelError
from autograder.grading import source
from autograder.grading.autotests import instantiate
from autograder.grading.source import prepare_source, prepare_sources
from autograder.notebook.cells import by_grade_id
from tests.support.toy import NAME, toy_course

OTHER = "02_other"


@pytest.fixture
def two(tmp_path: Path):
    """A course of two chapters."""
    course = toy_course(tmp_path / "course")
    first = course.chapter(NAME).path
    first.with_name(f"{OTHER}.ipynb").write_text(first.read_text())
    return Course(course.root)


def test_each_chapter_has_its_tests_made_once(two, monkeypatch):
    made = prepare_sources(two, [OTHER, NAME])
    assert list(made) == [OTHER, NAME]
    assert all("AUTOTEST" not in cell.source for notebook in made.values() for cell in notebook.cells)
    monkeypatch.setattr(source, "instantiate", lambda *_, **__: pytest.fail("made again"))
    assert prepare_sources(two, [OTHER, NAME]) == made
    assert prepare_source(two, NAME) == made[NAME]


def test_a_chapter_that_fails_is_named_and_the_others_are_kept(two, monkeypatch):
    broken = two.chapter(OTHER).path
    broken.write_text(broken.read_text().replace("return x / 2", "return x / 0"))
    with pytest.raises(CourseError, match=f"^{OTHER}: cell 'test-half' failed .* ZeroDivisionError"):
        prepare_sources(two, [NAME, OTHER])
    monkeypatch.setattr(source, "instantiate", lambda *_, **__: pytest.fail("made again"))
    prepare_source(two, NAME)


def change(course, grade_id, old, new):
    notebook = nbformat.read(course.chapter(NAME).path, as_version=4)
    cell = by_grade_id(notebook)[grade_id]
    assert old in cell.source
    cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, course.chapter(NAME).path)


def test_tests_are_made_again_only_if_something_that_they_depend_on_has_changed(two, monkeypatch):
    prepare_source(two, NAME)
    made = []
    monkeypatch.setattr(source, "instantiate", lambda *given, **named: made.append(1) or instantiate(*given, **named))
    change(two, "written-why", "added", "counted")  # no code
    change(two, "test-double", "double(1)", "double(1.0)")  # nothing else uses what it defines
    again = prepare_source(two, NAME)
    assert made == []
    assert "counted" in by_grade_id(again)["written-why"].source
    assert "AUTOTEST" not in by_grade_id(again)["test-half"].source
    change(two, "half", "x / 2", "0.5 * x")
    prepare_source(two, NAME)
    assert made == [1]


def test_a_cell_that_was_left_out_and_is_needed_is_run_after_all(two):
    change(two, "test-double", "assert double(1) == 2", "globals()['unseen'] = 2\nassert double(1) == 2")
    change(two, "half", "x / 2", "x / unseen")
    assert "AUTOTEST" not in by_grade_id(prepare_source(two, NAME))["test-half"].source


def test_a_timeout_names_the_chapter(two, monkeypatch):
    monkeypatch.setattr(source, "instantiate", partial(instantiate, seconds=3.0))
    change(two, "half", "x / 2", "__import__('time').sleep(600)")
    with pytest.raises(KernelError, match=rf"^{NAME}: timeout: .* limit of 3 s .* cell 'test-half'"):
        prepare_source(two, NAME)


def test_a_line_tells_how_far_it_is(two):
    lines = []
    prepare_sources(two, [NAME, OTHER], lines.append)
    assert lines[0].startswith("running the solutions of 2 chapters once to make automatic tests")
    assert sorted(line.partition(" made in ")[0] for line in lines[1:]) == [f"tests of {NAME}", f"tests of {OTHER}"]
    assert "(1 of 2" in lines[1] and "(2 of 2)" in lines[2]
    prepare_sources(two, [NAME, OTHER], lambda line: pytest.fail(f"all is kept, but: {line}"))


def test_helper_packages_are_found_from_the_course_folder_itself(two, monkeypatch):
    (two.root / "course.toml").write_text('helpers = ["tools"]\n')
    (two.root / "tools.py").write_text("factor = 2\n")
    for name in (NAME, OTHER):
        notebook = nbformat.read(two.chapter(name).path, as_version=4)
        next(cell for cell in notebook.cells if cell.cell_type == "code").source += "\nfrom tools import factor"
        nbformat.write(notebook, two.chapter(name).path)
    course = Course(two.root)
    monkeypatch.chdir(course.root)
    assert list(prepare_sources(course, [NAME, OTHER])) == [NAME, OTHER]
