"""``autograder pack-gradescope``, and the pack in a folder that is as Gradescope makes its container.

Folders and files: gradescope-autograders.readthedocs.io/en/latest/specs/ ("File hierarchy", "Output format") and
…/en/latest/submission_metadata/, read in November 2026.
"""

import copy
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.cli import main
from autograder.cli.gradescope_container import student_name, the_notebook
from autograder.course import Course
from autograder.errors import BuildError, SubmissionError
from autograder.publishing.gradescope_pack import pack_gradescope
from autograder.publishing.pinned_requirements import pinned_requirements
from tests.support.own_user import needs_root, run_open
from tests.support.toy import NAME, toy_course

SETTINGS = 'helpers = ["kit"]\ndata = ["heights.csv"]\nprivate_data = ["answers.csv"]\n'
METADATA = {
    "id": 123456,
    "users": [{"email": "ada@example.com", "id": 1234, "name": "Ada"}],
    "previous_submissions": [],
}
# What setup.sh has of the network: this environment, into which the container writes nothing.
UV = f"""#!/bin/sh
set -e
case $1 in
venv) layers=$AUTOGRADER_PLACE/layers
      mkdir -p "$4" "$layers"
      mount -t tmpfs none "$layers"
      mkdir "$layers/upper" "$layers/work"
      mount -t overlay none "$4" -o "lowerdir={sys.prefix},upperdir=$layers/upper,workdir=$layers/work" ;;
pip) cp "$8" "$AUTOGRADER_PLACE/installed.txt" ;;
esac
"""
# In the container as Gradescope leaves it: setup.sh once, then each submission.
STORY = """
umask 022
set -e
PATH="$1/bin:$PATH" bash "$1/autograder/source/setup.sh" "$1/autograder"
cp "$1/autograder/source/run_autograder" "$1/autograder/run_autograder"
set +e
for name in right wrong hostile open; do
    rm -rf "$1/autograder/submission" "$1/autograder/results"
    cp -r "$1/submissions/$name" "$1/autograder/submission"
    mkdir "$1/autograder/results"
    if [ $name = open ]; then chmod 755 "$1/autograder/source"; fi
    (cd "$1/autograder" && ./run_autograder "$1/autograder") > "$1/$name.txt" 2>&1
    echo $? >> "$1/$name.txt"
    cp "$1/autograder/results/results.json" "$1/$name.json"
done
"""
ATTACK = """
import os, glob
for folder in ("{0}/source", "{0}/source/course/notebooks", "{0}/submission", "{0}/results"):
    try: print("seen", os.listdir(folder))
    except OSError: pass
source = "{0}/source/course"
for path in (f"{{source}}/notebooks/{1}.ipynb", f"{{source}}/kit/reference.py", "{0}/submission_metadata.json"):
    try: print("read", open(path).read())
    except OSError: pass
for path in ("{0}/results/results.json", "{0}/source/course/course.toml", "{0}/run_autograder", "{2}/venv/bin/forged"):
    try: print("written", open(path, "w").write('{{"score": 10}}'))
    except OSError: pass
print("found", [path for path in glob.glob("/tmp/*/*") + glob.glob("/tmp/*/*/*") if "{1}" in path])
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("gradescope") / "course"
    course = toy_course(root)
    (root / "course.toml").write_text(SETTINGS)
    (root / "kit").mkdir()
    (root / "kit" / "__init__.py").write_text("")
    (root / "kit" / "reference.py").write_text("VALUE = 4711\n")
    (root / "notebooks" / "heights.csv").write_text("168\n")
    (root / "notebooks" / "answers.csv").write_text("4711\n")
    (root / "notebooks" / "02_later.ipynb").write_text((root / "notebooks" / f"{NAME}.ipynb").read_text())
    (root / "requirements-student.txt").write_text("# for students\nnumpy>=2\nnot-installed-here==1.0\n")
    return Course(course.root)


@pytest.fixture(scope="module")
def pack(course, tmp_path_factory):
    return pack_gradescope(course, "1", tmp_path_factory.mktemp("pack") / "toy.zip").archive


def answered(toy_student, double):
    notebook = copy.deepcopy(toy_student)
    cells = {cell.id: cell for cell in notebook.cells}
    cells["double"].source = double
    cells["half"].source = "def half(x):\n    return x / 2"
    cells["written-why"].source = "Added to itself."
    return notebook


@pytest.fixture(scope="module")
def container(pack, toy_student):
    """What came of setting up the container and of each submission, and what was put into the environment."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        root = place / "autograder"
        (root / "source").mkdir(parents=True)
        subprocess.run([sys.executable, "-m", "zipfile", "-e", str(pack), str(root / "source")], check=True)
        (root / "source" / "run_autograder").chmod(0o755)
        (root / "submission_metadata.json").write_text(json.dumps(METADATA))
        (place / "bin").mkdir()
        (place / "bin" / "uv").write_text(UV)
        (place / "bin" / "uv").chmod(0o755)
        wrong = answered(toy_student, "def double(x):\n    return 3 * x")
        hostile = copy.deepcopy(wrong)
        hostile.cells.insert(1, new_code_cell(ATTACK.format(root, NAME, place / "opt")))
        right = answered(toy_student, "def double(x):\n    return 2 * x")
        handed_in = {"right": right, "wrong": wrong, "hostile": hostile, "open": right}
        for who, notebook in handed_in.items():
            (place / "submissions" / who).mkdir(parents=True)
            nbformat.write(notebook, place / "submissions" / who / "my solution.ipynb")
        environment = {"AUTOGRADER_PLACE": str(place / "opt"), "PYTHONPATH": ""}
        done = run_open(["bash", "-c", STORY, "bash", name], place / "mnt", environment)
        assert done.returncode == 0, done.stderr + done.stdout
        outcomes = {who: json.loads((place / f"{who}.json").read_text()) for who in handed_in}
        printed = {who: (place / f"{who}.txt").read_text() for who in handed_in}
        yield outcomes, printed, (place / "opt" / "installed.txt").read_text(), done.stdout


