"""What every figure of the book has in common."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest

from workbook.plot import letter, on_a_phone, share_percents


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.mark.parametrize(("values", "top"), [([31, 47.2], 50), ([12, 39.9], 50), ([3, 8], 10), ([20, 99.8], 100)])
def test_axes_of_percentages_end_at_the_first_ten_above_what_is_drawn(values: list[float], top: float) -> None:
    _, panels = plt.subplots(1, 2)
    panels[0].plot([0, 1], [1, 2])
    panels[1].plot([0, 1], values)
    share_percents(panels)
    assert [panel.get_ylim() for panel in panels] == [(0, top), (0, top)]


def test_axes_of_percentages_without_data_reach_from_0_to_100() -> None:
    _, axes = plt.subplots()
    share_percents([axes])
    assert axes.get_ylim() == (0, 100)


def test_panels_have_letters_before_their_titles() -> None:
    _, panels = plt.subplots(1, 3)
    panels[1].set_title("The loss falls")
    letter(panels)
    assert [panel.get_title() for panel in panels] == ["(a)", "(b) The loss falls", "(c)"]


def test_a_figure_says_how_it_is_drawn_on_a_phone_and_is_shown_as_it_is() -> None:
    figure = plt.figure()
    on_a_phone(figure, lambda width: plt.figure(figsize=(width, 1)))
    assert plt.get_fignums() == [figure.number]  # type: ignore[attr-defined]
    assert figure.on_a_phone(3).get_figwidth() == 3  # type: ignore[attr-defined]
