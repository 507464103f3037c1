"""Rosters in the columns of Canvas's and Moodle's own exports; where these are documented, the module says."""

from pathlib import PurePosixPath

import pytest

from autograder.errors import SubmissionError
from autograder.grading.student_names import owners, read_names
from autograder.roster import RosterEntry, listed_for, names_from, read_roster
from tests.support.graded import result

CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,01_toy (88),Current Score\n"
    '"    Points Possible",,,,,10,(read only)\n'
    '"Lovelace, Ada",4711,u1,ada,S1,,\n'
    '"Li, Bo",47,u2,bo1,S1,,\n'
    '"Li, Bo",48,u3,bo2,S2,,\n'
)
MOODLE = (
    "First name,Last name,ID number,Institution,Department,Email address,Assignment: Toy (Real)\n"
    "Ada,Lovelace,1001,,,ada@example.org,-\nBo,Li,1002,,,bo1@example.org,-\nBo,Li,1003,,,bo2@example.org,-\n"
)
WORKSHEET = (
    "Identifier;Full name;Email address;Status;Grade;Maximum Grade\n"
    "Participant 123;Zoe\u0308 Müller;zoe@example.org;Submitted;;10\n"
)


def roster(tmp_path, text):
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    return read_roster(tmp_path / "roster.csv")


def test_the_address_is_found_where_two_languages_share_the_other_columns(tmp_path):
    for address in ("E-mail", "Endereço de email"):
        (ada,) = roster(tmp_path, f"Identificador,Nome completo,{address}\nParticipante 7,Ada Lima,ada@x.org\n")
        assert (ada.name, ada.number, ada.email) == ("Ada Lima", "7", "ada@x.org")


def test_canvas_tells_ids_logins_and_names(tmp_path):
    ada, *others = roster(tmp_path, CANVAS)
    assert ada == RosterEntry("ada", "Lovelace, Ada", "Canvas", "4711", "Ada", "Lovelace", "", "u1", "ada", "S1")
    assert [entry.student for entry in others] == ["bo1", "bo2"]


def test_brightspace_and_blackboard_tell_logins_and_names(tmp_path):
    """Brightspace puts a # before logins and numbers; a file that names students for --students is told by names."""
    header = "OrgDefinedId,Username,Last Name,First Name,Email,Toy Points Grade <Numeric MaxPoints:10>"
    (ada,) = roster(tmp_path, f"{header},End-of-Line Indicator\n#1001,#ada.l,Lovelace,Ada,ada@x.org,,#\n")
    assert (ada.student, ada.name, ada.email, ada.line) == ("ada.l", "Ada Lovelace", "ada@x.org", 2)
    file = [PurePosixPath("7-9 - Ada Lovelace - Nov 1, 2026 1230 PM/01_toy.ipynb")]
    assert [owner.student for owner in owners(file, "in", ["01_toy"], names_from([ada]))] == ["ada.l"]
    (bo,) = roster(tmp_path, '\ufeff"Last Name","First Name","Username","Student ID"\n"Li","Bo","bo.li","1002"\n')
    assert (bo.student, bo.name, bo.platform) == ("bo.li", "Bo Li", "Blackboard")
    assert listed_for([result("bo.li")], [bo]) == {"bo.li": bo}


def test_students_of_one_name_are_two_students(tmp_path):
    sheet = "Identifier,Full name,Email address\nParticipant 7,Bo Li,bo1@x.org\nParticipant 8,Bo Li,bo2@x.org\n"
    listed = roster(tmp_path, sheet)
    assert [entry.student for entry in listed] == ["bo1@x.org", "bo2@x.org"]
    files = [PurePosixPath(f"Bo Li_{number}_assignsubmission_file_/01_toy.ipynb") for number in (7, 8)]
    assert [owner.student for owner in owners(files, "in", ["01_toy"], names_from(listed))] == [
        "bo1@x.org",
        "bo2@x.org",
    ]
    assert listed_for([result("bo2@x.org")], listed)["bo2@x.org"].email == "bo2@x.org"
    without = 'Student,ID,SIS User ID,SIS Login ID,Section\n"Li, Bo",47,,,\n"Li, Bo",48,,,\n'
    assert [entry.student for entry in roster(tmp_path, without)] == ["Li, Bo_47", "Li, Bo_48"]


def test_students_of_one_name_who_hand_in_under_their_logins_are_on_the_list(tmp_path):
    names = names_from(roster(tmp_path, CANVAS))
    files = [PurePosixPath(f"Toy_{login}_attempt_2026-11-01-12-30-00_01_toy.ipynb") for login in ("ada", "bo1", "bo2")]
    assert [(owner.student, owner.how) for owner in owners(files, "in", ["01_toy"], names)] == [
        ("ada", "--students"), ("bo1", "--students"), ("bo2", "--students"),
    ]  # fmt: skip
    assert set(names.values()) == {"ada", "bo1", "bo2"}


