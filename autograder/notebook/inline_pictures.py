"""Pictures that a text carries in its own lines become attachments of its cell, as Jupyter keeps them.

Colab writes a picture that is pasted into an answer as a ``data:`` address of some hundred thousand characters in the
Markdown, other tools do so in an ``<img>`` element or in a link definition at the end of the text.
"""

from __future__ import annotations

import re
from typing import Any

_DATA = re.compile(r"data:(?P<kind>image/[a-z0-9.+-]{1,30});base64,(?P<content>[A-Za-z0-9+/=_-]+)")
_ELEMENT = re.compile(r"<img\b[^<>]{0,500}?\bsrc\s*=\s*[\"']?(?P<address>attachment:[^\"'\s<>]+)[^<>]{0,500}>", re.I)
_DEFINITION = re.compile(r"^ {0,3}\[(?P<label>[^\]\n]{1,100})\]:\s*<?(?P<address>attachment:[^\s<>]+)>?[^\n]*$", re.M)
_REFERENCE = re.compile(r"!\[(?P<alt>[^\]\n]{0,300})\](?:\[(?P<label>[^\]\n]{0,100})\])?(?!\()")

Attachments = dict[str, dict[str, str]]


def attached(source: str, attachments: Attachments) -> tuple[str, Attachments]:
    """A Markdown text without ``data:`` pictures, and its cell's attachments with them; others stay as they are."""
    if "data:image/" not in source:
        return source, attachments
    kept: dict[str, Any] = dict(attachments)

    def named(picture: re.Match[str]) -> str:
        number = len(kept) + 1
        while (name := f"inline-{number}.{picture['kind'].removeprefix('image/').partition('+')[0]}") in kept:
            number += 1
        kept[name] = {picture["kind"]: picture["content"]}
        return f"attachment:{name}"

    text = _ELEMENT.sub(lambda element: f"![]({element['address']})", _DATA.sub(named, source))
    addresses = {found["label"].lower(): found["address"] for found in _DEFINITION.finditer(text)}

    def linked(reference: re.Match[str]) -> str:
        address = addresses.get((reference["label"] or reference["alt"]).lower())
        return f"![{reference['alt']}]({address})" if address else reference[0]

    return (_REFERENCE.sub(linked, _DEFINITION.sub("", text)) if addresses else text), kept
