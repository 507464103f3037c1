"""Checks of chapter 12's data set of image files; :mod:`exercises` offers them to the chapter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import PurePath
from typing import Any

import numpy as np

from autograder.testing import Case, CheckFailed, Quantity, call, passed, require, student_side
from autograder.testing.student_side import AffineTransform, write_files
from workbook.chapter12.inputs import Pixels, png, random_pixels

Function = Callable[..., Any]
Picture = tuple[int, ...]
# The visible cases: seed, height, width and, where it is not 3, channels of each picture; then scale and shift.
_KINDS: tuple[Picture, ...] = ((123, 5, 7, 3), (121, 5, 7, 1), (124, 5, 7, 4))
_SIZES: tuple[Picture, ...] = ((130, 3, 4), (131, 8, 2), (132, 1, 6), (133, 5, 5), (134, 2, 9))
_TRANSPARENT: tuple[Picture, ...] = ((136, 4, 3, 4),)
_CASES = ((_KINDS, 4.0, -1.0), (_SIZES, -3.0, 0.25), (_TRANSPARENT, 2.0, 1.0))
# Pictures next to a file that is not one, with hidden cases, too.
_SOUND: tuple[Picture, ...] = ((121, 4, 6), (122, 4, 6))


def _picture(picture: Picture, scale: float, shift: float) -> tuple[Pixels, float, float]:
    return random_pixels(*picture), scale, shift


_ITEM = Quantity(
    "workbook.chapter12.reference.images:item",
    {
        "channels-reversed": "red and blue are exchanged. Some libraries store blue first; PIL does not.",
        "normalisation-missing": "these are pixels without the preprocessing that was handed over. Call it on the "
        "image.",
        "another-networks-normalisation": "this is the mean and spread of torchvision's networks. Each set of weights "
        "has its own; use the preprocessing that was handed over.",
        "preprocessed-twice": "the preprocessing was applied, and then the result was scaled once more. It does all of "
        "it by itself.",
        "channel-axis-last": "PyTorch wants channels, rows, columns. The preprocessing returns that order; leave it as "
        "it is.",
        "rows-and-columns-exchanged": "rows and columns of the picture are exchanged.",
        "batch-axis-in-item": "an item is one image. The DataLoader adds the batch axis.",
    },
    [
        Case("an item", partial(_picture, picture, scale, shift))
        for pictures, scale, shift in (*_CASES, (_SOUND, 4.0, -1.0))
        for picture in pictures
    ],
    rtol=1e-4,
    atol=1e-5,
)
_GREY = (
    "the file has one channel, or four, and the network wants red, green and blue. PIL can convert any image to RGB "
    "before the preprocessing."
)
_SWALLOWED = (
    "an error that is swallowed comes back later, as a wrong prediction that nobody can explain. Let the reader know "
    "which file to remove."
)
_NO_NAME = (
    "the error is there, but with a folder of a thousand files the reader cannot tell which one to remove. Put the "
    "path into the message."
)
_OTHER_ERROR = (
    "the library's own error gets through. Catch it where you read the file, and raise a ValueError that says which "
    "file it is."
)
_LAZY = "PIL reads the pixels of a file late, not when it opens the file. The error comes where you convert the image."


def image_folder_dataset(ImageFolderDataset: Function) -> None:
    """Check length and items of a data set over a colour, a grey and a transparent picture, then over others."""
    for pictures, scale, shift in _CASES:
        images(ImageFolderDataset, [random_pixels(*picture) for picture in pictures], scale, shift)
    passed("ImageFolderDataset", "colour, grey and transparent pictures of several sizes, several preprocessings")


def images(ImageFolderDataset: Function, pictures: Sequence[Pixels], scale: float = 4.0, shift: float = -1.0) -> None:
    """Write pictures as PNG files and compare each item with ``scale * pixel / 255 + shift``."""
    # Names that are not in alphabetical order.
    files = {f"photo_{(7 * i + 3) % 10}_{i}.png": png(picture) for i, picture in enumerate(pictures)}
    transform = AffineTransform(scale, shift)
    dataset = call(ImageFolderDataset, write_files(files), transform)
    _length(dataset, len(pictures))
    for index, picture in enumerate(pictures):
        kind = {2: "a grey", 3: "a colour"}.get(picture.ndim, "a")
        kind = "a transparent" if picture.shape[2:] == (4,) else kind
        others = [other for number, other in enumerate(pictures) if number != index]
        _image(dataset, index, picture, scale, shift, f"dataset[{index}], {kind} picture", others)
    modes = transform.modes()
    require(
        all(mode == "RGB" for mode in modes),
        f"the preprocessing was given {', '.join(sorted(set(modes) - {'RGB'}))}; expected images of PIL in RGB.",
        _GREY,
        "not-converted-to-rgb",
    )


def _length(dataset: Any, count: int) -> None:
    length = _asked(student_side.length, "len(dataset)", dataset)
    require(length == count, f"len(dataset) is {length}; expected {count}.", "one item for each path.", "wrong-length")


def _image(
    dataset: Any, index: int, picture: Pixels, scale: float, shift: float, what: str, others: Sequence[Pixels] = ()
) -> None:
    parts = _asked(student_side.described_item, what, dataset, index)
    require(
        len(parts) == 1,
        f"{what} has {len(parts)} parts; expected one tensor.",
        "there are no labels here: an item is what the preprocessing returns, alone.",
        "not-a-single-tensor",
    )
    item, expected = parts[0], np.shape(_ITEM.answers(picture, scale, shift).right)
    require(
        item["type"] != "NoneType",
        f"{what} is None.",
        "the method ends without a return statement.",
        "no-return",
    )
    require(
        not item["type"].endswith("Image"),
        f"{what} is an image of PIL ({item['type']}); expected a tensor.",
        "the file was read, but the preprocessing that was handed over was not called.",
        "transform-not-applied",
    )
    require(
        item["shape"] not in ((1, *picture.shape[:2]), (4, *picture.shape[:2])),
        f"{what} has shape {item['shape']}; expected {expected}.",
        _GREY,
        "not-converted-to-rgb",
    )
    require(
        not any(_same(item["array"], _ITEM.answers(other, scale, shift).right) for other in others),
        f"{what} is that of another path.",
        "item i is made of the file paths[i]. Keep the paths in the order in which they were given.",
        "order-of-paths-lost",
    )
    _ITEM.compare(item["array"], what, picture, scale, shift)
    require(
        item["dtype"] == "float32",
        f"{what} has dtype {item['dtype']}; expected float32.",
        "the preprocessing returns float32. Leave it as it is.",
        "image-not-float32",
    )


def refuses_what_is_no_image(ImageFolderDataset: Function) -> None:
    """Check that a file that is not an image, or incomplete, is refused by name, and that other files still work."""
    refuses(ImageFolderDataset, "notes.jpg", b"Bring the camera on Monday.\n")
    whole = png(random_pixels(123, 40, 50))
    refuses(ImageFolderDataset, "half of it.png", whole[: len(whole) // 2])
    refuses(ImageFolderDataset, "empty.jpeg", b"")
    passed("ImageFolderDataset", "a text file called notes.jpg, a picture that was cut off and an empty file")


def refuses(ImageFolderDataset: Function, name: str, content: bytes) -> None:
    """Require a ValueError that names the file, where it is asked for or when the data set is made."""
    good = [random_pixels(*picture) for picture in _SOUND]
    paths = write_files({"first.png": png(good[0]), name: content, "last.png": png(good[1])})
    transform = AffineTransform(4.0, -1.0)
    try:
        dataset, *_ = student_side.recorded_call(ImageFolderDataset, paths, transform)
        parts = student_side.described_item(dataset, 1)
    except NotImplementedError:
        call(ImageFolderDataset, paths, transform)
        raise CheckFailed("ImageFolderDataset is not written yet.", "fill its holes.", "not-written") from None
    except ValueError as error:
        text = str(error)
        require(
            PurePath(name).name in text,
            f'ImageFolderDataset raises ValueError("{text}") for {name}.',
            _NO_NAME,
            "error-without-the-file",
        )
    except Exception as error:
        hint = _LAZY if "truncated" in str(error) or isinstance(error, SyntaxError) else _OTHER_ERROR
        raise CheckFailed(
            f"ImageFolderDataset stopped with {type(error).__name__}: {error}; expected a ValueError.",
            hint,
            "another-error",
        ) from None
    else:
        shown = parts[0]["type"] if parts else "nothing"
        raise CheckFailed(
            f"ImageFolderDataset returns a {shown} for {name}, which is not an image; expected a ValueError.",
            _SWALLOWED,
            "error-swallowed",
        )
    dataset = call(ImageFolderDataset, [paths[0], paths[2]], transform)
    for index, picture in enumerate(good):
        _image(dataset, index, picture, 4.0, -1.0, f"dataset[{index}], a sound picture")


def _same(got: Any, other: Any) -> bool:
    return np.shape(got) == np.shape(other) and np.allclose(got, other, rtol=1e-4, atol=1e-5)


def _asked(function: Function, name: str, *args: Any) -> Any:
    """``call``, with the student's own expression in place of the function's name."""
    try:
        return call(function, *args)
    except CheckFailed as failure:
        message = name + failure.message.removeprefix(getattr(function, "__name__", ""))
        raise CheckFailed(message, failure.hint, failure.mistake) from None
