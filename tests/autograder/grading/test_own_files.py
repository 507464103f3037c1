"""A student's own files are in that student's kernel, and the author's win."""

from autograder.grading.own_files import MAX_FILE_BYTES, MAX_FILES, usable, with_own_files
from autograder.grading.submissions import Submission, find_submissions


def hand_in(root, student, *files, folder=None, name="01_toy.ipynb"):
    where = root / (folder or student)
    where.mkdir(parents=True, exist_ok=True)
    for file in files:
        (where / file).parent.mkdir(exist_ok=True)
        (where / file).write_text(f"{student}'s")
    (where / name).write_text("{}")
    return Submission(student, "01_toy", where / name, (where / name).relative_to(root).as_posix())


def own(submissions):
    return {s.student: dict(s.own_files) for s in with_own_files(submissions)}


def test_files_of_a_students_folder_are_the_students(tmp_path):
    found = own(
        [hand_in(tmp_path, "ada", "own.csv", "sub/helper.py", ".hidden", "timestamp.txt"), hand_in(tmp_path, "bob")]
    )
    assert found == {"ada": {"own.csv": b"ada's", "sub/helper.py": b"ada's"}, "bob": {}}


def test_a_folder_of_several_students_belongs_to_none(tmp_path):
    both = [hand_in(tmp_path, s, "own.csv", folder="week-1", name=f"{s}_01_toy.ipynb") for s in ("ada", "bob")]
    assert own(both) == {"ada": {}, "bob": {}}


def test_a_folder_that_is_nobodys_gives_nothing(tmp_path):
    alone = hand_in(tmp_path, "ada", "private.txt", folder="downloads", name="ada.ipynb")
    assert own([alone]) == {"ada": {}}


def test_a_platforms_folder_is_its_students_whatever_it_is_called(tmp_path):
    place = tmp_path / "Lovelace_Ada_ada_1001"
    place.mkdir()
    for name in ("01_toy.ipynb", "own.csv"):
        (place / name).write_text("{}")
    (tmp_path / "Berg_Ben_ben_1002").mkdir()
    (tmp_path / "Berg_Ben_ben_1002" / "01_toy.ipynb").write_text("{}")
    assert own(find_submissions(tmp_path, ["01_toy"])) == {"ada": {"own.csv": b"{}"}, "ben": {}}


def test_links_and_large_files_are_left_out(tmp_path):
    submission = hand_in(tmp_path, "ada", "own.csv")
    (tmp_path / "ada" / "link").symlink_to("/etc/passwd")
    (tmp_path / "ada" / "folder").symlink_to("/etc")
    (tmp_path / "ada" / "large").write_bytes(bytes(MAX_FILE_BYTES + 1))
    assert own([submission])["ada"].keys() == {"own.csv"}


def test_the_authors_files_win_and_a_shadowed_module_is_flagged():
    files = [("heights.csv", b"mine"), ("typer.py", b""), ("workbook.py", b""), ("notes.txt", b"")]
    kept, flags = usable(files, {"heights", "workbook"}, {"heights.csv": b"the author's"})
    assert kept.keys() == {"typer.py", "notes.txt"}
    assert flags == ["own-file-left-out:heights.csv", "shadows-module:typer", "own-file-left-out:workbook.py"]


def test_what_a_repository_has_of_the_bundle_is_nobodys_own(tmp_path):
    """A student's repository begins as the bundle: engine, helpers and data in it are worth neither flags nor room."""
    many = [f"autograder/part{number}.py" for number in range(MAX_FILES + 1)]
    ada = hand_in(tmp_path, "ada", *many, "workbook/plot.py", "own.csv", "workbook.py")
    (with_files,) = with_own_files([ada], {"autograder", "workbook"})
    assert {name for name, _ in with_files.own_files} == {"own.csv", "workbook.py"}
    kept, flags = usable(
        [("data/x.csv", b"1"), ("data/y.csv", b"2")], {"data"}, {"data/x.csv": b"1", "data/y.csv": b"1"}
    )
    assert kept == {} and flags == ["own-file-left-out:data/y.csv"]
