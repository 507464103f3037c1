"""Feedback pages of hostile notebooks, opened in a browser: nothing runs, nothing is asked for, nothing is covered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.reporting.feedback import write_feedback
from autograder.reporting.lateness import Grade
from autograder.reporting.report import class_report, report_page
from autograder.reporting.similarity import Group, Similarity
from autograder.results import SubmissionResult, TaskResult
from tests.autograder.reporting.test_pictures import encoded, png_of
from tests.support.browser import PATIENCE
from tests.support.toy import NAME, meta

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

ACT = "window.ran=1;alert(1);console.log('ran');new Image().src='https://evil.example/'"
HTML = {
    "script": f"<script>{ACT}</script>",
    "onerror": f'<img src="nowhere.png" onerror="{ACT}">',
    "link": f'<a id="go" href="javascript:{ACT}">results</a><a href="https://evil.example/">x</a>',
    "svg-onload": f'<svg onload="{ACT}"><script>{ACT}</script></svg><svg><animate onbegin="{ACT}"/></svg>',
    "srcdoc": f'<iframe srcdoc="<script>{ACT}</script>"></iframe><iframe src="https://evil.example/"></iframe>',
    "style": '<style>@import "https://evil.example/a.css"; *{background:url(https://evil.example/b)} '
    "main{display:none}</style>"
    '<p style="position:fixed;inset:0;background:url(https://evil.example/c)">covered</p>',
    "data-address": '<object data="data:text/html,<script>parent.ran=1</script>"></object>'
    '<embed src="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">',
    "refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example/"><base href="https://evil.example/">',
    "form": f'<form action="https://evil.example/"><input autofocus onfocus="{ACT}"><button>Log in</button></form>',
    "mutation": "<math><mtext><table><mglyph><style><!--</style>"
    f"<img title=\"--&gt;&lt;img src=1 onerror='{ACT}'&gt;\">",
    "noscript": f"<noscript><p title=\"</noscript><img src=x onerror='{ACT}'>\">",
    "media": f'<video src="https://evil.example/v" onerror="{ACT}"></video><audio src=x onerror="{ACT}"></audio>',
    "details": f'<details open ontoggle="{ACT}">x</details>',
    "closing": f"</div></section></main></body></html><script>{ACT}</script>",
    "meter": '<div class="score">100 of 100 points</div>',
}
MARKDOWN = (
    "\n\n".join(HTML.values())
    + f"\n\n[click](javascript:{ACT}) ![x](https://evil.example/m.png) <https://evil.example/> "
    + f"![x](javascript:{ACT})\n\n[r]: javascript:alert(1)\n\n[r] ![a](attachment:a.svg) ![b](attachment:b.png)"
)
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="{ACT}"><script>parent.ran=1;{ACT}</script>'
SVG += '<image href="https://evil.example/s.png" width="9" height="9"/></svg>'


def _notebook():
    outputs = [new_output("display_data", data={"text/html": html}) for html in HTML.values()]
    outputs += [
        new_output("display_data", data={"application/javascript": ACT}),
        new_output("display_data", data={"text/markdown": MARKDOWN}),
        new_output("display_data", data={"text/latex": f"$\\text{{</svg><script>{ACT}</script>}}$"}),
        new_output("display_data", data={"text/latex": f"$\\href{{javascript:{ACT}}}{{x}}$"}),
        new_output("display_data", data={"image/svg+xml": SVG}),
        new_output("display_data", data={"image/png": 'x" onerror="' + ACT}),
        new_output("display_data", data={"image/png": png_of(50_000, 50_000)}),
        new_output("display_data", data={"image/png": encoded()}),
        new_output("display_data", data={"application/vnd.jupyter.widget-view+json": {"model_id": HTML["script"]}}),
        new_output("display_data", data={"text/html": "<b>bold</b><table><tr><td>kept</td></tr></table>"}),
        new_output("stream", text=HTML["onerror"] + "\x1b]8;;https://evil.example\x07link"),
        new_output("error", ename=HTML["script"], evalue=HTML["onerror"], traceback=[HTML["script"]]),
    ]
    attachments = {"a.svg": {"image/svg+xml": SVG}, "b.png": {"image/png": HTML["onerror"]}}
    cells = [
        new_code_cell(f"x = '''{HTML['script']}'''", metadata=meta("double", solution=True)),
        new_code_cell(
            HTML["onerror"],
            outputs=outputs,
            metadata={"mystnb": {"image": {"alt": f'"><script>{ACT}</script>'}}, "tags": [HTML["script"]]},
        ),
        new_markdown_cell(MARKDOWN, metadata=meta("written-why", grade=True, solution=True, points=1)),
    ]
    cells[2]["attachments"] = attachments
    return new_notebook(cells=cells)


def _result():
    evil = HTML["script"] + HTML["onerror"]
    return SubmissionResult(
        student=f'"><script>{ACT}</script>',
        assignment=NAME,
        tasks=(
            TaskResult("test-double", 0, 5, "failed", evil, evil, "m", comment=evil),
            TaskResult("written-why", 1, 2, "manual", manual_points=1, comment=HTML["link"]),
        ),
        flags=(evil,),
        fault=evil,
        isolation="none",
        environment={},
        digest="",
        seconds=1,
        file=evil,
    )


@dataclass
class Seen:
    """What a page did while it was open."""

    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    failed: dict[str, str | None] = field(default_factory=dict)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The page of a hostile submission, the index, and the report of a class of them."""
    folder = tmp_path_factory.mktemp("hostile")
    evil = _result().student
    found = Similarity(20, 5, (), (Group((evil, f"{evil}2"), (evil,), (6, 9)),))
    report = folder / "report.html"
    report.write_text(report_page(class_report([_result()] * 12, {NAME: found})))
    return [*write_feedback([(Grade(_result()), _notebook())], folder), folder / "index.html", report]


