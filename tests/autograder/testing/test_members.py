"""A method or an attribute that is missing is told with what may have become of it."""

import pytest

from autograder.testing import CheckFailed, attribute, explained, method


class Model:
    def __init__(self):
        self.rate = 0.1

    def loss(self):
        return 1.0


def test_what_is_there_comes_back():
    assert method(Model(), "loss")() == 1.0
    assert attribute(Model(), "rate") == 0.1


@pytest.mark.parametrize(
    ("reach", "name", "mistake", "words"),
    [
        (method, "forward", "no-method", "Model has no method forward"),
        (attribute, "weights", "no-attribute", "Model has no attribute weights"),
    ],
)
def test_what_is_missing_is_named(reach, name, mistake, words):
    with pytest.raises(CheckFailed, match=words) as caught:
        reach(Model(), name)
    assert (caught.value.mistake, "indented" in caught.value.hint or "self" in caught.value.hint) == (mistake, True)


def test_none_in_place_of_an_object_is_named():
    with pytest.raises(CheckFailed) as caught:
        method(None, "loss")
    assert caught.value.mistake == "no-return"


def test_a_check_that_cannot_look_at_an_answer_says_so_in_words():
    @explained
    def layers(answer):
        return answer["W1"].shape

    with pytest.raises(CheckFailed) as caught:
        layers([1, 2])
    assert caught.value.mistake == "other-kind"
    assert "layers could not look at this answer: TypeError" in caught.value.message


def test_an_explained_check_keeps_its_own_failures_and_missing_libraries():
    @explained
    def fails():
        raise CheckFailed("mine")

    @explained
    def lacks():
        raise ModuleNotFoundError("No module named 'torch'")

    with pytest.raises(CheckFailed, match="mine"):
        fails()
    with pytest.raises(ModuleNotFoundError):
        lacks()
