"""How long the rest of a long step will take."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.durations import Countdown, Durations, about, counted


def test_what_took_how_long_is_remembered(tmp_path: Path) -> None:
    Durations(tmp_path / "a" / "b.json").keep("one", 12.34)
    assert Durations(tmp_path / "a" / "b.json").seconds == {"one": 12.3}


@pytest.mark.parametrize("text", ["{", "[]", '{"one": []}', '{"one": "long"}'])
def test_a_damaged_file_counts_as_empty(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    assert Durations(tmp_path / "a.json").seconds == {}


def test_nothing_is_promised_before_anything_is_known() -> None:
    assert Countdown(["a", "b"], 2, {}).left() is None
    assert Countdown(["a", "b"], 2, {"a": 5.0}).left() is None


def test_the_last_time_is_gone_by() -> None:
    assert Countdown(["a", "b", "c"], 2, {"a": 50.0, "b": 30.0, "c": 40.0}).left() == 60.0
    # No part is shared among processes, so the longest is waited for.
    assert Countdown(["a", "b"], 2, {"a": 90.0, "b": 10.0}).left() == 90.0


def test_without_a_last_time_the_others_are_expected_to_take_as_long() -> None:
    countdown = Countdown(["a", "b", "c"], 1, {})
    assert countdown.finish("a", 20.0) == "1 of 3, about 40 s left at this pace"
    assert countdown.finish("b", 40.0) == "2 of 3, about 30 s left at this pace"
    assert countdown.finish("c", 1.0) == "3 of 3"


def test_a_few_short_parts_say_nothing_about_many_others() -> None:
    countdown = Countdown(list("abcdefgh"), 2, {})
    assert countdown.finish("a", 1.0) == "1 of 8"
    assert countdown.finish("b", 1.0) == "2 of 8, a few seconds left at this pace"


def test_on_a_busy_machine_the_others_take_longer_too() -> None:
    countdown = Countdown(["a", "b"], 1, {"a": 10.0, "b": 100.0})
    assert countdown.finish("a", 30.0) == "1 of 2, about 5 min left"


@pytest.mark.parametrize(("seconds", "words"), [(0, "a few seconds"), (42, "about 40 s"), (200, "about 3 min")])
def test_times_are_rounded_as_a_person_does(seconds: float, words: str) -> None:
    assert about(seconds) == words


def test_one_thing_has_no_plural() -> None:
    assert (counted(1, "page"), counted(2, "page")) == ("1 page", "2 pages")
