"""Tables of words are lists on a phone, and tables of numbers stay tables."""

from __future__ import annotations

import re

from autograder.publishing.page_tables import with_tables_for_phones

LONG = "<p>each kernel reads Python and its <em>libraries</em> only</p>"
SHORT = '<p><a class="reference internal" href="a-rather-long-address-that-is-not-a-text.html">none</a></p>'


def table(headings: list[str], rows: list[list[str]], start: str = '<table class="table">') -> str:
    head = "".join(f'<th class="head">{heading}</th>' for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"{start}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def test_a_long_text_is_marked_and_markup_does_not_count() -> None:
    made = with_tables_for_phones(table([], [[SHORT, LONG]]))
    assert made == table([], [[SHORT, LONG]]).replace(f"<td>{LONG}", f'<td class="long">{LONG}')


def test_a_mark_joins_the_classes_that_a_cell_has() -> None:
    body = f'<table><tr><td class="text-right">{LONG}</td></tr></table>'
    assert f'<td class="long text-right">{LONG}' in with_tables_for_phones(body)


def test_cells_of_a_table_of_words_have_the_names_of_their_columns() -> None:
    headings = ["key", "<p>what it &amp; I say</p>", "<code>default</code>"]
    made = with_tables_for_phones(table(headings, [["a", LONG, "b"]]))
    assert made.startswith('<table role="table" class="words table">')
    first, second, third = re.findall(r"<td[^>]*>", made)
    assert "data-label" not in first
    assert 'data-label="what it &amp; I say"' in second and 'class="long"' in second
    assert 'data-label="default"' in third and "class" not in third
    for role, times in (("rowgroup", 2), ("row", 2), ("columnheader", 3), ("cell", 3)):
        assert made.count(f'role="{role}"') == times


def test_a_formula_is_the_name_of_no_cell() -> None:
    made = with_tables_for_phones(table(["a", '<span class="math">\\(x\\)</span>', "c"], [["1", "2", LONG]]))
    assert 'role="cell">2</td>' in made and 'data-label="c"' in made


def test_a_table_of_numbers_stays_one() -> None:
    made = with_tables_for_phones(table(["network", "training", "test"], [["two layers", "0.61", "0.58"]]))
    assert "words" not in made and "role" not in made and "data-label" not in made


def test_a_table_without_names_of_columns_stays_one() -> None:
    assert "words" not in with_tables_for_phones(table([], [["a", LONG]]))


def test_each_table_of_a_page_is_looked_at_alone() -> None:
    made = with_tables_for_phones(
        table(["a", "b", "c"], [["1", LONG, "2"]]) + table(["a", "b", "c"], [["1", "2", "3"]])
    )
    assert made.count("words") == 1 and made.index("words") < made.index("</table>")
