"""Tables cross as they are, where pandas is installed."""

import numpy as np
import pytest

from tests.autograder.kernel.test_library_values import crossed
from tests.support.idioms import outcomes

pd = pytest.importorskip("pandas")


def table():
    times = pd.to_datetime(["2020-01-01", "2021-02-03"])
    return pd.DataFrame(
        {
            "whole": [1, 2],
            "text": ["x", None],
            "time": times,
            "zoned": times.tz_localize("Europe/Berlin"),
            "category": pd.Categorical(["u", "v"], ordered=True),
            "nullable": pd.array([1, None], dtype="Int64"),
            "number": [1.5, np.nan],
            "truth": [True, False],
            "period": pd.period_range("2020-01", periods=2, freq="M"),
            "span": pd.to_timedelta([1, 2], unit="D"),
            "mixed": [[1, 2], {"a": 1}],
            "string": pd.array(["q", None], dtype="string"),
        },
        index=pd.Index(["r", "s"], name="rows"),
    )


FRAMES = {
    "every type": table,
    "empty": pd.DataFrame,
    "no rows": lambda: pd.DataFrame({"a": []}),
    "levels": lambda: table().set_index(["whole", "truth"]),
    "grouped": lambda: table().groupby("whole").mean(numeric_only=True),
    "same name twice": lambda: pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "crossed": lambda: pd.crosstab(table().whole, table().truth),
    "cut": lambda: pd.cut(pd.Series([1, 2, 3]), 2).to_frame(),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_table_arrives_as_it_was(name):
    frame = FRAMES[name]()
    pd.testing.assert_frame_equal(frame, crossed(frame))


@pytest.mark.parametrize("column", ["whole", "time", "zoned", "category", "number", "text"])
def test_a_column_and_its_index_too(column):
    series = table()[column]
    pd.testing.assert_series_equal(series, crossed(series))
    pd.testing.assert_index_equal(series.index, crossed(series.index))


@pytest.mark.parametrize(
    "value",
    [
        pd.Timestamp("2020-01-01 10:00", tz="Europe/Berlin"),
        pd.Timedelta("1D"),
        pd.Interval(0, 1),
        pd.Period("2020-01", "M"),
    ],
)
def test_single_values(value):
    assert crossed(value) == value and type(crossed(value)) is type(value)
    assert crossed(pd.NaT) is pd.NaT and crossed(pd.NA) is pd.NA


ANSWER = """
import pandas as pd
df = pd.DataFrame({"group": ["a", "a", "b"], "height": [1.0, 3.0, 5.0]})
def means(table): return table.groupby("group")["height"].mean()
def add_column(table): table["double"] = table["height"] * 2
def groups(table): return table.groupby("group")
"""
TESTS = {
    "a frame": "assert df.shape == (3, 2) and list(df.columns) == ['group', 'height'] and df.iloc[0]['height'] == 1",
    "a series": "got = means(df)\nassert got.loc['a'] == 2 and got.tolist() == [2, 5] and got.index.name == 'group'",
    "a table handed in": "pd.testing.assert_series_equal(means(df), df.groupby('group')['height'].mean())",
    "in place": "t = df.copy()\nadd_column(t)\nassert list(t['double']) == [2, 6, 10]",
    "what stays there": "assert groups(df).ngroups == 2 and groups(df).size()['a'] == 2",
}  # fmt: skip


@pytest.mark.parametrize("name", TESTS)
def test_a_test_cell_works_on_tables(name):
    assert outcomes(ANSWER, TESTS[name]) == [None]
