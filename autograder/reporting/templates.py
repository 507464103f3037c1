"""The pages' templates, and the policy that forbids a page to run or load anything.

Every page is one file: style in its head, pictures as ``data:`` addresses, no script. Text is made
printable and escaped here, what a submission brings in as markup was sanitised before; the Content-Security-Policy is
the second wall should that ever fail.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from autograder.printable import printable
from autograder.reporting.formulas import DEPTHS

_FOLDER = Path(__file__).parent


def render(template: str, **values: Any) -> str:
    """A page as HTML that needs no other file.

    Args:
        template: a file name beside this module.
        values: what the template shows. Everything that is no :class:`markupsafe.Markup` is escaped.
    """
    return _environment().get_template(template).render(policy=policy(), style=Markup(_style()), **values)


def number(value: float) -> str:
    """Points or another quantity with as few digits as say it."""
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"


@cache
def policy() -> str:
    """The Content-Security-Policy of every page: this package's own style, by its hash, and pictures in the page."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    depths = "".join(f"svg.d{depth} {{ vertical-align: -{depth / 10}em; }}\n" for depth in range(1, DEPTHS + 1))
    return (_FOLDER / "style.css").read_text(encoding="utf-8") + depths


def _printable(value: object) -> object:
    return printable(value, lines=True) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=_printable,
    )
    environment.filters["points"] = number
    return environment
