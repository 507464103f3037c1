"""No points for evidence that a student's kernel has made: only for values that the referee concludes from."""

from __future__ import annotations

import pytest

from tests.attacks.forgeries import FORGERIES, Forgery
from tests.chapters.test_answers import chapter_run
from tests.support.hostile_kernel import judge_forged


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda f: f"{f.chapter[:2]}-{f.grade_id}-{f.name}")
def test_forged_evidence_earns_nothing(forgery: Forgery) -> None:
    run = chapter_run(forgery.chapter)
    outcome = judge_forged(run, forgery.grade_id, forgery.source, forgery.forged)
    assert [test for test in forgery.aims if outcome.get(test) is None] == []
