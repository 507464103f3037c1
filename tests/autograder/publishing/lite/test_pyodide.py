"""Where Python for browsers comes from: an address, or a folder that is what it should be."""

import json

import pytest

from autograder.errors import BuildError
from autograder.publishing.lite.pyodide import PyodideAddress, pyodide_from

CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")


def entry(name, *depends, imports=()):
    return {"file_name": f"{name}.whl", "depends": list(depends), "imports": list(imports)}


@pytest.fixture
def folder(tmp_path):
    """A distribution of three packages, of one of which there is no file."""
    packages = {"numpy": entry("numpy", "blas", imports=["numpy"]), "blas": entry("blas"), "gone": entry("gone")}
    packages["gone"]["imports"] = ["gone"]
    for name in (*CORE, "numpy.whl", "blas.whl"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "pyodide-lock.json").write_text(json.dumps({"info": {"version": "0.27.7"}, "packages": packages}))
    return tmp_path


def test_without_a_choice_it_is_the_address_that_jupyterlite_comes_with():
    found = pyodide_from(None, ("torch",))
    assert found == PyodideAddress("", ("torch",))
    assert "JupyterLite's default address, version 0." in str(found)
    assert (found.package("torch"), found.package("sklearn")) == (None, "scikit-learn")


def test_an_address_may_end_with_the_script_or_the_folder():
    asked = ("https://example.org/full/", "https://example.org/full/pyodide.js")
    assert {pyodide_from(address, ()).url for address in asked} == {"https://example.org/full/pyodide.js"}


def test_a_folder_has_the_packages_whose_files_are_there(folder):
    found = pyodide_from(str(folder), ())
    assert [found.package(module) for module in ("numpy", "gone", "scipy")] == ["numpy", None, None]


def test_a_site_gets_what_it_needs_and_a_list_of_that(folder, tmp_path):
    target = tmp_path / "site" / "pyodide"
    pyodide_from(str(folder), ()).copy(["numpy"], target)
    assert {path.name for path in target.iterdir()} == {*CORE, "numpy.whl", "blas.whl", "pyodide-lock.json"}
    assert set(json.loads((target / "pyodide-lock.json").read_text())["packages"]) == {"numpy", "blas"}


def test_a_package_without_its_file_or_entry_is_named(folder, tmp_path):
    with pytest.raises(BuildError, match=r"has no gone.whl, which its pyodide-lock.json lists"):
        pyodide_from(str(folder), ()).copy(["gone"], tmp_path / "a")
    with pytest.raises(BuildError, match=r"has no package micropip"):
        pyodide_from(str(folder), ()).copy(["micropip"], tmp_path / "b")


def test_a_folder_without_pyodide_is_refused(tmp_path):
    with pytest.raises(BuildError, match=r"holds no distribution of Pyodide: there is no pyodide.js"):
        pyodide_from(str(tmp_path), ())


def test_another_version_than_jupyterlite_runs_with_is_refused(folder):
    path = folder / "pyodide-lock.json"
    path.write_text(path.read_text().replace("0.27.7", "314.0.7"))
    with pytest.raises(BuildError, match=r"holds Pyodide 314.0.7; this JupyterLite runs with 0.27"):
        pyodide_from(str(folder), ())


def test_a_list_that_cannot_be_read_is_named(folder):
    (folder / "pyodide-lock.json").write_text("{}")
    with pytest.raises(BuildError, match=r"pyodide-lock.json cannot be read"):
        pyodide_from(str(folder), ())
