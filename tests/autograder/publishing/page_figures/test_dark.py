"""Colours of a drawing on a dark page: the same hues, and everything stands out that stood out on white."""

from __future__ import annotations

import colorsys

import pytest

from autograder.publishing.page_figures.dark import contrast, dark

PAGE = "#14181e"
OKABE_ITO = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]


def hue(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 360 * colorsys.rgb_to_hls(red, green, blue)[0]


@pytest.mark.parametrize("colour", OKABE_ITO)
def test_a_colour_stays_itself_and_is_legible(colour: str) -> None:
    assert contrast(dark(colour), PAGE) >= 4.5
    assert abs(hue(dark(colour)) - hue(colour)) < 12


def test_greys_swap_light_and_dark_in_order() -> None:
    greys = [dark(f"#{value:02x}{value:02x}{value:02x}") for value in range(0, 256, 17)]
    assert greys == sorted(greys, reverse=True)
    assert contrast(greys[0], PAGE) > 12
    assert contrast(greys[-1], PAGE) < 1.3
    assert contrast(dark("#888888"), PAGE) >= 3


def test_tints_come_near_the_page_the_paler_they_are() -> None:
    tints = ["#0072b2", "#4c9cc9", "#a6cee4", "#e6f1f7"]
    strengths = [contrast(dark(tint), PAGE) for tint in tints]
    assert strengths == sorted(strengths, reverse=True)


def test_what_is_no_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="'blue' is not a colour"):
        dark("blue")
