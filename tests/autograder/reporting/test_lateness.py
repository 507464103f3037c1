from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import LateError
from autograder.reporting.date_files import nbgrader_time, read_due_dates, read_extensions, read_submission_times
from autograder.reporting.lateness import DAY, Grade, LatePolicy, parse_policy, with_penalties
from tests.support.graded import result
from tests.support.toy import NAME

DUE = datetime(2026, 11, 1, 23, 59, tzinfo=UTC)
POLICY = LatePolicy("per-day", 0.1, 0.25)


def test_each_day_begun_costs_a_fraction_of_the_score_up_to_the_maximum():
    lateness = (timedelta(0), timedelta(seconds=1), DAY, DAY + timedelta(seconds=1), 30 * DAY)
    assert [round(POLICY.penalty(80, late), 9) for late in lateness] == [0, 8, 8, 16, 20]


def test_a_cutoff_takes_everything_and_none_takes_nothing():
    assert LatePolicy("cutoff").penalty(80, timedelta(seconds=1)) == 80
    assert LatePolicy("none").penalty(80, 300 * DAY) == 0


@given(
    st.sampled_from([LatePolicy(), LatePolicy("cutoff"), POLICY, LatePolicy("per-day", 1.0)]),
    st.floats(0, 100),
    st.timedeltas(-10 * DAY, 10 * DAY),
    st.timedeltas(timedelta(0), 10 * DAY),
)
def test_a_penalty_stays_within_the_score_and_grows_with_lateness(policy, score, late, more):
    first, second = policy.penalty(score, late), policy.penalty(score, late + more)
    assert 0 <= first <= second <= score


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("none", LatePolicy()),
        ("cutoff", LatePolicy("cutoff")),
        ("per-day:0.1", LatePolicy("per-day", 0.1, 1.0)),
        ("per-day:0.1:0.5", LatePolicy("per-day", 0.1, 0.5)),
        ("per-day:0.1:0.5:grace=15min", LatePolicy("per-day", 0.1, 0.5, timedelta(minutes=15))),
        ("per-day:0.1:grace=1.5h", LatePolicy("per-day", 0.1, 1.0, timedelta(minutes=90))),
        ("cutoff:grace=1d", LatePolicy("cutoff", grace=DAY)),
    ],
)
def test_policies_are_read(text, policy):
    assert parse_policy(text) == policy


@pytest.mark.parametrize("text", ["", "per-day", "per-day:", "per-day:a", "daily"])
def test_what_is_no_policy_is_refused(text):
    with pytest.raises(LateError, match="per-day:FRACTION"):
        parse_policy(text)


@pytest.mark.parametrize("text", ["per-day:10", "per-day:-0.1", "per-day:nan", "per-day:0.1:50"])
def test_a_fraction_that_is_none_is_named(text):
    with pytest.raises(LateError, match=r"the number -?\w.*FRACTION and MAXIMUM between 0 and 1"):
        parse_policy(text)


