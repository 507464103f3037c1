"""A test cell reads the files that a student's code has written as in a notebook, and nothing of them runs or stays."""

from __future__ import annotations

import contextlib
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.kernel.shared_files import MAX_FILE_BYTES
from autograder.kernel.wire_limits import WireError
from autograder.referee.examiner import Examiner
from autograder.referee.student_files import StudentFiles, shared_names
from tests.support.refereed import LocalChannel, execute_cell, failure_of
from tests.support.toy import meta

ANSWER = """
import os, pathlib
import numpy as np
import pandas as pd
def save():
    pd.DataFrame({"a": [1, 2], "b": [3, 4]}).to_csv("out.csv", index=False)
    np.save("out.npy", np.arange(3))
    pathlib.Path("results").mkdir(exist_ok=True)
    pathlib.Path("results/notes.txt").write_text("done")
def append(line):
    with open("log.txt", "a") as file:
        file.write(line)
def remove():
    os.remove("log.txt")
def count_lines(path):
    with open(path) as file:
        return len(file.readlines())
def copy_secret():
    try:
        text = open("expected.csv").read()
    except OSError:
        text = "nothing"
    pathlib.Path("out.csv").write_text(text)
def write(name, content):
    pathlib.Path(name).write_bytes(content)
"""


class OtherFolder(LocalChannel):
    """A kernel in a working folder of its own."""

    def __init__(self, names, folder):
        super().__init__(names)
        self.folder = folder

    def request(self, *args):
        with contextlib.chdir(self.folder):
            return super().request(*args)


@pytest.fixture
def judged(tmp_path):
    """What test cells make of an answer; the referee's folder and the kernel's are two."""
    folders = {name: tmp_path / name for name in ("referee", "kernel")}
    for folder in folders.values():
        folder.mkdir()

    def outcomes(*tests, answer=ANSWER):
        about = {"grade": True, "locked": True, "points": 1}
        cells = [new_code_cell(ANSWER, metadata=meta("answer", solution=True))]
        cells += [new_code_cell(test, metadata=meta(f"test-{at}", **about)) for at, test in enumerate(tests)]
        examiner = Examiner(new_notebook(cells=cells), folders["referee"])
        names = {"__name__": "__main__"}
        with contextlib.chdir(folders["kernel"]):
            execute_cell(answer, "answer", names)
        channel = OtherFolder(names, folders["kernel"])
        with ThreadPoolExecutor(1) as thread:
            return [failure_of(thread.submit(examiner.examine, cell, channel).result()) for cell in cells[1:]]

    outcomes.referee, outcomes.kernel = folders["referee"], folders["kernel"]
    return outcomes


READS = """
save()
assert open("out.csv").read() == "a,b\\n1,3\\n2,4\\n"
import pathlib, os
assert pathlib.Path("out.csv").exists() and os.path.getsize("results/notes.txt") == 4
import pandas as pd, numpy as np
assert pd.read_csv("out.csv")["b"].sum() == 7
assert np.load("out.npy").tolist() == [0, 1, 2]
assert pathlib.Path("results/notes.txt").read_text() == "done"
"""


def test_files_that_a_function_writes_are_read(judged):
    assert judged(READS) == [None]


def test_files_that_a_function_does_not_write_are_not_there(judged):
    assert judged(READS, answer="def save(): pass") != [None]


def test_a_file_that_a_cell_of_the_students_has_written_is_there(judged):
    assert judged("assert open('out.csv').read()[:3] == 'a,b'", answer=ANSWER + "save()") == [None]


def test_a_file_changes_as_often_as_the_student_changes_it(judged):
    test = """
import os
assert not os.path.exists("log.txt")
append("a")
append("a")
assert open("log.txt").read() == "aa"
os.remove("log.txt")
append("a")
assert open("log.txt").read() == "a"
remove()
assert not os.path.exists("log.txt")
"""
    assert judged(test) == [None]


def test_a_file_that_a_function_writes_before_it_fails_is_there(judged):
    test = """
try:
    save()
except OSError:
    pass
assert open("out.csv").read() == "half"
"""
    answer = "def save():\n    open('out.csv', 'w').write('half')\n    raise OSError"
    assert judged(test, answer=answer) == [None]


def test_a_function_reads_the_file_that_the_test_hands_it(judged):
    test = """
import pathlib
pathlib.Path("in.txt").write_text("a\\nb\\n")
assert count_lines("in.txt") == 2 and count_lines(pathlib.Path("in.txt")) == 2
"""
    assert judged(test, test) == [None, None]


def test_a_file_with_which_the_test_compares_is_not_in_the_kernel(judged):
    test = """
open("expected.csv", "w").write("4711")
copy_secret()
assert open("out.csv").read() == "nothing"
"""
    assert judged(test) == [None]
    assert not (judged.kernel / "expected.csv").exists()


def test_the_authors_file_counts_and_stays(judged):
    (judged.referee / "out.csv").write_text("the author's")
    assert judged("save()\nassert open('out.csv').read() == \"the author's\"") == [None]
    assert (judged.referee / "out.csv").read_text() == "the author's"


def test_nothing_stays_for_the_next_test_or_submission(judged):
    assert judged(READS, "import os\nassert os.listdir() == []") == [None, None]
    assert list(judged.referee.iterdir()) == []


def test_a_file_that_the_test_does_not_name_is_not_there(judged):
    test = "import os\nsave()\nassert sorted(os.listdir()) == ['out.npy']\nassert 'out.npy'"
    assert judged(test) == [None]


