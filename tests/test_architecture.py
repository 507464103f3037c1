"""What holds the code base together: imports point one way, modules stay small."""

import ast
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from autograder.course import Course
from tests.conftest import ROOT

PACKAGES = ("autograder", "workbook", "authoring")
MODULES = sorted(
    path for name in PACKAGES for path in (ROOT / name).rglob("*.py") if path.parent.name != "wrong_answers"
)
# Data sets, networks and names of this course. A common word of the engine, such as "digits", is not among them.
COURSE_WORDS = re.compile(
    r"mnist|cifar|vgg|alexnet|resnet|efficientnet|\bgaze\b|\bxor\b(?!-for-power)|workbook|deep.learning|chapter ?\d\d",
    re.IGNORECASE,
)


def imported(path):
    """The modules that a file imports, wherever in it it does."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_imports_point_one_way():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_engine_names_nothing_of_this_course():
    files = [path for path in (ROOT / "autograder").rglob("*") if path.suffix in (".py", ".html", ".css")]
    # It names the distribution, which this repository's course shares, and the packages of its extra.
    files.remove(ROOT / "autograder" / "extras.py")
    assert len(files) > 100
    found = [f"{path.relative_to(ROOT)}: {word}" for path in files for word in COURSE_WORDS.findall(path.read_text())]
    assert found == []


def test_a_helper_package_imports_of_the_engine_only_what_checks_are_written_with():
    files = [path for name in Course(ROOT).settings.helpers for path in (ROOT / name).rglob("*.py")]
    assert len(files) > 50
    strange = {
        (str(path.relative_to(ROOT)), name)
        for path in files
        for name in imported(path)
        if name.startswith(("autograder.", "authoring.")) and not name.startswith("autograder.testing")
    }
    assert strange == set()


def test_every_chapter_has_its_room_and_its_tests():
    for chapter in Course(ROOT).chapters:
        room = f"chapter{chapter.name[:2]}"
        assert (ROOT / "workbook" / room / "exercises.py").is_file()
        assert (ROOT / "authoring" / "wrong_answers" / f"{chapter.name}.py").is_file()
        assert chapter.name.startswith("00") or (ROOT / "tests" / "workbook" / room).is_dir()


def test_every_module_is_type_checked():
    checked = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["packages"]
    assert set(checked) == set(PACKAGES)


def test_modules_are_small():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_no_file_names_a_place_of_one_machine():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    # A clone may well be in the system's folder for temporary files, which texts do name.
    place = ROOT if ROOT.parent == Path(tempfile.gettempdir()) else ROOT.parent
    for name in tracked:
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".txt", ".yml", ".ipynb", ""):
            assert f"{place}/" not in path.read_text(errors="replace"), name