def test_the_pack_holds_what_grading_one_chapter_needs_and_nothing_else(pack, course):
    with zipfile.ZipFile(pack) as zipped:
        files = [name for name in zipped.namelist() if not name.endswith("/")]
        modes = {name: zipped.getinfo(name).external_attr >> 16 & 0o777 for name in ("setup.sh", "run_autograder")}
        text = zipped.read(next(name for name in files if name.startswith("course/build/"))).decode()
    assert modes == {"setup.sh": 0o755, "run_autograder": 0o755}
    assert {name for name in files if "/" not in name} == {"setup.sh", "run_autograder", "requirements.txt"}
    mine = {name for name in files if name.startswith("course/") and "/build/" not in name}
    assert mine == {
        "course/course.toml", "course/autotests.yml", "course/kit/__init__.py", "course/kit/reference.py",
        f"course/notebooks/{NAME}.ipynb", "course/notebooks/heights.csv", "course/notebooks/answers.csv",
    }  # fmt: skip
    assert "engine/autograder/cli/gradescope_container.py" in files
    assert "test-half" in json.loads(text)


def test_the_scripts_are_shell(pack, tmp_path):
    with zipfile.ZipFile(pack) as zipped:
        zipped.extractall(tmp_path, ["setup.sh", "run_autograder"])
    for script in ("setup.sh", "run_autograder"):
        assert (tmp_path / script).read_text().startswith("#!/usr/bin/env bash\n")
        subprocess.run(["bash", "-n", tmp_path / script], check=True)


def test_requirements_are_pinned_as_they_are_installed_here():
    lines = pinned_requirements("numpy>=2\n# no package\n-r other.txt\nnot-installed-here==1.0\n").splitlines()
    installed = dict(line.split("==") for line in lines)
    assert {"numpy", "nbgrader", "ipykernel", "pyzmq", "not-installed-here"} <= set(installed)
    assert not {"pytest", "jupyter-book", "deep-learning-workbook"} & set(installed)
    assert not any("+" in line for line in lines)