@pytest.mark.parametrize(
    "name",
    [
        "out.py", "out.pyc", "out.so", "out.pth", "out.pkl", "out.pt", "out.npz", "out.zip", "out.csv.gz", "out",
        "results/__init__.py", "../out.csv", "/tmp/out.csv", "a/../../out.csv", "./out.csv", "a//out.csv", ".out.csv",
        "a\\\\out.csv", "C:out.csv", "*.csv", ".git/out.csv", "a\\0.csv", "a/" * 9 + "out.csv", "x" * 300 + ".csv",
    ],
)  # fmt: skip
def test_a_name_that_could_lead_elsewhere_or_be_imported_is_not_served(name):
    assert shared_names(f"open('{name}')") == ()


def test_few_names_are_served():
    assert len(shared_names("\n".join(f"open('{at}.csv')" for at in range(100)))) == 20


# What hostile code could do.


MARK = "import sys; sys.unpickled_here = True"


class Bomb:
    """Leaves a mark where it is unpickled."""

    def __reduce__(self):
        return exec, (MARK,)


@pytest.mark.parametrize(
    "read",
    [
        "import pickle\npickle.load(open('out.txt', 'rb'))",
        "import pickle\npickle._Unpickler(open('out.txt', 'rb')).load()",
        "import numpy as np\nnp.load('out.npy', allow_pickle=True)",
        "import numpy as np\nnp.load('object.npy', allow_pickle=True)",
        "import pandas as pd\npd.read_pickle('out.txt', compression=None)",
    ],
)
def test_a_pickle_of_a_students_is_not_opened(judged, read, monkeypatch):
    monkeypatch.setattr(sys, "unpickled_here", False, raising=False)
    answer = f"""
import numpy as np, pathlib
class Bomb:
    def __reduce__(self):
        return exec, ({MARK!r},)
for name in ("out.txt", "out.npy"):
    pathlib.Path(name).write_bytes({pickle.dumps(Bomb())!r})
np.save("object.npy", np.array([Bomb()], dtype=object))
"""
    (failure,) = judged(read, answer=answer)
    assert "unpickles nothing" in str(failure) or "as a pickle" in str(failure)
    assert sys.unpickled_here is False


def test_a_pickle_of_the_authors_is_opened_where_no_file_is_shared(judged):
    (judged.referee / "own.pkl").write_bytes(pickle.dumps(ValueError("mine")))
    assert judged("import pickle\nassert str(pickle.load(open('own.pkl', 'rb'))) == 'mine'") == [None]


def test_an_object_array_is_refused_as_numpy_refuses_it(judged):
    answer = "import numpy as np\nnp.save('out.npy', np.array([{}], dtype=object))"
    (failure,) = judged("import numpy as np\nnp.load('out.npy')", answer=answer)
    assert "allow_pickle=False" in str(failure)


def test_a_students_module_is_not_imported(judged):
    answer = f"""{ANSWER}
for ending in ("py", "csv"):
    pathlib.Path(f"students_table.{{ending}}").write_text("raise SystemExit")
"""
    test = """
import pathlib
text = pathlib.Path("students_table.csv").read_text()
assert text and not pathlib.Path("students_table.py").exists()
try:
    import students_table
except ModuleNotFoundError:
    pass
else:
    raise AssertionError
"""
    assert judged(test, answer=answer) == [None]


def test_links_pipes_folders_and_large_files_are_not_there(judged):
    answer = f"""
import os
os.symlink("/etc/passwd", "link.txt")
os.mkfifo("pipe.txt")
os.mkdir("folder.txt")
open("large.txt", "wb").write(bytes({MAX_FILE_BYTES + 1}))
open("fits.txt", "wb").write(bytes({MAX_FILE_BYTES}))
"""
    names = ["link.txt", "pipe.txt", "folder.txt", "large.txt", "fits.txt"]
    test = f"import os\nassert [n for n in {names} if os.path.lexists(n)] == ['fits.txt']"
    assert judged(test, answer=answer) == [None]


@pytest.mark.parametrize(
    "found",
    [
        [], "x", {"other.csv": b""}, {"../out.csv": b""}, {"out.csv": "text"}, {"out.csv": bytearray(1)},
        {"out.csv": bytes(MAX_FILE_BYTES + 1)}, {"out.csv": ["x"]}, {1: b""},
    ],
)  # fmt: skip
def test_a_forged_answer_writes_nothing(tmp_path, found):
    with StudentFiles(tmp_path, "open('out.csv')") as files:
        with pytest.raises(WireError):
            files.take(found)
        assert list(tmp_path.iterdir()) == []


def test_a_file_sent_though_no_test_asks_is_refused(tmp_path):
    with pytest.raises(WireError):
        StudentFiles(tmp_path, "double(2)").take({"out.csv": b""})


def test_a_link_in_the_authors_folder_is_not_written_through(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    folder = tmp_path / "referee"
    folder.mkdir()
    (folder / "out.csv").symlink_to(tmp_path / "elsewhere" / "target")
    (folder / "results").symlink_to(tmp_path / "elsewhere")
    with StudentFiles(folder, "open('out.csv'); open('results/a.csv')") as files, pytest.raises(WireError):
        files.take({"out.csv": b"x"})
    with StudentFiles(folder, "open('results/a.csv')") as files, pytest.raises(WireError):
        files.take({"results/a.csv": b"x"})
    assert list((tmp_path / "elsewhere").iterdir()) == []
