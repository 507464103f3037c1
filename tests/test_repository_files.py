"""Pages and settings at the top of the repository say what is so."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import autograder
from tests.conftest import ROOT

PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE-TEXT.md")


def test_the_citation_names_this_version_and_licence():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert citation["version"] == autograder.__version__
    assert citation["license"] == project["license"]
    assert [author["name"] for author in citation["authors"]] == [author["name"] for author in project["authors"]]
    assert citation["authors"][0]["name"].removeprefix("The ") in (ROOT / "LICENSE").read_text()


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files(page):
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / page).read_text())
    assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []


def test_commands_of_make_that_the_pages_name_exist():
    named = {name for page in PAGES for name in re.findall(r"\bmake ([a-z-]+)`", (ROOT / page).read_text())}
    assert named <= set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_a_notebook_with_outputs_would_be_refused_before_it_is_committed():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    pattern = next(hook["entry"] for hook in hooks if hook["language"] == "pygrep")
    assert re.search(pattern, '   "execution_count": 3,')
    assert re.search(pattern, '     "output_type": "stream",')
    kept = [path for path in sorted((ROOT / "notebooks").glob("*.ipynb")) if re.search(pattern, path.read_text())]
    assert kept == []


@pytest.mark.parametrize(
    ("heading", "mark"),
    [("What `make test` leaves out", "mark.slow"), ("What only `make test-all` proves", "mark.thorough")],
)
def test_what_is_left_to_longer_runs_is_listed(heading, mark):
    section = (ROOT / "CONTRIBUTING.md").read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `(tests/[\w/]+\.py)` \|", section, re.MULTILINE)
    marks = (mark, " sampled(")
    tests = [path for path in (ROOT / "tests").rglob("test_*.py") if path.name != Path(__file__).name]
    marked = [path for path in tests if any(mark in path.read_text() for mark in marks)]
    assert sorted(listed) == sorted(str(path.relative_to(ROOT)) for path in marked)
