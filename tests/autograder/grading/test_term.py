"""One results folder for a term."""

from dataclasses import replace

from autograder.grading.grade_submission import GradedSubmission
from autograder.grading.store import ResultsFolder
from autograder.grading.term import changes, kept_beside
from tests.support.graded import result
from tests.support.toy import NAME


def second(student="ada", **changed):
    return result(student, assignment="02_other", file=f"{student}/02_other.ipynb", **changed)


def names(results):
    return [(each.student, each.assignment) for each in results]


def test_another_chapter_and_other_students_stay():
    earlier = [result("ada"), result("ben"), second("ada")]
    assert names(kept_beside(earlier, [result("ada", 0.0)])) == [("ben", NAME), ("ada", "02_other")]


def test_all_copies_of_a_student_are_replaced_together():
    copy = result("ada (2)", flags=("duplicate-submission",))
    assert kept_beside([result("ada"), copy], [result("ada")]) == []
    assert names(kept_beside([result("ada (2)")], [result("ada")])) == [("ada (2)", NAME)]


def test_what_belonged_nowhere_goes_once_it_belongs_somewhere():
    nowhere = result("ada", assignment="unknown", tasks=(), digest="")
    assert kept_beside([nowhere], [replace(result("ada"), digest="e")]) == []
    assert len(kept_beside([nowhere], [result("ben")])) == 1


def test_a_file_under_a_new_name_replaces_it_under_the_old_one():
    guessed = result("Copy of", file="ada/Copy of 01_toy.ipynb")
    assert kept_beside([guessed], [result("ada", file="ada/Copy of 01_toy.ipynb")]) == []
    assert len(kept_beside([guessed], [result("ada", file="ada/Copy of 01_toy.ipynb", digest="other")])) == 1


def test_a_roster_that_calls_students_otherwise_does_not_double_the_class():
    moodle = {"platform": "Moodle", "number": "98000"}
    old = result("1001", digest="old settings", **moodle)
    assert kept_beside([old], [result("Ada", **moodle)]) == []
    assert len(kept_beside([old], [result("Ada", platform="Moodle", number="98001")])) == 1
    assert len(kept_beside([old], [second("Ada", **moodle)])) == 1


def test_equal_notebooks_of_two_students_graded_one_by_one_both_stay():
    alone = f"{NAME}.ipynb"
    assert len(kept_beside([result("ada", file=alone)], [result("ben", file=alone)])) == 1


def test_changes_say_which_cells_moved_the_score():
    (change,) = changes([result("ada", 0.0), result("ben"), second()], [result("ada"), result("ben"), result("new")])
    assert (change.before.score, change.after.score, change.tasks) == (3.0, 8.0, (("test-double", 0.0, 5.0),))


def test_a_cell_that_is_new_counts_as_nothing_before():
    fewer = replace(result("ada"), tasks=result("ada").tasks[1:])
    assert changes([fewer], [result("ada")])[0].tasks == (("test-double", 0.0, 5.0),)


def kept(folder, *results):
    for each in results:
        folder.write(GradedSubmission(each, None))
    folder.write_batch(list(results))


def test_what_earlier_runs_left_is_read_back(tmp_path):
    folder = ResultsFolder(tmp_path)
    assert folder.earlier() == []
    kept(folder, result("ada"), second("ben"))
    assert names(folder.earlier()) == [("ada", NAME), ("ben", "02_other")]


def test_a_result_whose_file_was_removed_is_no_longer_kept(tmp_path):
    folder = ResultsFolder(tmp_path)
    kept(folder, result("ada"), result("ben"))
    folder.result_path("ben", NAME).unlink()
    assert names(folder.earlier()) == [("ada", NAME)]


def test_a_damaged_list_is_made_again_from_the_submissions_own_files(tmp_path):
    folder = ResultsFolder(tmp_path)
    kept(folder, result("ada"), result("ben"))
    (tmp_path / "results.json").write_text("{")
    folder.result_path("ben", NAME).write_text("[]")
    assert names(folder.earlier()) == [("ada", NAME)]
