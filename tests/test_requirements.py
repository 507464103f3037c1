"""What is pinned is what the tests ran with, and installs on every Python that is promised."""

import re
import tomllib
from importlib.metadata import metadata, version

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tests.conftest import ROOT


def pinned():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    requirements = [Requirement(line) for line in lines if re.match(r"\w", line)]
    return {requirement.name: str(requirement.specifier).removeprefix("==") for requirement in requirements}


def test_every_pinned_package_is_the_one_that_the_tests_run_with():
    assert {name: Version(version(name)).public for name in pinned()} == pinned()


def test_every_pinned_package_can_be_installed_on_the_oldest_python_that_is_promised():
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    oldest = promised.removeprefix(">=") + ".0"
    asked = {name: metadata(name).get("Requires-Python", "") for name in pinned()}
    assert {name: python for name, python in asked.items() if not SpecifierSet(python).contains(oldest)} == {}
