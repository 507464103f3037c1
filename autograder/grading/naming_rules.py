"""How learning platforms, tools and students name what is handed in: data, each rule with an example that is a test.

A pattern is matched with the whole name of a folder, or with a file's name without its suffix and without the chapter
at its end. Its groups: ``student``; ``number``, which the platform put behind the name; ``late``, where the platform
says so; ``title``, which may tell the chapter; ``time``, when the file was handed in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Scope = Literal["", "assignment", "everywhere"]
_DATE = r"\d{4}-\d\d-\d\d(?:[ _T-]\d\d[.:h-]?\d\d(?:[.:m-]?\d\d)?)?|(?:19|20)\d{6}(?:[ _-]?\d{4}(?:\d\d)?)?"


@dataclass(frozen=True)
class Rule:
    """One way in which a name tells which student a file belongs to.

    Attributes:
        name: what is said to follow from it, on the terminal.
        pattern: see above.
        example, student: a path with this name in it, and whose it is.
        number: where a student's number is the same: for one assignment or ``everywhere``; empty without numbers.
        together: True where the pattern alone proves little, so that most folders beside must fit it.
        time: how ``time`` is written, for :meth:`datetime.datetime.strptime`.
        title_first: True where nothing but an underscore parts the title from a student's name, and both may hold some:
            then the title that most files share counts.
        last_copy: True where of two files of one name the platform calls the later one ``name (2)``.
    """

    name: str
    pattern: re.Pattern[str]
    example: str
    student: str
    number: Scope = ""
    together: bool = False
    time: str = ""
    title_first: bool = False
    last_copy: bool = False


FOLDERS = (
    # docs.moodle.org, "Assignment settings", "Download all submissions" with "Download submissions in folders".
    Rule(
        "Moodle",
        re.compile(r"(?P<student>[^_]+)_(?P<number>\d+)_assignsubmission_file(?:_.*)?"),
        "Ada Lovelace_123_assignsubmission_file_/hw.ipynb",
        "Ada Lovelace",
        "assignment",
    ),
    # nbgrader's exchange, inbound/: student, whose name may have a plus, assignment, time, and since 0.7 a random part.
    Rule(
        "nbgrader's exchange",
        re.compile(r"(?P<student>.+)\+(?P<title>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d [^+]+)(?:\+.*)?"),
        "inbound/ada+01_toy+2026-11-01 12:00:00.000000 UTC+x1Y2/01_toy.ipynb",
        "ada",
        time="%Y-%m-%d %H:%M:%S.%f %Z",
    ),
    Rule(
        "Brightspace",
        re.compile(
            r"(?P<number>\d+)-\d+\s*-\s*(?P<student>.+?)\s*-\s*(?P<time>\w+\.? \d{1,2}, \d{4} \d{3,4}(?: ?[AP]M)?)",
            re.IGNORECASE,
        ),
        "397063-2557369 - Mary-Ann Smith - Sep 24, 2026 926 PM/hw.ipynb",
        "Mary-Ann Smith",
        "assignment",
        time="%b %d, %Y %I%M %p",
    ),
    # Last name, first name, login and number of the user (ILIAS-eLearning/ILIAS, ilExSubmission,
    # getDirectoryNameFromUserData), each byte of a letter that ASCII lacks as an underscore; in teams within a folder
    # of the team. A name without such letters is two parts long, and a login may hold underscores.
    Rule(
        "ILIAS",
        re.compile(r"(?:(?!_|.*__)(?:[^_]+_){2}|(?=_|.*__).*_)(?P<student>.+)_(?P<number>\d{2,})"),
        "01_toy/Lovelace_Ada_ada_1001/20261101_01_toy.ipynb",
        "ada",
        "everywhere",
        together=True,
        last_copy=True,
    ),
)

FILES = (
    Rule(
        "Moodle",
        FOLDERS[0].pattern,
        "Ada Lovelace_123_assignsubmission_file_01_toy.ipynb",
        "Ada Lovelace",
        "assignment",
    ),
    # "Download Submissions": last and first name without spaces, numbers of the user and of the file.
    Rule(
        "Canvas",
        re.compile(r"(?P<student>[^\s_]+?)(?P<late>_LATE)?_(?P<number>\d+)_\d+(?:_.*)?"),
        "lovelaceada_LATE_4711_88_01_toy-2.ipynb",
        "lovelaceada",
        "everywhere",
    ),
    # "Assignment File Download": the assignment's title, user name, time of the attempt, the file's own name.
    Rule(
        "Blackboard",
        re.compile(r"(?P<title>.+)_(?P<student>[^_]+)_attempt_(?P<time>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(?:_.*)?"),
        "Week 1_ada_attempt_2026-11-01-12-30-00_01_toy.ipynb",
        "ada",
        time="%Y-%m-%d-%H-%M-%S",
        title_first=True,
    ),
    Rule(
        "Brightspace",
        re.compile(FOLDERS[2].pattern.pattern + r"(?:\s*-.*)?", re.IGNORECASE),
        "397063-2557369 - Ada Lovelace- Sep 24, 2026 926 PM - 01_toy.ipynb",
        "Ada Lovelace",
        "assignment",
        time=FOLDERS[2].time,
    ),
)

# What ILIAS puts before the name of a file that came after the deadline, in English and German (exc_late_submission).
LATE_BEFORE = re.compile(r"(?:Late Submission|Versp[aä]tete Abgabe) - .*", re.IGNORECASE)
# Blackboard's note on an attempt; it is beside what was handed in with it.
NOTE_ON_ATTEMPT = re.compile(r"(?P<attempt>.+_attempt_\d{4}(?:-\d\d){5})\.txt")

# Folders in which students or tools put a notebook and that are called after no one.
NOBODYS = re.compile(
    r"(?:my[ _-]?)?(?:notebooks?|src|code|work|files?|submissions?|homeworks?|assignments?|abgaben?)[ _-]*\d*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Filler:
    """What stands before or behind a chapter's name in a file's name and says nothing about the student.

    Attributes:
        pattern: of the filler, without what separates it from the chapter's name.
        example: a file's name with it.
        certain: True where it is never part of a person's name.
    """

    pattern: str
    example: str
    certain: bool = False


BEFORE = (
    Filler(r"copy(?: \(\d+\))? of", "Copy of Copy of 01_toy.ipynb", certain=True),
    Filler(r"kopie (?:von|van)|kopia|kopi af|copie de|c[oó]pia (?:de|di)", "Kopie von 01_toy.ipynb", certain=True),
    Filler(_DATE, "20261101_01_toy.ipynb", certain=True),
    Filler(r"my|meine?", "my_01_toy.ipynb"),
    Filler(r"final|solved|completed", "FINAL 01_toy.ipynb"),
    Filler(r"(?:hw|homework|assignment|submission|solutions?|lab|exercise|abgabe|übung)\d*", "HW1-01_toy.ipynb"),
)
BEHIND = (
    Filler(r"\(?cop(?:y|ie|ia)\)?[ _]?\d*|kopie ?\d*|のコピー|的副本|副本", "01_toy - Copy (2).ipynb"),
    Filler(r"\(\d+\)|\d{1,3}", "01_toy (1).ipynb"),
    Filler(r"v(?:ersion)?[ _.-]?\d+(?:\.\d+)*", "01_toy_v2.ipynb"),
    Filler(r"(?:final|new|neu|fertig|done|solved|completed|submitted|graded|fixed)\d*", "01_toy_final_FINAL2.ipynb"),
    Filler(r"submission|solutions?|answers?|abgabe|lösung(?:en)?|homework|hw", "01_toy-Abgabe.ipynb"),
    Filler(r"checkpoint|ipynb", "01_toy-checkpoint.ipynb"),
    Filler(_DATE, "01_toy_2026-11-01.ipynb"),
)
