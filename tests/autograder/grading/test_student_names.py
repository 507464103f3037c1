"""Whose a file is, by the names that students, nbgrader, Moodle and Canvas give."""

import re
from pathlib import PurePosixPath

import pytest

from autograder.errors import SubmissionError
from autograder.grading.naming_rules import BEFORE, BEHIND, FILES, FOLDERS
from autograder.grading.student_names import owners, read_names

CHAPTERS = ["01_toy", "02_other"]


def told(*files, root="handed-in", names=None):
    found = owners([PurePosixPath(file) for file in files], root, CHAPTERS, names)
    return [(owner.student, owner.assignment) for owner in found]


def guesses(*files, root="handed-in"):
    return [owner.guess for owner in owners([PurePosixPath(file) for file in files], root, CHAPTERS)]


@pytest.mark.parametrize("rule", [*FOLDERS, *FILES], ids=lambda rule: f"{rule.name}: {rule.example}")
def test_the_example_of_each_rule_is_given_to_its_student(rule):
    (owner,) = owners([PurePosixPath(rule.example)], "in", CHAPTERS)
    assert (owner.student, owner.how) == (rule.student, rule.name)
    assert bool(owner.number) == bool(rule.number) and owner.everywhere == (rule.number == "everywhere")


@pytest.mark.parametrize("filler", [*BEFORE, *BEHIND], ids=lambda filler: filler.example)
def test_what_tools_and_students_add_to_a_name_is_nobody(filler):
    assert told(f"ada/{filler.example}", f"ben/{filler.example}") == [("ada", "01_toy"), ("ben", "01_toy")]
    assert told(filler.example, root="ada") == [("ada", "01_toy")]


@pytest.mark.parametrize(
    ("file", "student"),
    [
        ("Ada Lovelace - 01_toy.ipynb", "Ada Lovelace"),
        ("Ada Lovelace - Copy of 01_toy.ipynb", "Ada Lovelace"),
        ("Copy of Ada Lovelace - 01_toy (1).ipynb", "Ada Lovelace"),
        ("20261101_ada_01_toy_final.ipynb", "ada"),
        ("ada_2026-11-01 12.30_01_toy.ipynb", "ada"),
        ("Neu_01_toy.ipynb", "Neu"),
        ("Li My_01_toy-v2.ipynb", "Li My"),
        ("ada - 01 toy.ipynb", "ada"),
        ("Ada_01-Toy.ipynb", "Ada"),
        ("“01_toy.ipynb”的副本.ipynb", "class"),
        ("01_toy.ipynb のコピー.ipynb", "class"),
    ],
)
def test_a_name_is_found_between_what_says_nothing(file, student):
    assert told(file, root="class") == [(student, "01_toy")]


def test_nbgraders_exchange_and_what_it_collects_name_the_students():
    """nbgrader splits a folder's name from the right (exchange/collect.py), so a name of a student may hold a plus."""
    inbound = "inbound/{}+01_toy+2026-11-01 12:00:00.000000 UTC{}/01_toy.ipynb"
    assert told(inbound.format("ada", ""), inbound.format("ben+b@x.org", "+x1Y2"), inbound.format("ada", "+z")) == [
        ("ada", "01_toy"), ("ben+b@x.org", "01_toy"), ("ada", "01_toy"),
    ]  # fmt: skip
    # ngshare's collect writes nbgrader's own layout.
    assert told("doe_jane/01_toy/01_toy.ipynb", "ben@x.org/02_other/answer.ipynb", root="submitted") == [
        ("doe_jane", "01_toy"), ("ben@x.org", "02_other"),
    ]  # fmt: skip


def test_the_layouts_of_platforms_name_the_students():
    brightspace = "{}-99 - {} - Nov 1, 2026 {} PM/hw.ipynb"
    github = "01-toy-submissions/01-toy-{}/notebooks/01_toy.ipynb"
    for files, students in (
        ((brightspace.format(7, "Ada O'Neil-Li", 1230), brightspace.format(8, "Ben", 101)), ["Ada O'Neil-Li", "Ben"]),
        ((github.format("ada-l"), github.format("ben")), ["ada-l", "ben"]),
        (("hw1-submissions/hw1-ada/x.ipynb", "hw1-submissions/hw1-ben/x.ipynb"), ["ada", "ben"]),
        (("cs1-01-toy-ada/01_toy.ipynb", "cs1-01-toy-ben/01_toy.ipynb"), ["ada", "ben"]),
        (("Van Berg_Ben_ben_1002/x.ipynb", "Lovelace_Ada_ada_1001/20261101_01_toy.ipynb"), ["ben", "ada"]),
        (("01_toy_ada_attempt_2026-11-01-12-30-00_hw.ipynb",), ["ada"]),
        (("Classroom/Toys/01_toy/Ada L - 01_toy.ipynb", "Classroom/Toys/01_toy/Ben - 01_toy.ipynb"), ["Ada L", "Ben"]),
    ):
        assert [student for student, _ in told(*files)] == students


