import pytest

from autograder.samples import answers
from autograder.samples.answers import load_wrong_answers
from tests.support.toy import toy_notebook


@pytest.fixture
def read(tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "_FOLDER", tmp_path)

    def written(text):
        (tmp_path / "01_toy.txt").write_text(text)
        return load_wrong_answers("01_toy", toy_notebook())

    return written


def test_answers_are_read_in_order_with_their_source(read):
    first, second = read("# %% a | slip | test-a, test-b\nx = 1\n\n\n# %% b-c | other-slip | test-c\ny = 2\n")
    assert (first.grade_id, first.mistake, first.fails, first.source) == ("a", "slip", ("test-a", "test-b"), "x = 1\n")
    assert (second.grade_id, second.source) == ("b-c", "y = 2\n")


def test_an_edit_changes_the_solution(read):
    first = "@@\n+    y = x / 2\n-    return x / 2\n"
    second = "@@\n     y = x / 2\n+    return 1 / y\n"
    (answer,) = read(f"# %% half | inverse | test-half\n{first}{second}")
    assert answer.source == "def half(x):\n    y = x / 2\n    return 1 / y\n"


def test_an_edit_may_change_another_wrong_answer(read):
    whole = "# %% half | third | test-half\ndef half(x):\n    return x / 3\n\n"
    edited = "# %% half | negative | test-half\n@@ third\n def half(x):\n+    x = -x\n     return x / 3\n"
    assert read(whole + edited)[1].source == "def half(x):\n    x = -x\n    return x / 3\n"


def test_an_edit_that_does_not_fit_is_refused(read):
    with pytest.raises(ValueError, match="half: doubled: an edit must fit exactly once"):
        read("# %% half | doubled | test-half\n@@\n-    return x // 2\n+    return x * 2\n")
    with pytest.raises(ValueError, match="no 'third' above to edit"):
        read("# %% half | doubled | test-half\n@@ third\n-    return x / 2\n")


def test_a_malformed_header_is_refused(read):
    with pytest.raises(ValueError, match="not of the form"):
        read("# %% a\nx = 1\n")


def test_a_chapter_without_a_file_has_none():
    assert load_wrong_answers("99_nothing", toy_notebook()) == []
