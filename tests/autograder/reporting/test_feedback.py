import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.reporting.exercises import exercises
from autograder.reporting.feedback import PageOptions, feedback_page, write_feedback
from autograder.reporting.lateness import Grade
from autograder.reporting.rubric import mark_schemes
from autograder.results import SubmissionResult, TaskResult
from tests.support.toy import NAME, TEST, meta, toy_notebook

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def result(**changes):
    tasks = (
        TaskResult("test-double", 0.0, 5.0, "failed", "double(1) is 3; expected 2.", "one is added.", "off-by-one"),
        TaskResult("test-net-1", 2.0, 2.0, "passed"),
        TaskResult("test-net-2", 0.0, 2.0, "not_reached", "Not reached."),
        TaskResult("written-why", 0.0, 1.0, "manual"),
    )
    values = {"student": "ada", "assignment": NAME, "tasks": tasks, "flags": ("missing-cell:x",), "fault": None}
    return SubmissionResult(
        **{**values, "isolation": "none", "environment": {}, "digest": "d", "seconds": 1.0, **changes}
    )


def executed(source, *outputs, **metadata):
    return new_code_cell(source, execution_count=1, outputs=list(outputs), metadata=metadata)


def printed(text):
    return new_output("stream", text=text)


def notebook(written="Because **it** is $x + x$."):
    return new_notebook(
        cells=[
            executed("import math", printed("ready\n"), **meta("setup", locked=True)),
            executed("def double(x):\n    return x + 1", printed("loading\n"), **meta("double", solution=True)),
            executed(TEST, printed("told by the test\n"), **meta("test-double", grade=True, locked=True, points=5)),
            executed(
                "plot(double)",
                printed("mine\n"),
                new_output("display_data", data={"image/png": PIXEL, "text/plain": "<Figure>"}),
                mystnb={"image": {"alt": "A line that rises."}},
            ),
            new_code_cell("print('an experiment that was skipped')"),
            new_code_cell("class Net: ...", metadata=meta("net", solution=True)),
            new_markdown_cell(written, metadata=meta("written-why", grade=True, solution=True, points=1)),
        ]
    )


def test_tests_of_one_exercise_stand_together_with_its_answer():
    _, first, second, third = exercises(result(), notebook())
    assert (first.name, second.name, third.name) == ("double", "net", "written-why")
    assert (second.points, second.max_points, second.answer.source) == (2, 4, "class Net: ...")


def test_cells_belong_to_the_exercise_before_them():
    before, first, *_ = exercises(result(), notebook())
    assert [cell.source for cell in before.further] == ["import math"]
    assert [cell.source for cell in first.further] == ["plot(double)"]


def test_cells_that_are_folded_away_and_show_nothing_are_left_out():
    made = notebook()
    made.cells[1:1] = [executed(text, *out, jupyter={"source_hidden": True}) for text, out in
                       (("check_packages()", ()), ("hello()", (printed("hello\n"),)))]  # fmt: skip
    assert [cell.source for cell in exercises(result(), made)[0].further] == ["import math", "hello()"]


def test_a_test_that_names_no_answer_is_shown_with_the_answer_above_it():
    made = notebook()
    made.cells[2].metadata = meta("prüfung", grade=True, locked=True, points=5)
    task = TaskResult("prüfung", 0.0, 5.0, "failed", "3", answer="double")
    _, first, *_ = exercises(result(tasks=(task,)), made)
    assert (first.name, first.answer.source, first.further[0].source) == (
        "double",
        made.cells[1].source,
        "plot(double)",
    )


def test_the_page_says_score_message_and_hint():
    page = feedback_page(Grade(result()), notebook())
    for words in ("2 <span", "of 10 points", "double(1) is 3; expected 2.", "one is added.", "was put back"):
        assert words in page


def test_the_score_has_the_late_penalty_taken_off_and_the_page_says_why(tmp_path):
    late = Grade(result(), penalty=0.5, late=timedelta(hours=30))
    page = feedback_page(late, notebook())
    assert '<p class="score">1.5 <span' in page
    assert "Handed in 1 day 6 h late: 0.5 of the 2 points that you earned are taken off." in page
    write_feedback([(late, None)], tmp_path)
    assert "1.5 / 10" in (tmp_path / "index.html").read_text()
    assert "late" not in feedback_page(Grade(result()), notebook()).partition("<h1>")[2]


def test_the_page_shows_code_figures_and_what_was_printed():
    page = feedback_page(Grade(result()), notebook())
    assert '<span class="k">return</span>' in page
    assert f'src="data:image/png;base64,{PIXEL}" alt="A line that rises."' in page
    for text in ("ready", "loading", "mine"):
        assert f'<pre tabindex="0">{text}</pre>' in page


def test_locked_code_and_skipped_cells_are_not_repeated():
    page = feedback_page(Grade(result()), notebook())
    assert "math" not in page
    assert "skipped" not in page


def test_outputs_can_be_left_out():
    page = feedback_page(Grade(result()), notebook(), PageOptions(outputs=False))
    assert "mine" not in page
    assert "data:image" not in page
    assert "one is added." in page


def test_no_hidden_test_is_on_the_page():
    page = feedback_page(Grade(result()), notebook())
    for text in ("4711", "9422", "assert", "told by the test"):
        assert text not in page


def test_nothing_is_shown_that_ran_beside_the_hidden_tests():
    page = feedback_page(Grade(result(environment={"scoring": "nbgrader"})), notebook())
    assert "mine" not in page
    assert "What your cells displayed is not shown" in page


