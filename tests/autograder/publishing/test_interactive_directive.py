"""An interactive figure is one of the figures of its page: numbered, and found by its label."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.application import Sphinx

PAGE = """# Toy

See {numref}`interactive-wave`.

```{interactive} wave
Move it. It is a wave: 1 < 2.

<p class="title">A wave</p>

<div>Drawn.</div>
```
"""


def test_an_interactive_figure_is_numbered_and_can_be_referred_to(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text(PAGE)
    settings = {
        "extensions": ["myst_parser", "autograder.publishing.interactive_directive"],
        "numfig": True,
        "html_theme": "basic",
    }
    build = tmp_path / "build"
    app = Sphinx(tmp_path, None, build, build, "html", settings, status=None, warning=None, warningiserror=True)
    app.build()
    page = BeautifulSoup((build / "index.html").read_text(encoding="utf-8"), "html.parser")
    (figure,) = page.select("figure#interactive-wave.interactive")
    assert [child.name for child in figure.find_all(recursive=False)] == ["p", "div", "figcaption"]
    assert [number.get_text().strip() for number in figure.select(".caption-number")] == ["Fig. 1"]
    assert [text.get_text() for text in figure.select(".caption-text")] == ["Move it. It is a wave: 1 < 2."]
    assert [link.get_text() for link in page.select("p a[href='#interactive-wave']:not(.headerlink)")] == ["Fig. 1"]
