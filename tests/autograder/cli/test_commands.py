"""The commands as a user types them, on the toy course."""

import copy
import json
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest

from autograder.kernel.isolation import available
from autograder.notebook.cells import by_grade_id
from autograder.notebook.inventory import with_inventory
from tests.conftest import ROOT
from tests.support.toy import NAME, toy_course

pytestmark = pytest.mark.xdist_group("commands")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    course = toy_course(tmp_path_factory.mktemp("cli") / "course")
    (course.root / "requirements-student.txt").write_text("numpy\n")
    return course.root


def autograder(*arguments, cwd):
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600, check=False)


def answered(toy_student, double="def double(x):\n    return 2 * x"):
    notebook = copy.deepcopy(toy_student)
    by_grade_id(notebook)["double"].source = double
    by_grade_id(notebook)["half"].source = "def half(x):\n    return x / 2"
    by_grade_id(notebook)["written-why"].source = "Added to itself."
    return notebook


@pytest.fixture(scope="module")
def submitted(tmp_path_factory, toy_student):
    root = tmp_path_factory.mktemp("submitted")
    for student, notebook in (("ada", answered(toy_student)), ("bob", toy_student)):
        (root / student).mkdir()
        nbformat.write(notebook, root / student / f"{NAME}.ipynb")
    return root


@pytest.mark.slow
def test_release_makes_a_bundle_in_which_a_student_can_validate(place, tmp_path):
    made = autograder("release", "01", "--out", tmp_path / "bundle", cwd=place)
    assert made.returncode == 0, made.stderr
    checked = autograder("validate", f"{NAME}.ipynb", cwd=tmp_path / "bundle")
    assert checked.returncode == 1
    assert "0 of 3 checks passed" in checked.stdout
    assert "No answer was written." in checked.stdout
    refused = autograder("grade", ".", cwd=tmp_path / "bundle")
    assert refused.returncode == 2


def test_release_makes_solutions_and_says_what_it_wrote_and_left_out(place, tmp_path):
    made = autograder("release", "--solutions", "01", "--out", tmp_path / "after", cwd=place)
    assert made.returncode == 0, made.stderr
    assert [path.name for path in (tmp_path / "after").iterdir()] == [f"{NAME}_solution.ipynb"]
    assert f"wrote    {tmp_path / 'after' / NAME}_solution.ipynb" in made.stdout
    assert "2 solutions and 1 model answer; left out: hidden tests of 2 cells, 1 mark scheme" in made.stdout


