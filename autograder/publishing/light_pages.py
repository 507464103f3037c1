"""A Sphinx extension that keeps pages light: figures are loaded when they come near, and less of MathJax is loaded."""

from __future__ import annotations

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx

# The parts of MathJax are half the size of the ready-made bundle, which has a menu as well and which
# sphinx-mathjax-offline always chooses. Which parts are loaded stands in _config.yml, under mathjax3_config.
_MATHJAX = "mathjax/startup.js"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx; has to stand after ``sphinx-mathjax-offline`` in the list of extensions."""
    app.config.mathjax_path = _MATHJAX
    app.connect("doctree-resolved", _load_images_late)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _load_images_late(_: Sphinx, doctree: nodes.document, __: str) -> None:
    for image in doctree.findall(nodes.image):
        image["loading"] = "lazy"
