"""What holds the code base together: imports point one way, modules stay small, public things are documented."""

import ast
import subprocess
import sys

import pytest

from tests.conftest import ROOT

MODULES = sorted(p for p in (ROOT / "autograder").rglob("*.py") if "mistakes" not in p.parts)


def test_imports_point_one_way():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_are_small(path):
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_public_things_have_docstrings(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "the module has none"
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    public = [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]
    methods = [m for node in public if isinstance(node, ast.ClassDef) for m in node.body if isinstance(m, kinds)]
    public += [m for m in methods if not m.name.startswith("_")]
    assert [node.name for node in public if not ast.get_docstring(node)] == []


def test_no_file_names_a_place_of_one_machine():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in tracked:
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".txt", ".yml", ".ipynb", ""):
            assert f"{ROOT.parent}/" not in path.read_text(errors="replace"), name