def test_a_title_tells_the_chapter():
    assert told("01_toy_ada_attempt_2026-11-01-12-30-00_hw.ipynb") == [("ada", "01_toy")]
    assert told("ada+02_other+2026-11-01 12:00:00.000000 UTC+x/hw.ipynb") == [("ada", "02_other")]


@pytest.mark.parametrize(
    ("folder", "student"),
    [
        ("Dorn_Eva_e_dorn_28_1003", "e_dorn_28"),
        ("O'Brien_Sean_sobrien_1004", "sobrien"),
        ("Downey, Jr._Robert_rdj_1005", "rdj"),
        ("_Madonna_mad_1006", "mad"),
        ("Suharto__suh_1007", "suh"),
        ("________________ahmad_1008", "ahmad"),
        ("I____k_Ya__mur_yisik_1009", "yisik"),
    ],
)
def test_logins_of_ilias_are_found_whatever_ascii_has_left_of_a_name(folder, student):
    """ILIAS writes one underscore for each byte of a letter that ASCII lacks, and none of a name that is missing."""
    others = [f"Gas/Submissions/{other}/x.ipynb" for other in ("Lovelace_Ada_ada_1001", "Berg_Ben_ben_1002")]
    assert told(f"Gas/Submissions/{folder}/x.ipynb", *others)[0] == (student, None)


def test_a_login_of_ilias_that_may_have_lost_its_beginning_is_a_guess():
    files = ["Thi_Minh_nthi_14_1001/x.ipynb", "Th___Minh___nthi_15_1002/x.ipynb"]
    assert [student for student, _ in told(*files)] == ["nthi_14", "15"]
    assert guesses(*files)[0] == "" and "login may begin before '15'" in guesses(*files)[1]


def test_a_folder_of_no_one_beside_those_of_ilias_costs_nobody_the_login():
    files = ["Lovelace_Ada_ada_1001/x.ipynb", "Berg_Ben_ben_1002/x.ipynb", "my solution/01_toy.ipynb"]
    assert [student for student, _ in told(*files)] == ["ada", "ben", "my solution"]


def test_late_files_of_ilias_are_known_as_such_in_english_and_german():
    names = ["01_toy", "Late Submission - 01_toy", "Verspatete Abgabe - mine"]
    files = [f"Berg_Ben_ben_100{number}/{name}.ipynb" for number, name in enumerate(names)]
    assert [owner.late for owner in owners([PurePosixPath(file) for file in files], "in", CHAPTERS)] == [
        False, True, True,
    ]  # fmt: skip


def test_a_title_of_blackboards_ends_where_all_files_of_a_download_agree():
    """Title and user name may both hold underscores."""
    attempt = "Week_1 gas_{}_attempt_2026-11-01-12-30-0{}_x.ipynb"
    files = [attempt.format(*of) for of in (("e_dorn_28", 0), ("e_dorn_28", 1), ("ada", 2), ("o'neil_07", 3))]
    assert [student for student, _ in told(*files)] == ["e_dorn_28", "e_dorn_28", "ada", "o'neil_07"]
    both = ["01_toy_a_b_attempt_2026-11-01-12-30-00_x.ipynb", "02_other_a_b_attempt_2026-11-08-12-30-00_x.ipynb"]
    assert told(*both, "01_toy_cleo_attempt_2026-11-01-12-30-00_x.ipynb") == [
        ("a_b", "01_toy"), ("b", "02_other"), ("cleo", "01_toy"),
    ]  # fmt: skip


