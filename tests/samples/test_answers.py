import pytest

from autograder.samples import answers
from autograder.samples.answers import load_wrong_answers


def test_answers_are_read_in_order_with_their_source(tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "_FOLDER", tmp_path)
    text = "# %% a | slip | test-a, test-b\nx = 1\n\n\n# %% b-c | other-slip | test-c\ny = 2\n"
    (tmp_path / "01_toy.py").write_text(text)
    first, second = load_wrong_answers("01_toy")
    assert (first.grade_id, first.mistake, first.fails, first.source) == ("a", "slip", ("test-a", "test-b"), "x = 1\n")
    assert (second.grade_id, second.source) == ("b-c", "y = 2\n")


def test_a_malformed_header_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "_FOLDER", tmp_path)
    (tmp_path / "01_toy.py").write_text("# %% a\nx = 1\n")
    with pytest.raises(ValueError, match="not of the form"):
        load_wrong_answers("01_toy")


def test_a_chapter_without_a_file_has_none():
    assert load_wrong_answers("99_nothing") == []
