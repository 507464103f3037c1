"""A Sphinx extension for the directive that an interactive figure is put into a page with, so that it is numbered."""

from __future__ import annotations

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class InteractiveFigure(SphinxDirective):
    """``{interactive} NAME``: a figure called ``interactive-NAME``; HTML below a blank line after its caption.

    It is numbered among the figures of its page, and ``{numref}`` finds it by that name.
    """

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """The figure: its HTML, then its caption."""
        caption, _, html = "\n".join(self.content).partition("\n\n")
        name = f"interactive-{self.arguments[0]}"
        figure = nodes.figure(
            "", nodes.raw("", html, format="html"), nodes.caption("", caption), classes=["interactive"], ids=[name]
        )
        figure["names"].append(name)
        self.set_source_info(figure)
        self.state.document.note_explicit_target(figure)
        return [figure]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_directive("interactive", InteractiveFigure)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
