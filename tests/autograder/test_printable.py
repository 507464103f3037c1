import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.printable import printable

HONEST = [
    "Zoë Müller-Łukasz", "François O'Brien", "Nguyễn Thị Ánh", "Преображенская", "محمد الأمين", "שרה כהן", "李小龍",
    "می‌خواهم", "ක්‍රිෂ්ණ", "👩‍💻 Ada", "👨🏽‍👩🏽‍👧", "🏳️‍🌈", "🙂‍↔️",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "नमस्ते", "a\u00a0b", "2 × 3 ≤ 7", "C:\\new",
]  # fmt: skip
HIDDEN = {
    "\x1b[31m": r"\u001b[31m", "\x9b2J": r"\u009b2J", "\x07": r"\u0007", "\x7f": r"\u007f", "\0": r"\u0000",
    "\u2028": r"\u2028", "\u2029": r"\u2029", "\x85": r"\u0085", "\ud800": r"\ud800",
    "\ue000": r"\ue000", "\U000e0041": r"\udb40\udc41", "\U0010ffff": r"\udbff\udfff", "\u3164": r"\u3164",
    **{chr(c): f"\\u{c:04x}" for c in (0xAD, 0x61C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F))},
    **{chr(c): f"\\u{c:04x}" for c in (0x2060, *range(0x2066, 0x206A), 0xFEFF)},
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_honest_names_stay_as_they_are(name):
    assert printable(name) == name


@pytest.mark.parametrize(("hidden", "shown"), HIDDEN.items(), ids=ascii)
def test_what_cannot_be_seen_becomes_visible(hidden, shown):
    assert printable(f"a{hidden}b") == f"a{shown}b"
    assert printable(f"a{hidden}b", lines=True) == f"a{shown}b"


def test_a_name_has_one_line_and_a_text_may_have_several():
    assert printable("ada\n2/2 bob\t5/5\r") == r"ada\u000a2/2 bob\u00095/5\u000d"
    assert printable("a\n\tb\r\x0b", lines=True) == "a\n\tb\\u000d\\u000b"


@pytest.mark.parametrize("name", ["bo\u200db", "\u200dbob", "bob\u200c", "بو\u200d", "ب\u200d\u200dب", "b\u200dب"])
def test_a_joiner_that_joins_nothing_is_visible(name):
    assert not set("\u200c\u200d") & set(printable(name))


@given(st.text(), st.booleans())
def test_what_is_left_can_be_written_and_printed_again(text, lines):
    shown = printable(text, lines=lines)
    shown.encode()
    assert "\x1b" not in shown and (lines or len(shown.splitlines()) <= 1)
    assert printable(shown, lines=lines) == shown


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_holds_the_same_values(value):
    text = json.dumps(value, ensure_ascii=False, indent=1)
    assert json.loads(printable(text, lines=True)) == json.loads(json.dumps(value))
