"""When a file was handed in, by the names that platforms give."""

from datetime import UTC, datetime

import pytest

from autograder.grading.times_told import time_told


@pytest.mark.parametrize(
    ("file", "time"),
    [
        ("Gas laws_ada_attempt_2026-11-02-08-15-30_01_toy.ipynb", datetime(2026, 11, 2, 8, 15, 30)),
        ("7-9 - Ada O'Neil - Nov 2, 2026 126 PM/my.ipynb", datetime(2026, 11, 2, 13, 26)),
        ("7-9 - Ada - Nov 12, 2026 1226 AM/a/my.ipynb", datetime(2026, 11, 12, 0, 26)),
        ("7-9 - Ada - Nov 2, 2026 1326 - my.ipynb", datetime(2026, 11, 2, 13, 26)),
        ("in/ada+01_toy+2026-11-02 12:00:00.5 UTC+x/01_toy.ipynb", datetime(2026, 11, 2, 12, 0, 0, 500000, UTC)),
        ("7-9 - Ada - Févr. 2, 2026 126 PM/my.ipynb", None),
        ("Gas laws_ada_attempt_2026-31-31-08-15-30_01_toy.ipynb", None),
        ("ada/2026-11-02/01_toy.ipynb", None),
    ],
)
def test_the_time_in_a_platforms_name_is_read(file, time):
    assert time_told(file) == time