def test_a_file_without_a_name_among_those_of_a_class_is_a_guess_and_changes_no_other():
    """A folder of Google Classroom's in Drive: copies bear the student's name, an upload only its own."""
    named = [f"Chemistry/Week 1/{name} - 01_toy.ipynb" for name in ("Ada L", "Ben - HW1", "Li My", "Sam Roth - Roth")]
    assert [student for student, _ in told(*named, "Chemistry/Week 1/01_toy.ipynb")] == [
        "Ada L", "Ben", "Li My", "Sam Roth", "Week 1",
    ]  # fmt: skip
    assert guesses(*named, "Chemistry/Week 1/01_toy.ipynb")[:4] == [""] * 4
    assert "its name tells no student" in guesses(*named, "Chemistry/Week 1/01_toy.ipynb")[4]


def test_a_file_that_tells_no_student_can_be_given_to_one_by_its_place():
    files = ["Week 1/01_toy.ipynb", "Week 1/01_toy (1).ipynb", "Week 1/Robert Downey, Jr. - 01_toy.ipynb"]
    names = {"Week 1/01_toy.ipynb": "ada", "Week 1/01_toy (1).ipynb": "ben", "Robert Downey, Jr.": "rdj"}
    assert [student for student, _ in told(*files, names=names)] == ["ada", "ben", "rdj"]


def test_folders_with_numbers_are_no_download_of_ilias_unless_most_are():
    assert told("my_own_work_12/01_toy.ipynb", "ben/01_toy.ipynb") == [("my_own_work_12", "01_toy"), ("ben", "01_toy")]


def test_folders_that_everyone_has_are_nobodys():
    assert told("ada/notebooks/01_toy.ipynb") == [("ada", "01_toy")]
    assert told("ada/unit one/01_toy.ipynb", "ben/unit one/01_toy.ipynb") == [("ada", "01_toy"), ("ben", "01_toy")]
    weekly = ["week 1/ada/01_toy.ipynb", "week 1/ben/01_toy.ipynb", "week 2/ada/02_other.ipynb", "week 2/ben/x.ipynb"]
    assert [student for student, _ in told(*weekly)] == ["ada", "ben", "ada", "ben"]


def test_composed_and_decomposed_letters_are_one_name(tmp_path):
    composed, apart = "Zo\u00eb M\u00fcller", "Zoe\u0308 Mu\u0308ller"
    (tmp_path / "names.csv").write_text(f"handed_in,student\n{composed},zoe\n")
    names = read_names(tmp_path / "names.csv")
    file = f"{apart}_123_assignsubmission_file_/01_toy.ipynb"
    assert told(file) == [(composed, "01_toy")]
    assert told(file, names=names) == [("zoe", "01_toy")]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (["ada/eve_01_toy.ipynb"], "the folder says 'ada', the file 'eve'"),
        (["01_toy_ada.ipynb", "01_toy_ben.ipynb"], "stands behind the chapter's name"),
        (["in/01_toy.ipynb", "in/01_toy (1).ipynb"], "nothing tells apart the students of 2 files"),
        (["Copy of 01_toy.ipynb", "Copy of 01_toy (1).ipynb"], "nothing tells apart"),
        (["ada/unit one/01_toy.ipynb", "ben/unit one/01_toy.ipynb"], "called after nobody"),
        (["A_B_ada_11/x.ipynb"], "one folder alone looks like ILIAS's"),
        (["li_47_1_01_toy.ipynb", "li_48_2_01_toy.ipynb"], r"add the line li_4[78],NAME"),
    ],
)
def test_a_guess_is_told_with_its_reason(files, words):
    assert all(re.search(words, guess) for guess in guesses(*files))


def test_what_is_certain_is_no_guess():
    certain = ["ada/01_toy/01_toy.ipynb", "ben/01_toy.ipynb", "cleo_01_toy.ipynb", "d_1_assignsubmission_file_/x.ipynb"]
    assert guesses(*certain) == [""] * 4
    assert guesses("ada/Ada L_01_toy.ipynb", "ben/Copy of 01_toy.ipynb") == ["", ""]


def test_late_files_of_canvas_are_known_as_such():
    found = owners([PurePosixPath(f"bo{late}_1_2_01_toy.ipynb") for late in ("", "_LATE")], "in", CHAPTERS)
    assert [owner.late for owner in found] == [False, True]