def watched(browser, path, **window):
    context = browser.new_context(**window)
    context.set_default_timeout(PATIENCE)
    page, seen = context.new_page(), Seen()
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("requestfailed", lambda request: seen.failed.update({request.url: request.failure}))
    page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: seen.console.append(message.text))
    page.on("pageerror", lambda error: seen.console.append(str(error)))
    page.on("framenavigated", lambda frame: seen.moved.append(frame.url))
    page.goto(path.as_uri())
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    return page, seen


def test_a_hostile_page_runs_nothing_and_asks_for_nothing(browser, pages):
    for path in pages:
        page, seen = watched(browser, path)
        assert seen.dialogs == []
        assert seen.console == []
        assert seen.moved == [path.as_uri()]
        assert [url for url in seen.requests if not url.startswith("data:image/")] == [path.as_uri()]
        assert page.evaluate("window.ran") is None
        page.context.close()


def test_a_hostile_page_holds_no_element_that_could_act(browser, pages):
    page, _ = watched(browser, pages[0])
    acting = (
        "script, iframe, object, embed, form, input, button, base, link, video, audio, template, math, foreignObject"
    )
    assert page.locator(acting).count() == 0
    assert page.locator("a:not([href^='#'])").count() == 0
    assert page.locator("[style], [srcset], [srcdoc], [formaction]").count() == 0
    attributes = page.evaluate("[...new Set([...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()))]")
    assert [name for name in attributes if name.startswith("on")] == []
    assert page.locator("meta[http-equiv='refresh']").count() == 0
    assert page.locator("style").count() == 1
    page.context.close()


def test_a_hostile_page_still_shows_what_is_harmless(browser, pages):
    page, _ = watched(browser, pages[0])
    assert page.locator(".html table td").inner_text() == "kept"
    assert page.locator("img").count() == 3  # a picture, and the same drawing as output and as attachment
    assert page.locator(".score").count() == 1
    assert page.locator(".score").inner_text() == "1 of 7 points"
    assert "50000 × 50000 pixels" in page.inner_text("main") or "too many pixels" in page.inner_text("main")
    page.context.close()


def test_the_policy_holds_where_sanitising_is_taken_away(browser, pages, tmp_path):
    """The second wall alone: raw hostile markup is put into the finished page."""
    raw = "".join(html for name, html in HTML.items() if name != "refresh")
    broken = tmp_path / "broken.html"
    text = pages[0].read_text()
    assert "</main>" in text
    broken.write_text(text.replace("</main>", f"{raw}{SVG}<link rel=stylesheet href=https://evil.example/l>"))
    page, seen = watched(browser, broken)
    page.evaluate("document.getElementById('go')?.click()")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert seen.dialogs == []
    assert not any(text == "ran" for text in seen.console)
    assert any("Content Security Policy" in text for text in seen.console)
    # The browser reports what it was asked for and refused, with the reason.
    assert {url: seen.failed.get(url) for url in seen.requests if re.match("https?:", url)}.items() <= {
        (url, "csp") for url in seen.requests
    }
    page.context.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("number", [0, 1, 2], ids=["feedback", "index", "report"])
def test_a_page_is_readable_on_a_phone_and_in_the_dark(browser, pages, number, width, theme):
    window = {"viewport": {"width": width, "height": 900}, "color_scheme": theme, "bypass_csp": True}
    page, _ = watched(browser, pages[number], **window)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")] == []
    page.context.close()


def test_code_that_is_folded_away_is_printed(browser, pages):
    page, _ = watched(browser, pages[0])
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = false)")
    page.emulate_media(media="print")
    assert page.locator("details pre").first.is_visible()
    page.context.close()
