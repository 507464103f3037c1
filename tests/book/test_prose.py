"""What the prose pages say about the repository stays true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import nbformat
import pytest
import yaml
from pybtex.database import parse_file

from autograder.publishing.book import listed_pages
from autograder.results import Status, SubmissionResult, TaskResult, to_json
from tests.book.conftest import ROOT

BOOK = ROOT / "book"
TOC = listed_pages(yaml.safe_load((ROOT / "_toc.yml").read_text()))
PROSE = sorted(BOOK.glob("*.md"))
# On a phone panels are below each other. They are named by their letters, see workbook.plot.letter, or by their titles.
_PLACE = re.compile(
    r"\bOn the (?:left|right)\b|\b(?:line|curve|panel|accurac|ten|loss)\w* on the (?:left|right)\b|\((?:left|right)\)"
    r"|(?:^|[.;:] )(?:Left|Right)[,:] |; right, |(?:^|[.:;] )Left (?:your|one)\b"
    r"|\b(?:left|right|upper|lower|middle|top|bottom)(?:-hand)? (?:panel|picture|(?:half|column) of the figure)\b"
)


def test_every_page_is_in_the_table_of_contents() -> None:
    assert {f"book/{page.stem}" for page in PROSE} <= set(TOC)


def test_the_landing_page_is_one_sentence_two_demonstrations_and_the_chapters() -> None:
    page = (BOOK / "index.md").read_text()
    opening = page.partition('<div class="calls">')[0].split("\n", 1)[1].strip()
    assert opening.count(".") == 1 and opening.endswith(".")
    for marker in ("% interactive xor_training", "% check demonstration", "% chapter cards"):
        assert page.count(marker) == 1
    assert len(page.split()) < 250


def test_versions_named_for_students_are_the_pinned_ones() -> None:
    named = re.findall(r"\w+==[\d.]+", (BOOK / "for-students.md").read_text())
    assert named
    assert set(named) <= set((ROOT / "requirements-student.txt").read_text().split())


def test_every_source_has_a_doi_or_an_address() -> None:
    for key, entry in parse_file(str(BOOK / "references.bib")).entries.items():
        assert {"doi", "url"} & set(entry.fields), f"{key} has neither doi nor url"


def test_every_source_is_cited() -> None:
    texts = [path.read_text() for path in (*PROSE, *(ROOT / "notebooks").glob("*.ipynb"))]
    lists = [listed for text in texts for listed in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", text)]
    cited = {key.strip() for listed in lists for key in listed.split(",")}
    assert set(parse_file(str(BOOK / "references.bib")).entries) == cited


@pytest.mark.parametrize("path", [*PROSE, *sorted((ROOT / "notebooks").glob("*.ipynb"))], ids=lambda path: path.stem)
def test_no_panel_is_named_by_a_place_that_it_has_at_a_desk_only(path: Path) -> None:
    texts = [path.read_text()]
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
        about = [cell.metadata.get("mystnb", {}) for cell in cells]
        texts += [said for one in about for key in ("figure", "image") for said in one.get(key, {}).values()]
    assert [found[0] for text in texts for found in _PLACE.finditer(text)] == []


def test_every_field_of_the_results_is_described() -> None:
    text = (BOOK / "for-instructors.md").read_text()
    task = TaskResult("test-x", 0.0, 1.0, "passed")
    submission = to_json(SubmissionResult("ada", "01", (task,), (), None, "none", {}, "", 0.0))
    for name in (*submission, *submission["tasks"][0], *get_args(Status)):
        assert f"`{name}`" in text, f"for-instructors.md does not describe {name}"


@pytest.mark.parametrize("page", PROSE, ids=lambda page: page.stem)
def test_prose_keeps_to_the_house_style(page: Path) -> None:
    text = re.sub(r"```(shell|python|ipython3|json|yaml|\{raw\}).*?```", "", page.read_text(), flags=re.DOTALL)
    assert not re.search(r"—|!(?!\[)|\bsimply\b|\bjust\b", text)
