"""The parts of a file's or folder's name: the chapter, what may tell a student, and what says nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from autograder.grading.naming_rules import BEFORE, BEHIND, Filler

_SEPARATORS = " _-–.“”\"'"
_BETWEEN = r"[\s_.–“”\"'-]"


def _fillers(fillers: Sequence[Filler], begin: str, end: str) -> re.Pattern[str]:
    return re.compile(f"{begin}(?:{'|'.join(filler.pattern for filler in fillers)}){end}", re.IGNORECASE)


# Behind a name only what is certain: "My" and "Lab" are surnames, too.
_BEFORE = (
    _fillers(BEFORE, "^", rf"(?:{_BETWEEN}+|$)"),
    _fillers([filler for filler in BEFORE if filler.certain], rf"(?:^|{_BETWEEN}+)", "$"),
)
_BEHIND = (_fillers(BEHIND, "^", rf"(?=\(|{_BETWEEN}|$)"),)


def chapter_in(stem: str, chapters: Sequence[str]) -> tuple[str | None, str, str]:
    """The chapter that a name tells, and what stands before and behind it; None, the whole and nothing where none is.

    Of several the longest, in its last place. Spaces and hyphens may stand for underscores.
    """
    for chapter in sorted(chapters, key=len, reverse=True):
        name = "[ _-]".join(map(re.escape, chapter.split("_")))
        begin = r"(?<!\d)" if chapter[0].isdigit() else r"(?<![^\W_])"
        match = re.fullmatch(rf"(.*){begin}{name}(?![^\W\d_])(.*)", stem, re.IGNORECASE | re.DOTALL)
        if match:
            return chapter, match[1].strip(_SEPARATORS), match[2].strip(_SEPARATORS)
    return None, stem, ""


def name_before(text: str) -> str:
    """What stands before a chapter's name without what says nothing about a student."""
    return _without(text, _BEFORE)


def name_behind(text: str) -> str:
    """What stands behind a chapter's name without what says nothing about a student."""
    return _without(text, _BEHIND)


def _without(text: str, fillers: Sequence[re.Pattern[str]]) -> str:
    before = None
    while text != before:
        before = text
        for pattern in fillers:
            text = pattern.sub("", text).strip(_SEPARATORS)
    return text


def repository(folder: str, above: str, chapters: Sequence[str]) -> tuple[str, str | None] | None:
    """Student and chapter of a repository's clone.

    GitHub Classroom (``gh classroom clone student-repos``) has ``hw1-ada`` in ``hw1-submissions``; classroom50 calls
    repositories after class, assignment and user, ``cs1-01-toy-ada``.
    """
    prefix = above.removesuffix("-submissions")
    if prefix != above and folder.startswith(f"{prefix}-"):
        return folder.removeprefix(f"{prefix}-"), chapter_in(prefix, chapters)[0]
    for chapter in chapters:
        slug = re.escape(chapter.lower().replace("_", "-"))
        match = re.fullmatch(rf"(?:.+-)?{slug}-(?P<student>[a-z0-9-]+)", folder, re.IGNORECASE)
        if match and name_behind(match["student"]):
            return match["student"], chapter
    return None


def alike(one: str, other: str) -> bool:
    """True where one name holds all words of the other."""
    words = _words(one), _words(other)
    return bool(words[0] and words[1]) and (words[0] <= words[1] or words[1] <= words[0])


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", name.casefold()))


def once(name: str) -> str:
    """A name without what is only said again behind a dash, or is called after nobody: ``Ada L - homework``."""
    first, dash, again = name.rpartition(" - ")
    nobody = not name_behind(again) or not name_before(again)
    repeated = bool(_words(again)) and _words(again) <= _words(first)
    return first.strip(_SEPARATORS) if dash and first.strip(_SEPARATORS) and (nobody or repeated) else name


def plain(name: str) -> str:
    """A name as it is looked up: without separators around it, which are lost before a chapter's name."""
    return name.strip(_SEPARATORS) or name


def composed(text: str) -> str:
    """Text in composed Unicode: macOS takes letters and their accents apart in file names."""
    return unicodedata.normalize("NFC", text)
