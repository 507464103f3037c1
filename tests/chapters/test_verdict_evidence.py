"""No test cell rests on a student's word without standing in the table of the documentation."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from tests.chapters.test_answers import NAMES, chapter_run
from tests.conftest import ROOT
from tests.support.verdict_evidence import evidence, table_rows

PAGE = (ROOT / "book" / "how-this-is-built.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("chapter", NAMES)
def test_the_table_says_what_each_verdict_rests_on(chapter: str) -> None:
    listed = [line for line in PAGE.splitlines() if re.match(rf"\| {chapter[:2]} \| `test-", line)]
    assert listed == table_rows(chapter, chapter_run(chapter))


def test_an_observation_that_nobody_has_classified_is_refused() -> None:
    run = SimpleNamespace(asked={"test-x": {"a_new_observation"}})
    with pytest.raises(KeyError, match="a_new_observation"):
        evidence(run)
