"""Who is in a course, from the CSV files that Canvas, Moodle, Brightspace and Blackboard export.

Canvas, *Grades, Export*: ``Student``, ``ID``, ``SIS User ID``, ``SIS Login ID``, ``Section``, then assignments; a row
``Points Possible`` has no ID (instructure/canvas-lms, lib/gradebook_importer.rb reads the same columns back). Moodle,
*Grades, Export, Plain text file*: ``First name``, ``Last name`` or ``Surname``, ``ID number``, ``Email address``; and
an assignment's *Download grading worksheet*: ``Identifier`` (``Participant 123``, the number that also is in the names
of downloaded files), ``Full name``, ``Email address`` (moodle/moodle, mod/assign/feedback/offline). Moodle writes its
columns in the language of whoever exports. Its language packs for version 4.5 (``moodle.php``: ``firstname``,
``lastname``, ``username``, ``idnumber``, ``email``, ``fullname``; ``assign.php``: ``recordid``) are what is known here;
that of Brazil is from an earlier version 4.

Brightspace, *Grades, Enter Grades, Export*: ``OrgDefinedId``, ``Username``, ``Last Name``, ``First Name``, ``Email``,
grade items, ``End-of-Line Indicator`` (community.d2l.com, "Importing grades"); a ``#`` before a value keeps
spreadsheets from changing it. Blackboard, *Work Offline, Download*: ``Last Name``, ``First Name``, ``Username``,
``Student ID`` (help.blackboard.com, "Work Offline with Grade Data").
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.results import SubmissionResult
from autograder.tables import read_header, read_table

_CANVAS = ("Student", "ID")
_CANVAS_MORE = ("SIS User ID", "SIS Login ID", "Section")
_BRIGHTSPACE, _BRIGHTSPACE_MORE = (
    "End-of-Line Indicator",
    ("OrgDefinedId", "Username", "Last Name", "First Name", "Email"),
)
_BLACKBOARD, _BLACKBOARD_MORE = ("Last Name", "First Name", "Username"), ("Student ID",)
_WORKSHEET = ("Identifier", "Full name")
_MOODLE = ("First name", "Email address")
_MOODLE_MORE = ("Last name", "Surname", "Username", "ID number", "Email address")
# The key of the line's number in a row; no column can be called so.
_LINE = "\n"
_ENGLISH = ("First name", "Last name", "Username", "ID number", "Email address", "Identifier", "Full name")
_LANGUAGES: dict[str, tuple[str, ...]] = {
    "English": _ENGLISH,
    "German": ("Vorname", "Nachname", "Anmeldename", "ID-Nummer", "E-Mail-Adresse", "ID", "Vollständiger Name"),
    "French": (
        "Prénom", "Nom de famille", "Nom d’utilisateur", "Numéro d’identification", "Adresse de courriel",
        "Identifiant", "Nom complet",
    ),
    "Spanish": (
        "Nombre", "Apellido(s)", "Nombre de usuario", "Número de ID", "Dirección de correo", "Identificador",
        "Nombre completo",
    ),
    "Portuguese": (
        "Nome", "Apelido", "Nome de utilizador", "Número de identificação (ID)", "E-mail", "Identificador",
        "Nome completo",
    ),
    "Brazilian Portuguese": (
        "Nome", "Sobrenome", "Identificação de usuário", "Número de identificação", "Endereço de email",
        "Identificador", "Nome completo",
    ),
    "Italian": ("Nome", "Cognome", "Username", "Codice identificativo", "Indirizzo email", "Identificativo", "Nome"),
    "Dutch": (
        "Voornaam", "Achternaam", "Gebruikersnaam", "Nummer (ID)", "E-mailadres", "Identificatie", "Volledige naam",
    ),
    "Swedish": (
        "Förnamn", "Efternamn", "Användarnamn", "ID nummer", "E-postadress", "Identifierare", "Fullständigt namn",
    ),
}  # fmt: skip
_EXPECTED = (
    "handed_in, student; or the columns of Canvas's or Moodle's own export (Student, ID; First name, Email address; "
    f"Identifier, Full name; those of Moodle also in {', '.join([*_LANGUAGES][1:])}), of Brightspace's (OrgDefinedId "
    "or Username, End-of-Line Indicator) or of Blackboard's (Last Name, First Name, Username). From a Moodle in "
    "another language, write the English names into the file's first line"
)


@dataclass(frozen=True)
class RosterEntry:
    """One student of a roster; empty where it does not say.

    Attributes:
        student: how the student is called in results: the login, else the ID number, else the name; the address, or
            the name with the number, where two share a name.
        name: as the platform writes it.
        platform: ``Canvas``, ``Moodle``, ``Brightspace`` or ``Blackboard``.
        number: Canvas's ID, or the number that Moodle gives for one assignment.
        line: where in the file the student is; 0 where that is not known.
    """

    student: str
    name: str
    platform: str
    number: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    sis_user_id: str = ""
    login: str = ""
    section: str = ""
    line: int = field(default=0, compare=False)


def read_roster(path: Path) -> list[RosterEntry]:
    """The students in a CSV file that Canvas, Moodle, Brightspace or Blackboard exported.

    Raises:
        SubmissionError: if the file cannot be read, or is neither.
    """
    header, delimiter = read_header(path, SubmissionError)

    def rows(columns: Sequence[str], more: Sequence[str]) -> list[dict[str, str]]:
        table = read_table(path, columns, SubmissionError, more, delimiter)
        return [
            {name: unicodedata.normalize("NFC", value) for name, value in row.items()} | {_LINE: str(line)}
            for line, row in table
        ]

    if set(_CANVAS) <= set(header):
        return _told_apart(_of_canvas(row) for row in rows(_CANVAS, _CANVAS_MORE) if row["ID"])
    if _BRIGHTSPACE in header and {"OrgDefinedId", "Username"} & set(header):
        return _told_apart(map(_of_brightspace, rows((), _BRIGHTSPACE_MORE)))
    if set(_BLACKBOARD) <= set(header):
        return _told_apart(_of_blackboard(row) for row in rows(_BLACKBOARD, _BLACKBOARD_MORE) if row["Username"])
    # Languages share words: the one with most columns in the file is the file's.
    for written in sorted(_LANGUAGES.values(), key=lambda names: -len(set(names) & set(header))):
        called = dict(zip(_ENGLISH, written, strict=True))
        for columns in (_WORKSHEET, _MOODLE):
            if {called[name] for name in columns} <= set(header):
                names = {name: called.get(name, name) for name in (*columns, *_MOODLE_MORE)}
                table = rows([called[name] for name in columns], [*names.values()])
                found = [
                    _of_moodle({_LINE: row[_LINE], **{name: row[there] for name, there in names.items()}})
                    for row in table
                ]
                return _told_apart(entry for entry in found if entry.name or entry.email)
    raise SubmissionError(f"{path}, line 1: has the columns {list(header)}; expected {_EXPECTED}.")


def names_from(roster: Iterable[RosterEntry]) -> dict[str, str]:
    """The students behind names, logins and numbers under which files come back; a name that two share tells none."""
    listed = list(roster)
    shared = Counter(entry.name for entry in listed)
    numbers = {f"{entry.platform}:{entry.number}": entry.student for entry in listed if entry.number}
    logins = {entry.student: entry.student for entry in listed}
    return logins | {entry.name: entry.student for entry in listed if shared[entry.name] == 1} | numbers


def listed_for(results: Iterable[SubmissionResult], roster: Iterable[RosterEntry]) -> dict[str, RosterEntry]:
    """The roster's entry of each student who has a result, by the student's name there; those without are left out.

    A number of Canvas decides; else what the student is called, which may be the login, the ID or the name.
    """
    by_number: dict[str, RosterEntry] = {}
    by_name: dict[str, list[RosterEntry]] = {}
    for entry in roster:
        if entry.platform == "Canvas":
            by_number[entry.number] = entry
        for name in {entry.student, entry.name, entry.login, entry.email, entry.sis_user_id} - {""}:
            by_name.setdefault(name, []).append(entry)
    found: dict[str, RosterEntry] = {}
    for result in results:
        named = by_name.get(result.student, [])
        if result.platform == "Canvas" and result.number in by_number:
            found.setdefault(result.student, by_number[result.number])
        elif len(named) == 1:
            found.setdefault(result.student, named[0])
    return found


def _told_apart(listed: Iterable[RosterEntry]) -> list[RosterEntry]:
    """The students with names in results that no two share, as far as the file tells them apart."""
    entries = list(listed)
    count = Counter(entry.student for entry in entries)
    return [entry if count[entry.student] == 1 else replace(entry, student=_own_name(entry)) for entry in entries]


def _own_name(entry: RosterEntry) -> str:
    return entry.email or (f"{entry.student}_{entry.number}" if entry.number else entry.student)


def _of_canvas(row: dict[str, str]) -> RosterEntry:
    last, _, first = row["Student"].partition(", ")
    login = row["SIS Login ID"]
    return RosterEntry(
        login or row["Student"], row["Student"], "Canvas", row["ID"], first, last, "", row["SIS User ID"], login,
        row["Section"], int(row[_LINE]),
    )  # fmt: skip


def _of_brightspace(row: dict[str, str]) -> RosterEntry:
    values = {name: value.removeprefix("#") for name, value in row.items()}
    name = f"{values['First Name']} {values['Last Name']}".strip()
    return RosterEntry(
        values["Username"] or values["OrgDefinedId"], name, "Brightspace", "", values["First Name"],
        values["Last Name"], values["Email"], values["OrgDefinedId"], values["Username"], line=int(row[_LINE]),
    )  # fmt: skip


def _of_blackboard(row: dict[str, str]) -> RosterEntry:
    name = f"{row['First Name']} {row['Last Name']}".strip()
    return RosterEntry(
        row["Username"], name, "Blackboard", "", row["First Name"], row["Last Name"], "", row["Student ID"],
        row["Username"], line=int(row[_LINE]),
    )  # fmt: skip


def _of_moodle(row: dict[str, str]) -> RosterEntry:
    last = row["Last name"] or row["Surname"]
    first = row.get("First name", "")
    name = row.get("Full name") or f"{first} {last}".strip()
    number = re.search(r"\d+$", row.get("Identifier", ""))
    student = row["Username"] or row["ID number"] or name or row["Email address"]
    return RosterEntry(
        student, name, "Moodle", number[0] if number else "", first or (name if not last else ""), last,
        row["Email address"], "", row["Username"], line=int(row[_LINE]),
    )  # fmt: skip
