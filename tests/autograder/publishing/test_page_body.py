"""What is finished in the HTML of a page: images lead to their files, marks stay with formulas and numbers."""

from __future__ import annotations

import pytest

from autograder.publishing.page_body import (
    with_enlargeable_images,
    with_folded_sections,
    with_marks_at_formulas,
)

IMAGE = '<img alt="Two curves, 5 &gt; 3." loading="lazy" src="../_images/curves.png" />'


def formula(tex: str) -> str:
    return rf'<span class="math notranslate nohighlight">\({tex}\)</span>'


def test_an_image_of_a_figure_leads_to_its_file() -> None:
    made = with_enlargeable_images(f'<figure id="fig-x">\n{IMAGE}\n<figcaption>Curves.</figcaption></figure>')
    assert f'<a class="enlarge" href="../_images/curves.png">{IMAGE}<span class="enlarge-hint">' in made
    assert made.count("<a ") == made.count("</a>") == 1


def test_an_image_that_is_a_link_stays_one() -> None:
    link = f'<a class="reference external image-reference" href="https://example.org">\n{IMAGE}</a>'
    assert with_enlargeable_images(link) == link


def test_a_picture_that_is_no_figure_is_not_linked() -> None:
    logo = '<img alt="" src="../_static/logo.svg" />'
    assert with_enlargeable_images(logo) == logo


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (f"up to {formula('|x|')}. Then", f"{formula('|x|')}."),
        (f"Then ({formula('x')}), and", f"({formula('x')}),"),
        (f"the {formula('n')}-th layer", f"{formula('n')}-th"),
        (f"some {formula('70')} % of", f"{formula('70')}\u00a0%"),
        (f"some {formula('70')}\n%; or", f"{formula('70')}\u00a0%;"),
    ],
)
def test_what_touches_a_formula_stays_on_its_line(text: str, whole: str) -> None:
    assert f' <span class="together">{whole}</span> ' in with_marks_at_formulas(f"{text} ")


def test_a_formula_between_spaces_stays_as_it_is() -> None:
    text = f"<p>Let {formula('x')} be a number; <em>so is {formula('y')}</em></p>"
    assert with_marks_at_formulas(text) == text


def test_a_percent_sign_stays_on_the_line_of_its_number() -> None:
    assert (
        with_marks_at_formulas("<p>49 and 70\n% of 100 % or 3 px</p>")
        == "<p>49 and 70\u00a0% of 100\u00a0% or 3 px</p>"
    )


def test_code_and_output_stay_as_they_are() -> None:
    text = f"<pre>rest = 7 % 3\n{formula('x')}.</pre> and <code>7 % 3</code>"
    assert with_marks_at_formulas(text) == text


def test_a_section_whose_heading_says_so_is_folded_with_what_is_inside() -> None:
    inner = '<section id="b"><h3>B</h3><p>b</p></section>'
    folded = f'<section class="fold-section" id="a">\n<h2>A<a href="#a">#</a></h2><p>a</p>{inner}</section>'
    made = with_folded_sections(f'<section id="t"><h1>T</h1>{folded}<section id="c"><h2>C</h2></section></section>')
    begin, end = made.index("<details"), made.index("</details>")
    assert made.index("</h2>") < begin < made.index("<p>a</p>") < made.index(inner) < end < made.index('id="c"')
    assert made.count("<section") == made.count("</section>") == 4


def test_other_sections_stay_as_they_are() -> None:
    body = '<section id="a" class="wide"><h2>A</h2><p>a</p></section>'
    assert with_folded_sections(body) == body
