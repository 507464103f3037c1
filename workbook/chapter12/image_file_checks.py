"""Checks of chapter 12's data set of image files; :mod:`pretrained_models` offers them to the chapter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any

from autograder.testing import CheckFailed, call, compare, passed, require, student_side
from autograder.testing.student_side import AffineTransform, write_files
from workbook.chapter12.reference.pretrained import Pixels, png, random_pixels, rgb
from workbook.chapter12.reference.pretrained_mistakes import GREY, LAZY, NO_NAME, OTHER_ERROR, SWALLOWED, item_mistakes

Function = Callable[..., Any]
_FLOAT32 = {"rtol": 1e-4, "atol": 1e-5}


def image_folder_dataset(ImageFolderDataset: Function) -> None:
    """Check length and items of a data set over a colour, a grey and a transparent picture, then over others."""
    images(ImageFolderDataset, [random_pixels(120 + c, 5, 7, c) for c in (3, 1, 4)])
    sizes = (3, 4), (8, 2), (1, 6), (5, 5), (2, 9)
    others = [random_pixels(130 + number, *size) for number, size in enumerate(sizes)]
    images(ImageFolderDataset, others, scale=-3.0, shift=0.25)
    images(ImageFolderDataset, [random_pixels(136, 4, 3, 4)], scale=2.0, shift=1.0)
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
        _image(dataset, index, picture, scale, shift, f"dataset[{index}], {kind} picture")
    modes = transform.modes()
    require(
        all(mode == "RGB" for mode in modes),
        f"the preprocessing was given {', '.join(sorted(set(modes) - {'RGB'}))}; expected images of PIL in RGB.",
        GREY,
        "not-converted-to-rgb",
    )


def _length(dataset: Any, count: int) -> None:
    length = _asked(student_side.length, "len(dataset)", dataset)
    require(length == count, f"len(dataset) is {length}; expected {count}.", "one item for each path.", "wrong-length")


def _image(dataset: Any, index: int, picture: Pixels, scale: float, shift: float, what: str) -> None:
    parts = _asked(student_side.described_item, what, dataset, index)
    require(
        len(parts) == 1,
        f"{what} has {len(parts)} parts; expected one tensor.",
        "there are no labels here: an item is what the preprocessing returns, alone.",
        "not-a-single-tensor",
    )
    item, colour = parts[0], rgb(picture)
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
        f"{what} has shape {item['shape']}; expected {colour.shape}.",
        GREY,
        "not-converted-to-rgb",
    )
    expected = scale * colour / 255 + shift
    compare(item["array"], expected, what, **_FLOAT32, mistakes=item_mistakes(colour, expected))
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
    good = [random_pixels(seed, 4, 6) for seed in (121, 122)]
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
            NO_NAME,
            "error-without-the-file",
        )
    except Exception as error:
        hint = LAZY if "truncated" in str(error) or isinstance(error, SyntaxError) else OTHER_ERROR
        raise CheckFailed(
            f"ImageFolderDataset stopped with {type(error).__name__}: {error}; expected a ValueError.",
            hint,
            "another-error",
        ) from None
    else:
        shown = parts[0]["type"] if parts else "nothing"
        raise CheckFailed(
            f"ImageFolderDataset returns a {shown} for {name}, which is no image; expected a ValueError.",
            SWALLOWED,
            "error-swallowed",
        )
    dataset = call(ImageFolderDataset, [paths[0], paths[2]], transform)
    for index, picture in enumerate(good):
        _image(dataset, index, picture, 4.0, -1.0, f"dataset[{index}], a sound picture")


def _asked(function: Function, name: str, *args: Any) -> Any:
    """``call``, with the student's own expression in place of the function's name."""
    try:
        return call(function, *args)
    except CheckFailed as failure:
        message = name + failure.message.removeprefix(getattr(function, "__name__", ""))
        raise CheckFailed(message, failure.hint, failure.mistake) from None
