"""A hostile gradebook in a running formgrader, opened in a browser: nothing of a student's runs, a person can mark."""

from __future__ import annotations

import json
from dataclasses import replace

import nbformat
import pytest

from autograder.reporting.gradebook.course_folder import nbgrader_id, notebook_path
from tests.autograder.reporting.test_hostile_notebooks import ACT
from tests.support.browser import PATIENCE
from tests.support.formgrader import TOKEN, formgrader_in, run
from tests.support.gradebook import Book
from tests.support.graded import executed, result
from tests.support.hostile import hostile_notebook
from tests.support.toy import NAME

pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("nbgrader-gradebook")]

STUDENTS = ("ada", f'eve"><script>{ACT}</script>', f"mal\u202e';{ACT};'\\")


@pytest.fixture(scope="module")
def place(tmp_path_factory, toy_source, toy_student):
    """A gradebook with a hostile notebook of each student, whose names and checks' messages are hostile, too."""
    book = Book(tmp_path_factory.mktemp("hostile") / "gradebook", toy_source, toy_student)
    evil = f"<img src=x onerror='{ACT}'> $\\href{{javascript:{ACT}}}{{x}}$"
    results = [result(name, double=0.0) for name in STUDENTS]
    told = [replace(r, tasks=tuple(replace(task, message=evil) for task in r.tasks)) for r in results]
    book.write(*told, notebook=hostile_notebook(executed(toy_source, toy_student)))
    return book


@pytest.fixture(scope="module")
def formgrader(place, tmp_path_factory):
    with formgrader_in(place.folder, tmp_path_factory.mktemp("runtime")) as server:
        yield server


class Visitor:
    """A logged-in instructor's window, and what its pages did."""

    def __init__(self, browser, server):
        self.server, self.acted, self.sent, self.foreign = server, [], [], []
        self.context = browser.new_context()
        self.context.set_default_timeout(PATIENCE)
        self.context.route(lambda url: not url.startswith((server.address, "file:")), self._elsewhere)
        self.page = self.context.new_page()
        self.page.on("dialog", lambda dialog: (self.acted.append(dialog.message), dialog.dismiss()))
        self.page.on("console", lambda message: self.acted.append(message.text) if message.text == "ran" else None)
        self.page.on("request", self._note)
        self.page.goto(f"{server.address}/formgrader/?token={TOKEN}")

    def _elsewhere(self, route):
        url = route.request.url
        self.foreign += [] if url.startswith("data:") else [url]
        if not url.startswith("data:image/"):
            self.acted.append(url)
        route.abort()

    def _note(self, request):
        if request.method != "GET":
            self.sent.append((request.method, request.url))

    def open(self, path):
        answer = self.page.goto(f"{self.server.address}/{path}")
        assert answer.ok, (path, answer.status)
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(300)
        return self.page

    def require_quiet(self, path):
        """Nothing of a student's ran, nothing was asked of another host, and nothing was sent to this one."""
        assert (self.acted, self.sent) == ([], []), path
        assert self.page.evaluate("window.ran") is None, path
        assert self.page.url.startswith(self.server.address), path


SCHEME = "2 points: says that x is added to itself."


@pytest.fixture
def visitor(browser, formgrader):
    visitor = Visitor(browser, formgrader)
    yield visitor
    visitor.context.close()


def submissions(formgrader):
    found = json.loads(formgrader.ask(f"api/submitted_notebooks/{NAME}/{NAME}"))
    return {submission["student"]: submission["id"] for submission in found}


def test_no_page_of_formgrader_runs_anything_of_a_student(visitor, formgrader):
    pages = ["manage_assignments", "gradebook", f"gradebook/{NAME}", f"gradebook/{NAME}/{NAME}", "manage_students"]
    for student in map(nbgrader_id, STUDENTS):
        encoded = student.replace("%", "%25")
        pages += [f"manage_students/{encoded}", f"manage_students/{encoded}/{NAME}"]
    for path in pages:
        page = visitor.open(f"formgrader/{path}")
        if page.locator("#toggle_names").count():
            page.click("#toggle_names")
        visitor.require_quiet(path)


def test_the_page_on_which_a_person_marks_runs_nothing_and_takes_points(visitor, formgrader, place):
    found = submissions(formgrader)
    assert set(found) == set(map(nbgrader_id, STUDENTS))
    for student, key in found.items():
        page = visitor.open(f"formgrader/submissions/{key}/")
        visitor.require_quiet(student)
        # MathJax is there, and asked for nothing; a student's formulas are pictures by then.
        assert page.evaluate("MathJax.startup.promise.then(() => MathJax.version)").startswith("3.")
        assert page.locator(".nbgrader_cell mjx-container").count() == 0
        assert visitor.foreign == []
        assert page.locator(".mark-scheme").inner_text().split() == ["Mark", "scheme", *SCHEME.split()]
        answer = page.locator(".nbgrader_cell", has=page.locator("#written-why"))
        assert answer.locator("img[alt='x+x']").count() == 1
        assert page.get_by_text("a table that is kept").is_visible()
        student_made = page.locator(".text_cell_render, .output, .input_area")
        assert (
            student_made.locator("a:not(.anchor-link), script, iframe, input, button, form, object, embed, svg").count()
            == 0
        )
        for text in student_made.get_by_text("click", exact=False).all()[:5]:
            text.click(force=True)
        visitor.require_quiet(student)
    page.locator("#written-why").fill("1.5")
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.keyboard.press("Tab")
    (student,) = [name for name, key in found.items() if key in page.url]
    assert place.grade(student, "written-why", "manual_score") == 1.5
    assert len(visitor.sent) == 1 and visitor.acted == []


def test_nbgraders_own_feedback_pages_run_nothing(visitor, place):
    run("nbgrader", "generate_feedback", NAME, "--force", cwd=place.folder)
    pages = sorted((place.folder / "feedback").rglob("*.html"))
    assert len(pages) == len(STUDENTS)
    for path in pages:
        page = visitor.page
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")
        assert (visitor.acted, page.evaluate("window.ran"), page.url) == ([], None, path.as_uri())
        # MathJax, from the page itself, has found no formula of a student's.
        page.evaluate("MathJax.startup.promise.then(() => true)")
        assert page.locator("mjx-container").count() == 0 and visitor.foreign == []
        assert page.get_by_text("a table that is kept").is_visible()


def test_a_script_that_is_not_taken_out_would_be_noticed(visitor, place, formgrader, toy_source, toy_student):
    """The same page with the notebook as it was handed in: these tests can fail."""
    key = submissions(formgrader)["ada"]
    path = notebook_path(place.folder, "ada", NAME)
    safe = path.read_text()
    try:
        raw = executed(toy_source, toy_student, written=f"<script>{ACT}</script> $\\href{{javascript:1}}{{x}}$")
        nbformat.write(raw, path)
        page = visitor.open(f"formgrader/submissions/{key}/")
        assert "ran" in visitor.acted
        page.evaluate("MathJax.startup.promise.then(() => true)")
        assert page.locator(".nbgrader_cell mjx-container").count() == 1
        # Even then no formula becomes a link.
        assert page.locator("mjx-container a").count() == 0
    finally:
        path.write_text(safe)
