import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.testing import CheckFailed, compare, hidden_case, passed

words = st.text(st.characters(codec="utf-8", exclude_characters="\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), min_size=1)
slugs = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)


@given(words, st.none() | words, st.none() | slugs)
def test_a_failure_can_be_read_back_from_its_text(message, hint, mistake):
    read = CheckFailed.parse(str(CheckFailed(message, hint, mistake)))
    assert (read.message, read.hint, read.mistake) == (message, hint, mistake)


def test_a_notebook_shows_no_traceback_and_no_mistakes_name():
    lines = CheckFailed("f(x) is wrong.", "look here.", "some-mistake")._render_traceback_()
    assert lines == ["Check failed", "  f(x) is wrong.", "  Likely cause: look here."]


def test_a_long_hint_is_wrapped():
    lines = CheckFailed("m", "word " * 60)._render_traceback_()
    assert max(map(len, lines)) <= 88


def test_a_hidden_case_says_what_kind_it_was_and_no_number():
    with pytest.raises(CheckFailed) as caught, hidden_case("large inputs"):
        compare(0.25, 4711.0, "secret(x)")
    assert caught.value.message == "Hidden case: large inputs."
    assert "4711" not in str(caught.value)


def test_a_hidden_case_without_a_known_cause_points_at_what_differs_from_the_visible_ones():
    with pytest.raises(CheckFailed, match="written into the code") as caught, hidden_case("large inputs"):
        compare(0.25, 4711.0, "secret(x)")
    assert caught.value.mistake == "other-inputs"


def test_a_hidden_case_keeps_the_hint_of_a_named_mistake():
    with pytest.raises(CheckFailed) as caught, hidden_case("large inputs"):
        raise CheckFailed("4711", "shift first.", "not-shifted")
    assert (caught.value.message, caught.value.hint, caught.value.mistake) == (
        "Hidden case: large inputs.", "shift first.", "not-shifted",
    )  # fmt: skip


def test_a_hidden_case_hides_what_any_exception_says():
    with pytest.raises(CheckFailed) as caught, hidden_case("large inputs", "think of overflow."):
        raise ValueError("4711")
    assert "4711" not in str(caught.value)
    assert "think of overflow." in str(caught.value)


def test_a_hidden_case_that_passes_says_nothing(capsys):
    with hidden_case("large inputs"):
        compare(1.0, 1.0, "x")
    assert capsys.readouterr().out == ""


def test_passing_is_said_in_one_line(capsys):
    passed("sigmoid", "values, shapes")
    assert capsys.readouterr().out == "sigmoid: correct (values, shapes).\n"
