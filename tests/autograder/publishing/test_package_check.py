"""A notebook that was opened without its bundle says so in a sentence, in its first cell of code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import IPython
import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import Course
from autograder.notebook.released_cells import PACKAGE_CHECK
from autograder.publishing.package_check import with_package_check
from autograder.publishing.release import release
from tests.support.toy import NAME, toy_course

# Runs cells as a kernel does, and prints what the first that fails shows in place of its output.
_RUN = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell()
shown = []
shell._showtraceback = lambda kind, value, lines: shown.extend(lines)
for source in json.load(sys.stdin):
    if not shell.run_cell(source).success:
        break
print(json.dumps(shown))
"""


def _notebook(*sources: str) -> NotebookNode:
    cells = [new_code_cell(source) for source in sources]
    notebook: NotebookNode = new_notebook(cells=[new_markdown_cell("# Toy"), *cells])
    return notebook


def _shown(notebook: NotebookNode, folder: Path) -> list[str]:
    """What a reader sees who runs all cells in ``folder``, with IPython's packages but not this course."""
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    packages = Path(IPython.__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = [{str(folder)!r}, {str(packages)!r}]\n{_RUN}"],
        input=json.dumps(code), capture_output=True, text=True, check=True, cwd=folder,
    )  # fmt: skip
    shown: list[str] = json.loads(run.stdout.splitlines()[-1])
    return shown


@pytest.mark.parametrize("missing", ["spare_parts", "tools_of_another_course"])
def test_a_missing_helper_is_named_with_what_to_do_and_nothing_else_is_shown(missing: str, tmp_path: Path) -> None:
    notebook = with_package_check(_notebook(f"from {missing}.chapter01 import exercises"), [missing])
    (line,) = _shown(notebook, tmp_path)
    assert line.startswith(f"The helper package {missing!r} is not in the folder of this notebook.")
    assert "Download the course's bundle, a zip," in line


def test_a_missing_library_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    (tmp_path / "spare_parts.py").touch()
    notebook = with_package_check(_notebook("import no_such_library.part as p", "import spare_parts"), ["spare_parts"])
    (line,) = _shown(notebook, tmp_path)
    assert line.startswith("no_such_library is not installed.")
    assert "%pip install -r requirements.txt" in line


def test_nothing_is_shown_where_everything_is_there(tmp_path: Path) -> None:
    (tmp_path / "spare_parts.py").touch()
    notebook = with_package_check(_notebook("import json, numpy", "import spare_parts"), ["spare_parts"])
    assert [cell.id for cell in notebook.cells][1] == PACKAGE_CHECK
    assert notebook.cells[1].metadata.jupyter.source_hidden  # JupyterLab folds it away
    assert _shown(notebook, tmp_path) == []


def test_what_kernels_begin_with_is_imported_first(tmp_path: Path) -> None:
    (tmp_path / "spare_parts.py").write_text("from pathlib import Path\nPath('begun').touch()\n")
    notebook = with_package_check(_notebook("import math"), ["spare_parts"], ["spare_parts"])
    assert _shown(notebook, tmp_path) == []
    assert (tmp_path / "begun").exists()
    (tmp_path / "spare_parts.py").unlink()
    (line,) = _shown(notebook, tmp_path)
    assert line.startswith("The helper package 'spare_parts' is not in the folder of this notebook.")


def test_a_notebook_of_the_standard_library_alone_gets_no_cell() -> None:
    notebook = _notebook("import math, json.decoder")
    assert with_package_check(notebook, ["spare_parts"]) == notebook


def test_the_cell_is_the_first_of_code_in_the_bundle_and_costs_no_student_a_cell(tmp_path: Path) -> None:
    course = toy_course(tmp_path / "course")
    (course.root / "course.toml").write_text('helpers = ["tools"]\n')
    (course.root / "tools.py").touch()
    path = course.chapter(NAME).path
    source = nbformat.read(path, as_version=4)
    source.cells[1].source = "import math\nimport tools"
    nbformat.write(source, path)
    made = release(Course(course.root), out=tmp_path / "bundle")
    cells = nbformat.read(made.folder / f"{NAME}.ipynb", as_version=4).cells
    assert cells[1].id == PACKAGE_CHECK and '"tools"' in cells[1].source
    of_the_engine = {cell.id for cell in cells if cell.id == PACKAGE_CHECK or cell.id.startswith("about-")}
    assert [cell.id for cell in cells if cell.id not in of_the_engine] == [cell.id for cell in source.cells]