def test_moodle_tells_names_and_addresses(tmp_path):
    ada = roster(tmp_path, MOODLE)[0]
    assert (ada.student, ada.name, ada.email) == ("1001", "Ada Lovelace", "ada@example.org")
    (zoe,) = roster(tmp_path, WORKSHEET)
    assert (zoe.student, zoe.number, zoe.email) == ("Zo\u00eb Müller", "123", "zoe@example.org")


GRADES = "{},{},{},Institution,Department,{},Assignment: Toy (Real)\n" + MOODLE.partition("\n")[2]
SHEET = "{};{};{};Status\nParticipant123;Zoe\u0308 Müller;zoe@example.org;Submitted\n"


@pytest.mark.parametrize(
    ("grades", "worksheet"),
    [
        ("Vorname,Nachname,ID-Nummer,E-Mail-Adresse", "ID,Vollständiger Name"),
        ("Prénom,Nom de famille,Numéro d’identification,Adresse de courriel", "Identifiant,Nom complet"),
        ("Nombre,Apellido(s),Número de ID,Dirección de correo", "Identificador,Nombre completo"),
        ("Nome,Apelido,Número de identificação (ID),E-mail", "Identificador,Nome completo"),
        ("Nome,Sobrenome,Número de identificação,Endereço de email", "Identificador,Nome completo"),
        ("Nome,Cognome,Codice identificativo,Indirizzo email", "Identificativo,Nome"),
        ("Voornaam,Achternaam,Nummer (ID),E-mailadres", "Identificatie,Volledige naam"),
        ("Förnamn,Efternamn,ID nummer,E-postadress", "Identifierare,Fullständigt namn"),
    ],
    ids=["German", "French", "Spanish", "Portuguese", "Brazilian Portuguese", "Italian", "Dutch", "Swedish"],
)
def test_moodle_in_another_language_tells_the_same(tmp_path, grades, worksheet):
    columns = grades.split(",")
    assert roster(tmp_path, GRADES.format(*columns)) == roster(tmp_path, MOODLE)
    assert roster(tmp_path, SHEET.format(*worksheet.split(","), columns[3])) == roster(tmp_path, WORKSHEET)


def test_a_moodle_in_an_unknown_language_is_told_what_to_write(tmp_path):
    with pytest.raises(SubmissionError, match="another language, write the English names into the file's first line"):
        roster(tmp_path, MOODLE.replace("First name", "Keresztnév"))


def test_files_of_canvas_are_given_to_the_logins_behind_their_ids(tmp_path):
    (tmp_path / "canvas.csv").write_text(CANVAS)
    files = [PurePosixPath(f"{name}_01_toy.ipynb") for name in ("lovelaceada_4711_1", "libo_47_2", "libo_LATE_48_3")]
    found = owners(files, "in", ["01_toy"], read_names(tmp_path / "canvas.csv"))
    assert [(owner.student, owner.number, owner.guess) for owner in found] == [
        ("ada", "4711", ""), ("bo1", "47", ""), ("bo2", "48", ""),
    ]  # fmt: skip


def test_files_of_moodle_are_given_by_the_number_of_the_worksheet(tmp_path):
    (tmp_path / "sheet.csv").write_text(WORKSHEET.replace("Zoe\u0308 Müller", "Zoë M."), encoding="utf-8")
    file = PurePosixPath("Zoë Müller_123_assignsubmission_file_/01_toy.ipynb")
    (owner,) = owners([file], "in", ["01_toy"], read_names(tmp_path / "sheet.csv"))
    assert owner.student == "Zoë M."


def test_a_name_that_two_students_share_tells_none(tmp_path):
    assert "Bo Li" not in names_from(roster(tmp_path, MOODLE)) and "Ada Lovelace" in names_from(
        roster(tmp_path, MOODLE)
    )


def test_students_with_results_are_found_by_number_login_or_name(tmp_path):
    entries = roster(tmp_path, CANVAS)
    batch = [
        result("libo", platform="Canvas", number="48"), result("ada"), result("Lovelace, Ada"), result("Li, Bo"),
        result("eve"),
    ]  # fmt: skip
    found = {student: entry.login for student, entry in listed_for(batch, entries).items()}
    assert found == {"libo": "bo2", "ada": "ada", "Lovelace, Ada": "ada"}


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "", "Student,Grade\n"])
def test_a_file_of_nobody_is_refused(tmp_path, text):
    with pytest.raises(SubmissionError, match=r"line 1: .*expected handed_in, student; or"):
        roster(tmp_path, text)
    with pytest.raises(SubmissionError, match="cannot be read"):
        read_roster(tmp_path / "none.csv")