def test_a_course_that_insists_on_every_layer_is_refused(tmp_path):
    course = toy_course(tmp_path / "course")
    (course.root / "course.toml").write_text('[grading]\nisolation = "required"\n')
    with pytest.raises(BuildError, match='Set it to "auto"'):
        pack_gradescope(Course(course.root), NAME, tmp_path / "toy.zip")


def test_the_command_checks_the_chapter_and_packs_it(course, tmp_path, monkeypatch, capsys):
    command = ["autograder", "pack-gradescope", "1", "--course", str(course.root), "--out", str(tmp_path / "toy.zip")]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert f"notebooks/{NAME}.ipynb" in capsys.readouterr().out
    assert zipfile.is_zipfile(tmp_path / "toy.zip")


@needs_root
def test_setup_installs_the_pinned_requirements(container, pack):
    assert container[2] == zipfile.ZipFile(pack).read("requirements.txt").decode()


@needs_root
def test_a_right_submission_earns_its_points(container):
    right = container[0]["right"]
    assert right["score"] == 8, container[1]["right"]
    assert [(test["name"], test.get("score"), test.get("max_score")) for test in right["tests"]] == [
        ("test-double", 5, 5), ("test-half", 3, 3), ("written-why", None, None),
    ]  # fmt: skip
    assert right["extra_data"]["student"] == "ada@example.com"
    assert (right["visibility"], right["stdout_visibility"]) == ("visible", "hidden")
    assert "own user" in container[1]["right"] and container[1]["right"].endswith("\n0\n")


@needs_root
def test_a_wrong_submission_is_told_what_is_wrong_and_no_hidden_value(container):
    wrong = container[0]["wrong"]
    assert wrong["score"] == 3
    failed = wrong["tests"][0]
    assert failed["status"] == "failed" and "double(1) should be 2" in failed["output"]
    assert "4711" not in json.dumps(wrong)


@needs_root
def test_a_hostile_submission_reads_and_writes_nothing_of_the_container(container):
    """It earns what its answers are worth, as the wrong one does."""
    outcomes, printed, *_ = container
    assert outcomes["hostile"]["score"] == 3
    assert [test.get("score") for test in outcomes["hostile"]["tests"]] == [0, 3, None]
    assert "4711" not in json.dumps(outcomes["hostile"])
    assert printed["hostile"].endswith("\n0\n")


@needs_root
def test_a_source_that_others_can_read_is_refused_with_the_reason(container):
    outcomes, printed, *_ = container
    assert outcomes["open"]["score"] == 0 and "tests" not in outcomes["open"]
    assert "not graded" in outcomes["open"]["output"] and "instructor" in outcomes["open"]["output"]
    assert "has mode 755" in printed["open"] and "Expected mode 700" in printed["open"]


def test_the_notebook_is_the_only_one_or_the_one_with_the_chapters_name(tmp_path):
    with pytest.raises(SubmissionError, match="no notebook"):
        the_notebook(tmp_path, NAME)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "Copy of toy.ipynb").write_text("{}")
    assert the_notebook(tmp_path, NAME).name == "Copy of toy.ipynb"
    (tmp_path / "draft.ipynb").write_text("{}")
    with pytest.raises(SubmissionError, match=r"several notebooks: Copy of toy\.ipynb, draft\.ipynb"):
        the_notebook(tmp_path, NAME)
    (tmp_path / f"{NAME}.ipynb").write_text("{}")
    assert the_notebook(tmp_path, NAME).name == f"{NAME}.ipynb"


def test_a_group_is_named_after_all_its_users(tmp_path):
    metadata = tmp_path / "submission_metadata.json"
    assert student_name(metadata) == "student"
    metadata.write_text(json.dumps({"users": [{"email": "ada@example.com"}, {"email": "../bob", "id": 2}, {"id": 3}]}))
    assert student_name(metadata) == "ada@example.com+..%2Fbob+3"
