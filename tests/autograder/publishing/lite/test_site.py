"""The site is JupyterLite with the notebooks, the course's modules, and nothing of the publisher's own Jupyter."""

import json
import zipfile

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import Course
from autograder.errors import BuildError
from autograder.publishing.lite.chapters import BrowserChapters
from autograder.publishing.lite.pyodide import PyodideAddress
from autograder.publishing.lite.site import build_site

ADDRESS = "https://example.org/pyodide.js"


@pytest.fixture
def course(tmp_path):
    (tmp_path / "kit").mkdir()
    (tmp_path / "course.toml").write_text('title = "My course"\nhelpers = ["kit"]\n')
    for name in ("__init__", "plot", "reference"):
        (tmp_path / "kit" / f"{name}.py").write_text("")
    return Course(tmp_path)


@pytest.fixture
def chapters():
    cells = [new_markdown_cell("# Toy", id="title"), new_code_cell("import kit", id="setup")]
    return BrowserChapters(
        {"01_toy": new_notebook(cells=cells)}, frozenset({"sklearn", "comm"}), {"02": "x"}, {"01_toy": 1}
    )


@pytest.mark.slow
def test_a_site_has_the_chapter_the_course_and_its_settings(course, chapters, tmp_path):
    site = build_site(course, chapters, {"data/a.csv": b"1"}, PyodideAddress(ADDRESS, ()), tmp_path)
    assert (site.folder, site.chapters, site.left_out) == (tmp_path / "lite", {"01_toy": 1}, {"02": "x"})
    assert json.loads((site.folder / "files" / "01_toy.ipynb").read_text())["cells"][0]["source"] == ["# Toy"]
    assert (site.folder / "files" / "data" / "a.csv").read_bytes() == b"1"
    extensions = [path.parent.name for path in (site.folder / "extensions").rglob("package.json")]
    assert extensions == ["pyodide-kernel-extension"]

    settings = json.loads((site.folder / "jupyter-lite.json").read_text())["jupyter-config-data"]
    (kernel,) = settings["litePluginSettings"].values()
    assert (settings["appName"], kernel["pyodideUrl"], kernel["disablePyPIFallback"]) == ("My course", ADDRESS, False)
    (*packages,) = (name for name in kernel["loadPyodideOptions"]["packages"] if not name.endswith(".whl"))
    assert packages == ["ipython", "jedi", "micropip", "scikit-learn", "sqlite3", "ssl"]
    # From the kernel's script, each wheel is where it is looked for.
    worker = next((site.folder / "extensions").rglob("remoteEntry.*.js")).parent
    wheels = [worker / name for name in kernel["loadPyodideOptions"]["packages"] if name.endswith(".whl")]
    assert [wheel.resolve().parent for wheel in wheels] == [site.folder / "wheels"] * len(wheels)
    (ours,) = (wheel for wheel in wheels if wheel.name.startswith("my_course"))
    with zipfile.ZipFile(ours) as archive:
        names = archive.namelist()
    assert {"kit/plot.py", "autograder/__init__.py", "autograder/testing/call.py"} <= set(names)
    assert not [name for name in names if "reference" in name or name.startswith("autograder/kernel")]


@pytest.mark.slow
def test_what_jupyterlite_says_when_it_fails_is_passed_on(course, chapters, tmp_path):
    (tmp_path / "lite").write_text("in the way")
    with pytest.raises(BuildError, match=r"JupyterLite did not build the site; it said last"):
        build_site(course, chapters, {}, PyodideAddress(ADDRESS, ()), tmp_path)