def test_files_of_dates_are_read_with_their_offsets(tmp_path):
    due, times = tmp_path / "due.csv", tmp_path / "times.csv"
    due.write_text("\ufeffassignment,due,note\n01_toy,2026-11-02T00:59+01:00,x\n\n02_next,,\n", encoding="utf-8")
    times.write_text("student,assignment,submitted\nada,01_toy,2026-11-02 01:00:00Z\n")
    assert read_due_dates(due) == {"01_toy": DUE, "02_next": None}
    assert read_submission_times(times) == {("ada", "01_toy"): DUE + timedelta(minutes=61)}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("assignment\n01_toy\n", "line 1: has the columns"),
        ("assignment,due\n01_toy,2026-11-01T23:59\n", "line 2: '2026-11-01T23:59' has no offset"),
        ("assignment,due\n\n01_toy,tomorrow\n", "line 3: 'tomorrow' is not a time"),
        ("assignment,due\na,\na,\n", "line 3: a is there twice"),
        ("assignment,due\n,2026-11-01T23:59Z\n", "line 2: a value is missing"),
        ("assignment,due\na,2026-11-01T23:59Z,b\n", "line 2: has more values"),
        ('assignment,due\n"a,\n', "line 2"),
        ("", "line 1"),
    ],
)
def test_a_malformed_line_is_named(tmp_path, lines, words):
    path = tmp_path / "due.csv"
    path.write_text(lines)
    with pytest.raises(LateError, match=words):
        read_due_dates(path)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path):
    (tmp_path / "binary.csv").write_bytes(b"assignment,due\n\xff\xfe,\n")
    expected = {"missing.csv": "there is no file", "binary.csv": "is not in UTF-8", ".": "cannot be read: Is a dir"}
    for name, words in expected.items():
        with pytest.raises(LateError, match=words) as caught:
            read_due_dates(tmp_path / name)
        assert str(caught.value).count(str(tmp_path)) == 1


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-11-01 12:00:00.123456 UTC", 12),
        ("2026-11-01 12:00:00", 12),
        ("2026-11-01 12:00:00 Europe/Berlin", 11),
        ("2026-11-01 12:00:00 +0200", 10),
        ("2026-11-01T12:00:00+02:00", 10),
    ],
)
def test_nbgraders_timestamps_are_read(tmp_path, text, hour):
    (tmp_path / "timestamp.txt").write_text(f"{text}\n")
    found = nbgrader_time(tmp_path / "timestamp.txt")
    assert found is not None
    assert found.astimezone(UTC).replace(microsecond=0) == datetime(2026, 11, 1, hour, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-01 12:00:00 CEST", "2026-11-01 12:00:00 ../../etc/passwd"])
def test_a_timestamp_that_nobody_can_read_is_an_error(tmp_path, text):
    (tmp_path / "timestamp.txt").write_text(text)
    with pytest.raises(LateError, match="expected a time"):
        nbgrader_time(tmp_path / "timestamp.txt")


def test_a_time_in_a_files_name_counts_in_the_zone_of_the_due_time():
    """Blackboard and Brightspace write their clock's time; a time in the file of --times wins."""
    due = datetime(2026, 11, 1, 23, 59, tzinfo=timezone(timedelta(hours=-5)))
    named = {(name, NAME): datetime(2026, 11, 2, 0, 59) for name in ("ada", "bob")}
    ada, bob = with_penalties([result("ada"), result("bob")], POLICY, {NAME: due}, {("bob", NAME): due}, named=named)
    assert (ada.late, bob.late) == (timedelta(hours=1), timedelta(0))


def test_a_row_without_student_is_for_all_of_whom_nothing_else_tells_the_time(tmp_path):
    (tmp_path / "times.csv").write_text(
        f"student,assignment,submitted\n,{NAME},2026-11-01T20:00Z\nbob,{NAME},2026-11-02T23:59Z\n"
    )
    times = read_submission_times(tmp_path / "times.csv")
    named = {("cleo", NAME): DUE + timedelta(hours=2)}
    grades = with_penalties([result(name) for name in ("ada", "bob", "cleo")], POLICY, {NAME: DUE}, times, named=named)
    assert [grade.late for grade in grades] == [timedelta(0), DAY, timedelta(hours=2)]


def test_a_time_from_the_table_wins_over_nbgraders(tmp_path):
    results = [result("ada"), result("bob")]
    for student in ("ada", "bob"):
        folder = tmp_path / student / NAME
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text("2026-11-03 00:00:00 UTC")
    times = {("ada", NAME): DUE}
    ada, bob = with_penalties(results, POLICY, {NAME: DUE}, times, tmp_path)
    assert (ada.penalty, ada.final, ada.late) == (0, 8, timedelta(0))
    assert (bob.penalty, bob.final) == (pytest.approx(1.6), pytest.approx(6.4))


def test_a_due_date_or_time_that_is_missing_is_an_error_and_no_free_pass():
    with pytest.raises(LateError, match=f"no due date for 1 of those graded(?s:.*)\n{NAME},$"):
        with_penalties([result()], POLICY, {}, {})
    with pytest.raises(LateError, match=f"no submission time for 1 of those graded(?s:.*)\nada,{NAME},$"):
        with_penalties([result()], POLICY, {NAME: DUE}, {})


def test_every_missing_time_is_listed_as_a_row_that_can_be_completed(tmp_path):
    results = [result(f"s{number}, jr") for number in range(20)]
    with pytest.raises(LateError) as caught:
        with_penalties(results, POLICY, {NAME: DUE}, {})
    rows = str(caught.value).partition(":\n")[2].splitlines()
    table = tmp_path / "times.csv"
    table.write_text("\n".join(["student,assignment,submitted", *(f"{row}2026-11-03T00:00Z" for row in rows)]))
    grades = with_penalties(results, POLICY, {NAME: DUE}, read_submission_times(table))
    assert [grade.final for grade in grades] == [pytest.approx(6.4)] * 20


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(0), ""),
        (timedelta(seconds=1), "1 min"),
        (timedelta(hours=26, minutes=5), "1 day 2 h 5 min"),
        (2 * DAY, "2 days"),
    ],
)
def test_lateness_is_said_in_words(late, words):
    assert Grade(result(), 0.0, late).lateness == words


