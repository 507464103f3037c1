"""The results page says what was measured, with its spread, and where it came from."""

from autograder.publishing.results import MARKER, results_page
from autograder.workbook.recorded import recording, recordings
from tests.conftest import ROOT


def test_every_recording_has_its_section_and_its_command():
    page = results_page((ROOT / "book" / "results.md").read_text(encoding="utf-8"))
    assert MARKER not in page
    for name in recordings():
        made = recording(name)
        assert made.command in page and made.data in page
        for run in made.runs:
            assert f"| {run['name']} |" in page


def test_every_recording_has_three_seeds_or_more():
    for name in recordings():
        made = recording(name)
        assert len(made.seeds) >= 3
        assert {run["seed"] for run in made.runs} == set(made.seeds)
        assert made.seconds > 0 and made.device and made.versions["torch"]


def test_numbers_are_means_with_their_range():
    made = recording("cnn_architectures")
    scores = [100 * run["test_acc"] for run in made.runs if run["name"] == "cnn_3"]
    assert f"{sum(scores) / len(scores):.1f} ({min(scores):.1f} to {max(scores):.1f})" in results_page(MARKER)
