"""TeX as people write it, as TeX that matplotlib's mathtext can set: it knows fewer names, and wants all braces."""

from __future__ import annotations

import re

_ARGUMENTS = {
    "frac": 2, "dfrac": 2, "binom": 2, "sqrt": 1, "mathbf": 1, "mathrm": 1, "mathit": 1, "mathcal": 1, "mathbb": 1,
}  # fmt: skip
_NAMES = {
    "tfrac": r"\frac", "cfrac": r"\frac", "le": r"\leq", "ge": r"\geq", "land": r"\wedge", "lor": r"\vee",
    "lnot": r"\neg", "implies": r"\Longrightarrow", "iff": r"\Longleftrightarrow", "lVert": r"\Vert",
    "rVert": r"\Vert", "lvert": r"\vert", "rvert": r"\vert", "argmax": r"\operatorname{argmax}",
    "argmin": r"\operatorname{argmin}", "displaystyle": "", "textstyle": "", "limits": "", "nolimits": "",
}  # fmt: skip
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_TOKEN = re.compile(r"\\.|[^\s{}\[]")
_SPACES = re.compile(r"\s*")


def mathtext_source(tex: str) -> str:
    r"""The same formula with braces around each argument, and names that mathtext has.

    ``\frac1n`` becomes ``\frac{1}{n}``, ``\le`` becomes ``\leq``. What nobody knows stays as it is.
    """
    return _braced(_COMMAND.sub(lambda match: _NAMES.get(match[1], match[0]) or " ", tex)).strip()


def _braced(tex: str) -> str:
    done, at = [], 0
    while match := _COMMAND.search(tex, at):
        arguments, end = _arguments(tex, match)
        done.append(tex[at : match.end()] + arguments)
        at = end
    return "".join((*done, tex[at:]))


def _arguments(tex: str, command: re.Match[str]) -> tuple[str, int]:
    """The arguments behind a command in braces, and where they end."""
    done, at = "", command.end()
    for _ in range(_ARGUMENTS.get(command[1], 0)):
        found = _argument(tex, at)
        if found is None:
            break
        done += f"{{{found[0]}}}"
        at = found[1]
    return done, at


def _argument(tex: str, at: int) -> tuple[str, int] | None:
    """One argument without its braces, and where it ends; None where there is none, or one in square brackets."""
    spaces = _SPACES.match(tex, at)
    start = spaces.end() if spaces else at
    if tex.startswith("{", start):
        depth = 0
        for end in range(start, len(tex)):
            depth += (tex[end] == "{") - (tex[end] == "}")
            if depth == 0:
                return _braced(tex[start + 1 : end]), end + 1
        return None
    if command := _COMMAND.match(tex, start):
        arguments, end = _arguments(tex, command)
        return command[0] + arguments, end
    token = _TOKEN.match(tex, start)
    return (token[0], token.end()) if token else None