def test_a_page_says_that_experiments_were_not_executed():
    chapter = notebook()
    chapter.metadata["autograder"] = {"experiments": "independent"}
    words = "have not been executed in grading"
    assert words in feedback_page(Grade(result(environment={"experiments": "skipped"})), chapter)
    assert words not in feedback_page(Grade(result(environment={"experiments": "run"})), chapter)
    assert words not in feedback_page(Grade(result(environment={"experiments": "skipped"})), notebook())
    chapter.cells[4].execution_count = 5
    assert words not in feedback_page(Grade(result(environment={"experiments": "skipped"})), chapter)


def test_a_hidden_line_in_an_output_or_a_message_is_left_out():
    cells = notebook()
    cells.cells[3].outputs = [printed("first\nassert double(secret) == 9422, 'x'\nlast")]
    tasks = (TaskResult("test-double", 0.0, 5.0, "error", "assert double(secret) == 9422"),)
    cells.cells[2].source = "### BEGIN HIDDEN TESTS\nassert double(secret) == 9422\n### END HIDDEN TESTS"
    page = feedback_page(Grade(result(tasks=tasks)), cells)
    assert "9422" not in page
    assert "first" in page
    assert "last" in page


def test_a_students_markup_is_text():
    tasks = (TaskResult("test-double", 0.0, 5.0, "failed", EVIL, EVIL, comment=EVIL), *result().tasks[1:])
    page = feedback_page(Grade(result(student=EVIL, tasks=tasks, fault=EVIL)), notebook(EVIL))
    assert "<script" not in page
    assert not re.search(r"<[^>]*onerror", page)
    assert page.count("&lt;script&gt;") >= 5


def test_a_page_refers_to_no_other_file():
    page = feedback_page(Grade(result()), notebook())
    assert {address[:5] for address in re.findall(r'(?:src|href)="([^"#]+)', page)} == {"data:"}
    assert not re.search(r"url\(|@import|http", page.replace('http-equiv="Content-Security-Policy"', ""))


def test_a_written_answer_is_rendered():
    page = feedback_page(Grade(result()), notebook())
    assert "<strong>it</strong>" in page
    assert 'aria-label="x + x"' in page
    assert "will be read by a person" in page


def test_points_and_comment_of_a_person_are_shown():
    graded = TaskResult("written-why", 0.5, 1.0, "manual", manual_points=0.5, comment="Which sum?")
    page = feedback_page(Grade(result(tasks=(*result().tasks[:3], graded))), notebook())
    assert "graded by a person" in page
    assert "Which sum?" in page
    assert "wait for a person" not in page


def test_a_comment_is_read_as_markdown():
    graded = TaskResult(
        "written-why", 0.5, 1.0, "manual", manual_points=0.5, comment="Look at $x^2$:\n\n- *why* a sum?"
    )
    page = feedback_page(Grade(result(tasks=(*result().tasks[:3], graded))), notebook())
    assert "<li><em>why</em> a sum?</li>" in page
    assert 'aria-label="x^2"' in page


def test_the_instructors_note_about_a_mistake_is_on_the_pages_of_those_who_made_it_once():
    tasks = tuple(
        TaskResult(f"test-double-{number}", 0.0, 1.0, "failed", "wrong", "", mistake)
        for number, mistake in enumerate(("off-by-one", "off-by-one", "sign"), 1)
    )
    notes = {(NAME, "double", "off-by-one"): "We talked about this **today**.", (NAME, "net", "sign"): "Not you."}
    page = feedback_page(Grade(result(tasks=tasks)), notebook(), PageOptions(notes=notes))
    assert page.count("We talked about this <strong>today</strong>.") == 1
    assert "Not you." not in page


def test_points_for_an_earlier_answer_are_not_shown_as_points_for_this_one():
    graded = TaskResult("written-why", 1.0, 1.0, "manual", manual_points=1.0, comment="Right.", stale=True)
    page = feedback_page(Grade(result(tasks=(*result().tasks[:3], graded))), notebook())
    assert page.count("an earlier version was graded by a person") == 2
    assert "were given for an earlier version" in page


def test_the_rubric_is_shown_only_where_it_is_given():
    scheme = mark_schemes(toy_notebook())
    assert scheme == {"written-why": "2 points: says that x is added to itself."}
    assert "added to itself" not in feedback_page(Grade(result()), notebook())
    page = feedback_page(Grade(result()), notebook(), PageOptions(rubrics={NAME: scheme}))
    assert "says that x is added to itself" in page
    assert "Because it is added" not in page  # the model answer


def test_an_answer_that_waits_does_not_look_like_zero_points():
    waiting = exercises(result(), notebook())[-1]
    assert waiting.pending
    assert "– / 1" in feedback_page(Grade(result()), notebook())


def test_a_submission_that_could_not_be_executed_has_a_page():
    assert "torn" in feedback_page(Grade(result(fault="the file is torn")), None)


@pytest.mark.parametrize("name", ["a/b <c> ü", "../up", "..", ".hidden", "x" * 400, "con\udc80"])
def test_pages_of_odd_names_stay_in_the_folder_and_are_listed(tmp_path, name):
    folder = tmp_path / "pages"
    paths = write_feedback(
        [(Grade(result()), notebook()), (Grade(result(student=name, assignment=name)), None)], folder
    )
    index = (folder / "index.html").read_text()
    assert all(path.is_file() and path.resolve().is_relative_to(folder.resolve()) for path in paths)
    assert [folder / unquote(link) for link in re.findall(r'href="([^"]+)"', index)] == paths


def test_long_names_that_begin_alike_keep_their_own_page(tmp_path):
    names = ["x" * 300 + end for end in "ab"]
    assert len(set(write_feedback([(Grade(result(student=name)), None) for name in names], tmp_path))) == 2