@pytest.mark.parametrize(
    ("file", "student", "assignment"),
    [
        ("Ada Lovelace_123_assignsubmission_file_/01_toy.ipynb", "Ada Lovelace", "01_toy"),
        ("Ada Lovelace_123_assignsubmission_file/01_toy.ipynb", "Ada Lovelace", "01_toy"),
        ("Ada Lovelace_123_assignsubmission_file_/week 1/mine.ipynb", "Ada Lovelace", None),
        ("Ada Lovelace_123_assignsubmission_file_/01_toy/mine.ipynb", "Ada Lovelace", "01_toy"),
        ("01_toy/Zoë O'Neil-Li_123_assignsubmission_file_/02_other.ipynb", "Zoë O'Neil-Li", "02_other"),
        ("Ada Lovelace_123_assignsubmission_file_01_toy.ipynb", "Ada Lovelace", "01_toy"),
        ("Ada Lovelace_123_assignsubmission_file_my_01_toy.ipynb", "Ada Lovelace", "01_toy"),
        ("Ada Lovelace_123_assignsubmission_file_my_work.ipynb", "Ada Lovelace", None),
        ("lovelaceada_4711_88_01_toy.ipynb", "lovelaceada", "01_toy"),
        ("lovelaceada_4711_88_01_toy-2.ipynb", "lovelaceada", "01_toy"),
        ("lovelaceada_4711_88_my homework.ipynb", "lovelaceada", None),
        ("canvas/bobo_LATE_4712_89_01_toy.ipynb", "bobo", "01_toy"),
    ],
)
def test_downloads_from_moodle_and_canvas_name_the_student(file, student, assignment):
    assert told(file) == [(student, assignment)]


@pytest.mark.parametrize(
    ("file", "student"),
    [
        ("ada_4711_01_toy.ipynb", "ada_4711"),
        ("ada_123_assignsubmission_01_toy.ipynb", "ada_123_assignsubmission"),
        ("Ada_assignsubmission_file_/01_toy.ipynb", "Ada_assignsubmission_file_"),
        ("ada lovelace_1_2_01_toy.ipynb", "ada lovelace_1_2"),
    ],
)
def test_what_only_looks_like_a_download_is_taken_as_it_is(file, student):
    assert told(file) == [(student, "01_toy")]


def test_namesakes_keep_their_numbers():
    moodle = "Ada Lovelace_{}_assignsubmission_file_/{}.ipynb"
    assert told(moodle.format(1, "01_toy"), moodle.format(2, "01_toy")) == [
        ("Ada Lovelace_1", "01_toy"),
        ("Ada Lovelace_2", "01_toy"),
    ]
    assert told("li_47_1_01_toy.ipynb", "li_48_2_02_other.ipynb") == [("li_47", "01_toy"), ("li_48", "02_other")]


def test_one_student_is_the_same_in_every_assignment():
    moodle = "Ada Lovelace_{}_assignsubmission_file_/{}.ipynb"
    assert {student for student, _ in told(moodle.format(1, "01_toy"), moodle.format(2, "02_other"))} == {
        "Ada Lovelace"
    }
    assert {student for student, _ in told("li_47_1_01_toy.ipynb", "li_47_9_02_other.ipynb")} == {"li"}


def test_a_folder_with_one_notebook_is_its_students():
    assert told("bob/my homework (final).ipynb", "section/ada/hw.ipynb") == [("bob", None), ("ada", None)]


def test_a_folder_with_a_chapters_notebook_is_its_students():
    assert told("bob/01_toy.ipynb", "bob/scratch.ipynb") == [("bob", "01_toy"), ("bob", None)]


def test_a_folder_with_notebooks_of_several_students_is_nobodys():
    assert told("hw/ada.ipynb", "hw/bob.ipynb") == [("ada", None), ("bob", None)]


def test_given_names_replace_those_that_came_back(tmp_path):
    (tmp_path / "names.csv").write_text("handed_in,student\nAda Lovelace,ada\nli_48,li.b\nli,li.a\n")
    names = read_names(tmp_path / "names.csv")
    files = ["Ada Lovelace_1_assignsubmission_file_/01_toy.ipynb", "li_47_1_01_toy.ipynb", "li_48_2_01_toy.ipynb"]
    assert told(*files, "eve_01_toy.ipynb", names=names) == [
        ("ada", "01_toy"),
        ("li.a", "01_toy"),
        ("li.b", "01_toy"),
        ("eve", "01_toy"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,student\n", "expected handed_in, student"),
        ("handed_in,student\na,\n", "line 2: a value is missing"),
        ("handed_in,student\na,x\na,y\n", "line 3: 'a' is there twice"),
    ],
)
def test_names_that_cannot_be_used_are_refused_with_their_line(tmp_path, text, words):
    (tmp_path / "names.csv").write_text(text)
    with pytest.raises(SubmissionError, match=words):
        read_names(tmp_path / "names.csv")
