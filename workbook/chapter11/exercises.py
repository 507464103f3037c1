"""Checks of chapter 11, which are in modules of their own: padded images, the network VGG11, its dropout, a study."""

from autograder.testing.hint_display import Hints
from workbook.chapter11.dropout_checks import dropout, dropped
from workbook.chapter11.mode_checks import left_as_found, study_modes
from workbook.chapter11.network_checks import built, forward, layers, same_logits
from workbook.chapter11.pad_checks import pad_images, padded
from workbook.chapter11.study_checks import evaluated, run_study, trained, training

# Used by the chapter's test cells.
__all__ = [
    "built", "dropout", "dropped", "evaluated", "forward", "hint", "layers", "left_as_found", "pad_images", "padded",
    "run_study", "same_logits", "study_modes", "trained", "training",
]  # fmt: skip

hint = Hints("workbook.chapter11")
