"""A Sphinx extension that keeps pages light.

Figures are loaded when they come near. Of MathJax only the parts that are needed are loaded, and none on a page without
formulas.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx

# The parts of MathJax are half the size of the ready-made bundle, which has a menu as well and which
# sphinx-mathjax-offline always chooses. Which parts are loaded stands in _config.yml, under mathjax3_config.
_MATHJAX = "mathjax/startup.js"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx; has to stand after ``sphinx-mathjax-offline`` in the list of extensions."""
    app.config.mathjax_path = _MATHJAX
    app.connect("doctree-resolved", _load_images_late)
    # After the extension that adds MathJax's script to every page.
    app.connect("html-page-context", _leave_mathjax_out, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _load_images_late(_: Sphinx, doctree: nodes.document, __: str) -> None:
    for image in doctree.findall(nodes.image):
        image["loading"] = "lazy"


def _leave_mathjax_out(_: Sphinx, __: str, ___: str, context: dict[str, Any], ____: nodes.document | None) -> None:
    if 'class="math' not in context.get("body", ""):
        context["script_files"] = [s for s in context["script_files"] if _MATHJAX not in str(getattr(s, "filename", s))]