def test_nothing_is_needed_without_a_policy_or_for_what_was_not_graded():
    assert with_penalties([result()], LatePolicy(), {}, {})[0].final == 8
    stray = replace(result(), assignment="unknown", tasks=())
    assert with_penalties([stray], POLICY, {}, {})[0].penalty == 0


def test_an_assignment_without_a_due_time_is_never_late():
    assert with_penalties([result()], POLICY, {NAME: None}, {})[0].penalty == 0


@pytest.mark.parametrize("text", ["cutoff:grace=", "cutoff:grace=15", "cutoff:grace=-1min", "cutoff:grace=1week"])
def test_a_grace_that_is_no_time_is_refused(text):
    with pytest.raises(LateError, match="Expected a time such as 15min"):
        parse_policy(text)


def test_what_comes_within_the_grace_is_in_time_and_then_the_whole_lateness_counts():
    policy = parse_policy("per-day:0.1:grace=15min")
    inside, outside = (DUE + timedelta(minutes=minutes) for minutes in (15, 16))
    for time, penalty, late in ((inside, 0.0, timedelta(0)), (outside, 0.8, timedelta(minutes=16))):
        (grade,) = with_penalties([result()], policy, {NAME: DUE}, {("ada", NAME): time})
        assert (round(grade.penalty, 9), grade.late) == (penalty, late)


def test_a_row_for_one_student_is_an_extension(tmp_path):
    file = tmp_path / "due.csv"
    file.write_text(f"assignment,student,due\n{NAME},,2026-11-01T12:00Z\n{NAME},ada,2026-11-08T12:00Z\n{NAME},eve,\n")
    due, extensions = read_due_dates(file), read_extensions(file)
    assert list(due) == [NAME] and list(extensions) == [("ada", NAME), ("eve", NAME)]
    times = {(student, NAME): datetime(2026, 11, 8, tzinfo=UTC) for student in ("ada", "ben", "eve")}
    batch = [result(student) for student in ("ada", "ben", "eve")]
    grades = with_penalties(batch, LatePolicy("cutoff"), due, times, extensions=extensions)
    assert [grade.penalty for grade in grades] == [0, 8, 0]


def test_an_extension_twice_is_refused(tmp_path):
    (tmp_path / "due.csv").write_text("assignment,due,student\na,,ada\na,,ada\n")
    with pytest.raises(LateError, match=r"line 3: .*twice"):
        read_extensions(tmp_path / "due.csv")


def canvas(student, *flags):
    return result(student, platform="Canvas", number="47", flags=flags)


def test_files_of_canvas_are_late_where_canvas_says_so():
    batch = [canvas("ada"), canvas("bo", "marked-late")]
    ada, bo = with_penalties(batch, LatePolicy("cutoff", grace=DAY), {NAME: DUE}, {})
    assert (ada.penalty, ada.lateness, bo.penalty, bo.lateness) == (0, "", 8, "an unknown time")
    (known,) = with_penalties(batch[1:], LatePolicy("cutoff"), {NAME: DUE}, {("bo", NAME): DUE})
    assert known.penalty == 0


def test_a_row_for_everyone_else_says_nothing_of_a_file_that_is_marked_late():
    batch, everyone = [canvas("ada"), canvas("bo", "marked-late")], {("", NAME): DUE}
    ada, bo = with_penalties(batch, LatePolicy("cutoff"), {NAME: DUE}, everyone)
    assert (ada.penalty, bo.penalty, bo.lateness) == (0, 8, "an unknown time")
    with pytest.raises(LateError, match=f"for 1 of those graded(?s:.*)bo,{NAME},"):
        with_penalties(batch, POLICY, {NAME: DUE}, everyone)


def test_by_the_day_or_with_an_extension_a_marked_file_needs_its_time():
    batch = [canvas("ada"), canvas("bo", "marked-late")]
    with pytest.raises(LateError, match=f"for 1 of those graded(?s:.*)bo,{NAME},"):
        with_penalties(batch, POLICY, {NAME: DUE}, {})
    with pytest.raises(LateError, match=f"for 1 of those graded(?s:.*)bo,{NAME},"):
        with_penalties(batch, LatePolicy("cutoff"), {NAME: DUE}, {}, extensions={("bo", NAME): DUE + DAY})