def test_validate_passes_a_finished_notebook(place, tmp_path, toy_student):
    nbformat.write(answered(toy_student), tmp_path / "mine.ipynb")
    done = autograder("validate", "mine.ipynb", "--timeout", "60.5", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "2 of 2 checks passed" in done.stdout


def test_validate_names_a_cell_that_stops(tmp_path, toy_student):
    notebook = answered(toy_student)
    by_grade_id(notebook)["double"].source = "import no_such_module"
    nbformat.write(notebook, tmp_path / "mine.ipynb")
    done = autograder("validate", "mine.ipynb", cwd=tmp_path)
    assert done.returncode == 1
    assert "ModuleNotFoundError" in done.stdout
    assert "double is not defined" in done.stdout


def test_validate_tells_which_cells_are_gone_or_were_edited(tmp_path, toy_student):
    notebook = with_inventory(answered(toy_student))
    cells = by_grade_id(notebook)
    cells["test-double"].source = "print('correct')"
    notebook.cells.remove(cells["test-half"])
    nbformat.write(notebook, tmp_path / "mine.ipynb")
    done = autograder("validate", "mine.ipynb", cwd=tmp_path)
    assert done.returncode == 1
    words = [line.split()[:2] for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert words == [["passed", "test-double"], ["manual", "written-why"], ["missing", "test-half"],
                     ["changed", "test-double"], ["1", "of"]]  # fmt: skip


def test_validate_names_the_line_of_a_syntax_error_before_what_follows_from_it(tmp_path, toy_student):
    notebook = answered(toy_student)
    by_grade_id(notebook)["double"].source = "def double(x):\n    return 2 * * x"
    nbformat.write(notebook, tmp_path / "mine.ipynb")
    first, error, *_ = autograder("validate", "mine.ipynb", cwd=tmp_path).stdout.splitlines()
    assert first == "stopped     the cell that begins with 'def double(x):'"
    assert error.strip() == "SyntaxError: invalid syntax (line 2 of the cell)"


def test_validate_says_whether_hidden_cases_were_tried(place, tmp_path, toy_student):
    nbformat.write(answered(toy_student), tmp_path / "mine.ipynb")
    assert "; hidden cases are tried when you hand in." in autograder("validate", "mine.ipynb", cwd=tmp_path).stdout
    assert "; hidden cases included." in autograder("validate", f"notebooks/{NAME}.ipynb", cwd=place).stdout


def test_grade_keeps_results_and_feedback_is_made_from_them(place, submitted, tmp_path):
    out, copy_of_json = tmp_path / "results", tmp_path / "all.json"
    done = autograder("grade", submitted, "--out", out, "--json", copy_of_json, "--jobs", 2, cwd=place)
    assert done.returncode == 0, done.stderr
    assert f"isolation: {available()}" in " ".join(done.stdout.split())
    scores = {s["student"]: s["score"] for s in json.loads(copy_of_json.read_text())["submissions"]}
    assert scores == {"ada": 8, "bob": 0}
    again = autograder("grade", submitted, "--out", out, cwd=place)
    assert again.stdout.count("kept from an earlier run") == 2
    pages = autograder("feedback", out, cwd=place)
    assert pages.returncode == 0, pages.stderr
    assert (out / "feedback" / "index.html").is_file()
    assert (out / "feedback" / NAME / "bob.html").is_file()


def test_json_goes_to_standard_output_alone_and_the_log_has_every_submission(place, submitted, tmp_path):
    log = tmp_path / "log.jsonl"
    done = autograder("grade", submitted, "--out", tmp_path / "out", "--json", "-", "--log", log, cwd=place)
    assert {s["student"] for s in json.loads(done.stdout)["submissions"]} == {"ada", "bob"}
    assert "2 submissions" in done.stderr
    first, *middle, last = (json.loads(line) for line in log.read_text().splitlines())
    assert (first["event"], first["submissions"], last["event"]) == ("started", 2, "finished")
    assert first["passed_over"] == []
    assert {line["student"]: line["score"] for line in middle} == {"ada": 8, "bob": 0}
    quiet = autograder("grade", submitted, "--out", tmp_path / "out", "--quiet", cwd=place)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


def test_grade_takes_a_zip_names_what_it_passes_over_and_exits_1_where_something_could_not_be_graded(
    place, submitted, tmp_path
):
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.write(submitted / "ada" / f"{NAME}.ipynb", f"week 1/ada/{NAME}.ipynb")
        zipped.writestr(f"week 1/eve/{NAME}.ipynb", "torn")
        with zipfile.ZipFile(tmp_path / "hw.zip", "w") as inner:
            inner.write(submitted / "ada" / f"{NAME}.ipynb", f"mine/{NAME}.ipynb")
        zipped.write(tmp_path / "hw.zip", "week 1/gus/hw.zip")
        for number in range(22):
            zipped.writestr(f"fay{number:02}_{NAME}.ipynb.txt", "{}")
    log = tmp_path / "log.jsonl"
    done = autograder("grade", archive, "--out", tmp_path / "results", "--log", log, cwd=place)
    assert done.returncode == 1
    assert f"passed over, to be renamed to .ipynb: fay00_{NAME}.ipynb.txt" in done.stdout
    assert "passed over: 2 more files" in done.stdout
    assert len(json.loads(log.read_text().splitlines()[0])["passed_over"]) == 22
    assert f"ada: week 1/ada/{NAME}.ipynb" in done.stdout and "gus: week 1/gus/hw.zip" in done.stdout
    assert f"eve {NAME}: " in done.stdout and "not a complete notebook" in done.stdout


def test_grade_names_folders_without_a_notebook_and_students_by_the_names_they_are_given(place, submitted, tmp_path):
    handed_in, log = tmp_path / "in", tmp_path / "log.jsonl"
    for folder in ("Ada L_12_assignsubmission_file_", "Zoe_13_assignsubmission_file_", "empty"):
        (handed_in / folder).mkdir(parents=True)
    for folder in ("Ada L_12", "Zoe_13"):
        shutil.copy(submitted / "ada" / f"{NAME}.ipynb", handed_in / f"{folder}_assignsubmission_file_")
    shutil.copy(submitted / "ada" / f"{NAME}.ipynb", handed_in / "Ada L_12_assignsubmission_file_" / "second.ipynb")
    first, more = tmp_path / "names.csv", tmp_path / "more.csv"
    first.write_text("handed_in,student\nAda L,somebody\nBea,bea\n")
    more.write_text("handed_in,student\nAda L,ada\n")
    options = ("--out", tmp_path / "out", "--log", log, "--students", first, "--students", more, "--json", "-")
    done = autograder("grade", handed_in, *options, cwd=place)
    assert done.returncode == 0, done.stderr
    last = [f"not in {first} or {more}: Zoe", "nothing from: Bea (bea)", "no notebook in: empty"]
    assert done.stderr.splitlines()[-3:] == last
    batch = json.loads(done.stdout)
    assert [s["student"] for s in batch["submissions"]] == ["Zoe", "ada", "ada (2)"]
    assert batch["without_notebook"] == ["empty"]
    assert json.loads((tmp_path / "out" / "results.json").read_text()) == batch
    assert json.loads(log.read_text().splitlines()[0])["without_notebook"] == ["empty"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "nowhere"], "does not exist"),
        (["feedback", "nowhere"], "no results.json"),
        (["validate", "nowhere.ipynb"], "does not exist"),
        (["release", "99", "--out", "x"], "no chapter '99'"),
        (["grade", ".", "--jobs", "0"], "--jobs"),
        (["grade", ".", "--jobs", "2", "--scheduler", "tcp://127.0.0.1:1"], "--scheduler"),
        (["grade", ".", "--scheduler", "127.0.0.1"], "Expected tcp://host:port"),
        (["grade", ".", "--json", "nowhere/all.json"], "there is no folder"),
        (["grade", "nowhere", "--json", "/proc/all.json"], "--json /proc/all.json cannot be written"),
        (["grade", "nowhere", "--json", "notebooks"], "--json notebooks is a folder"),
        (["grade", ".", "--students", "_toc.yml"], "expected handed_in, student"),
        (["release", "1", "--out", "_toc.yml/rel"], "cannot be written: Not a directory"),
        (["release", "--solutions"], "no chapter is named"),
        (["release", "--solutions", "1", "--roster", "_toc.yml"], "--roster does not go with --solutions"),
        (["no-such-command"], "No such command"),
    ],
)
def test_wrong_usage_exits_2_with_a_reason_and_no_traceback(place, in_process, arguments, words):
    done = in_process(*arguments, cwd=place)
    assert done.status == 2
    assert words in done.err
    assert "Traceback" not in done.err


