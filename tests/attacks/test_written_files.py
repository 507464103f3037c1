"""Files that hostile code writes for a test cell to read, with real kernels."""

from __future__ import annotations

import pickle

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course_files import CourseFiles
from autograder.grading.batch import environment
from autograder.grading.grade_submission import Settings, Source, grade_submission
from autograder.grading.submissions import Submission
from autograder.kernel.limits import Limits
from autograder.notebook.student_edition import student_edition
from tests.support.toy import KERNELSPEC, meta

NAME = "01_files"
SOLUTION = """import matplotlib.pyplot as plt
import pathlib
def save(text):
    ### BEGIN SOLUTION
    pathlib.Path("out.csv").write_text(text)
    ### END SOLUTION
def draw(xs):
    ### BEGIN SOLUTION
    plt.plot(xs)
    plt.savefig("plot.png")
    ### END SOLUTION"""
TESTS = {
    "test-file": "save('a,b')\nassert open('out.csv').read() == 'a,b'",
    "test-again": "import os\nassert open('out.csv').read() == 'a,b'\nassert len(os.listdir()) == 2",
    "test-given": "assert open('given.csv').read() == 'mine'",
    "test-figure": "draw([1, 2])\nassert plt.gca().lines[0].get_ydata().tolist() == [1, 2]\n"
    "assert len(plt.get_fignums()) == 1 and open('plot.png', 'rb').read(4) == b'\\x89PNG'",
    "test-closed": "assert plt.get_fignums() == []",
    "test-import": "import out\nassert out.value == 1\nassert open('out.csv')",
    "test-pickle": "import pickle\nassert pickle.load(open('out.txt', 'rb')) == 1",
}
RIGHT = dict.fromkeys(TESTS, 1.0) | {"test-import": 0.0, "test-pickle": 0.0}


def earned(tmp_path, answer=None):
    about = {"grade": True, "locked": True, "points": 1}
    cells = [new_code_cell(SOLUTION, id="answer", metadata=meta("answer", solution=True))]
    cells += [new_code_cell(text, id=name, metadata=meta(name, **about)) for name, text in TESTS.items()]
    notebook = new_notebook(cells=cells, metadata={"kernelspec": dict(KERNELSPEC)})
    handed_in = notebook if answer is None else student_edition(notebook)
    if answer is not None:
        handed_in.cells[0].source = answer
    path = tmp_path / f"{NAME}.ipynb"
    nbformat.write(handed_in, path)
    settings = Settings(Limits(cell_seconds=60, notebook_seconds=120))
    source = Source(NAME, notebook, "", files=CourseFiles({"given.csv": b"mine"}))
    submission = Submission("eve", NAME, path, path.name)
    graded = grade_submission(submission, source, settings, environment(settings, None))
    return {task.grade_id: task.points for task in graded.result.tasks}


def test_an_honest_answer_earns_what_it_earns_in_a_notebook(tmp_path):
    assert earned(tmp_path) == RIGHT


def test_hostile_files_earn_nothing_and_run_nothing(tmp_path):
    mark = tmp_path / "mark"
    bomb = f"import pathlib; pathlib.Path({str(mark)!r}).touch()"
    answer = f"""
import os, pathlib
class Bomb:
    def __reduce__(self): return exec, ({bomb!r},)
code = "value = 1"
pathlib.Path("out.py").write_text(code)
pathlib.Path("out.txt").write_bytes({pickle.dumps(1)!r}[:2] + b"cbuiltins\\nexec\\n(V" + {bomb.encode()!r} + b"\\ntR.")
pathlib.Path("given.csv").write_text("forged")
os.mkfifo("plot.png")
def save(text): os.symlink("/etc/passwd", "out.csv")
def draw(xs): pass
"""
    points = earned(tmp_path, answer)
    assert points == dict.fromkeys(TESTS, 0.0) | {"test-given": 1.0, "test-closed": 1.0}
    assert not mark.exists()