def test_required_isolation_is_in_force_or_nothing_is_graded(place, submitted, tmp_path):
    done = autograder("grade", submitted, "--out", tmp_path / "out", "--isolation", "required", cwd=place)
    if available().complete:
        assert done.returncode == 0
        batch = json.loads((tmp_path / "out" / "results.json").read_text())["submissions"]
        assert {submission["isolation"] for submission in batch} == {str(available())}
    else:
        assert done.returncode == 2 and "cannot be met" in done.stderr
        assert not (tmp_path / "out").exists()


def test_nbgraders_rules_are_said_to_be_open_to_deception(place, submitted, tmp_path):
    done = autograder("grade", submitted, "--out", tmp_path / "out", "--nbgrader-scoring", cwd=place)
    assert done.returncode == 0
    assert "can deceive" in " ".join(done.stdout.split())
    batch = json.loads((tmp_path / "out" / "results.json").read_text())["submissions"]
    assert {s["student"]: s["score"] for s in batch} == {"ada": 8, "bob": 0}


def test_outside_a_course_the_message_says_so(tmp_path):
    done = autograder("release", cwd=tmp_path)
    assert done.returncode == 2
    assert "not inside a course" in done.stderr


def test_doctor_says_what_is_here_and_what_isolates(tmp_path):
    done = autograder("doctor", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    for word in ("python3", "isolation", "numpy"):
        assert word in done.stdout
    assert "MNIST" not in done.stdout


def test_doctor_says_what_the_notebooks_of_a_course_need():
    done = autograder("doctor", cwd=ROOT)
    for word in ("python3", "torchvision", "MNIST"):
        assert word in done.stdout


def test_damaged_results_are_refused(place, in_process, tmp_path):
    (tmp_path / "results.json").write_text("{")
    done = in_process("feedback", tmp_path, cwd=place)
    assert done.status == 2
    assert "damaged" in done.err
