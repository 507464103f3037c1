"""pandas' tables, columns, indices and times as plain data: arrays and lists of plain values, no pickle.

What has no such form (a groupby, a styler, a column of networks) stays where it is, as any other object does.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.kernel.wire_limits import WireError

KINDS = (
    "pandas_frame", "pandas_series", "pandas_index", "pandas_range", "pandas_multi", "pandas_time",
    "pandas_span", "pandas_na", "pandas_nat", "pandas_interval", "pandas_period",
)  # fmt: skip
# Types of columns besides NumPy's that can be rebuilt from their name.
_NAMED_DTYPES = frozenset(
    {"Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float32", "Float64", "boolean",
     "string", "str"}
)  # fmt: skip


def reduced(value: Any) -> tuple[str, Any] | None:
    """As :func:`autograder.kernel.library_values.reduced`, for pandas' types; pandas is imported already."""
    pd = sys.modules["pandas"]
    kind = type(value)
    if kind is pd.DataFrame:
        return "pandas_frame", [
            value.columns,
            value.index,
            [_column(value.iloc[:, at]) for at in range(value.shape[1])],
        ]
    if kind is pd.Series:
        return "pandas_series", [value.name, value.index, _column(value)]
    if isinstance(value, pd.Index):
        return _index(value, pd)
    if kind is pd.Timestamp:
        return "pandas_time", [np.datetime64(value.tz_convert("UTC").tz_localize(None) if value.tz else value),
                               _zone(value.tz), value.unit]  # fmt: skip
    if kind is pd.Timedelta:
        return "pandas_span", value.to_timedelta64()
    if kind is pd.Interval:
        return "pandas_interval", [value.left, value.right, value.closed]
    if kind is pd.Period:
        return "pandas_period", [str(value), value.freqstr]
    if value is pd.NaT:
        return "pandas_nat", True
    return ("pandas_na", True) if value is pd.NA else None


def _index(value: Any, pd: Any) -> tuple[str, Any]:
    if type(value) is pd.RangeIndex:
        return "pandas_range", [value.start, value.stop, value.step, value.name]
    if type(value) is pd.MultiIndex:
        return "pandas_multi", [list(value.levels), [np.asarray(codes) for codes in value.codes], list(value.names)]
    return "pandas_index", [value.name, _column(value)]


def _column(values: Any) -> Any:
    """The values of a column or index and, unless it is NumPy's, the type of the column."""
    pd = sys.modules["pandas"]
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        codes = values.cat.codes if hasattr(values, "cat") else values.codes
        return ["category", np.asarray(codes), pd.Index(dtype.categories), bool(dtype.ordered)]
    if isinstance(dtype, pd.DatetimeTZDtype):
        plain = values.dt if hasattr(values, "dt") else values
        return ["zoned", np.asarray(plain.tz_convert("UTC").tz_localize(None) if plain is values
                                    else plain.tz_convert("UTC").dt.tz_localize(None)), _zone(dtype.tz)]  # fmt: skip
    if isinstance(dtype, pd.PeriodDtype):
        return ["period", [str(value) for value in values], str(dtype)[len("period[") : -1]]
    if isinstance(dtype, pd.IntervalDtype):
        return ["interval", list(values)]
    if str(dtype) in _NAMED_DTYPES:
        return ["named", str(dtype), [None if missing else value for value, missing
                                      in zip(values, values.isna(), strict=True)]]  # fmt: skip
    array = np.asarray(values)
    return ["objects" if array.dtype.kind == "O" else "array", array]


def _zone(zone: Any) -> str | None:
    return None if zone is None else str(zone)


def restored(kind: str, content: Any) -> Any:
    """As :func:`autograder.kernel.library_values.restored`, for pandas' kinds.

    Raises:
        WireError: if pandas is not installed here.
    """
    try:
        pd: Any = importlib.import_module("pandas")
    except ImportError as error:
        raise WireError("a table cannot be read here: pandas is not installed") from error
    return _READERS[kind](content, pd)


def _frame(content: Any, pd: Any) -> Any:
    columns, index, values = content
    frame = pd.DataFrame({at: _series([None, index, v], pd) for at, v in enumerate(values)}, index=index)
    frame.columns = columns
    return frame


def _series(content: Any, pd: Any) -> Any:
    name, index, values = content
    made = _values(values, pd)
    return pd.Series(made, index=index, name=name, dtype=made.dtype if isinstance(made, np.ndarray) else None)


def _values(content: Any, pd: Any) -> Any:
    kind, first, *rest = content
    if kind in ("array", "objects"):
        return first
    if kind == "category":
        return pd.Categorical.from_codes(first, categories=rest[0], ordered=bool(rest[1]))
    if kind == "zoned":
        return pd.DatetimeIndex(first).tz_localize("UTC").tz_convert(rest[0])
    if kind == "interval":
        return pd.arrays.IntervalArray(first)
    if kind == "period":
        return pd.PeriodIndex(first, freq=rest[0])
    if kind == "named" and first in _NAMED_DTYPES:
        return pd.array(rest[0], dtype=first)
    raise WireError("a column is of no known kind")


def _rebuilt_index(content: Any, pd: Any) -> Any:
    name, values = content
    values = _values(values, pd)
    plain = isinstance(values, np.ndarray)
    return pd.Index(values, name=name, dtype=values.dtype if plain and values.dtype.kind in "Obiuf" else None)


def _multi(content: Any, pd: Any) -> Any:
    levels, codes, names = content
    return pd.MultiIndex(levels=levels, codes=codes, names=names)


def _timestamp(content: Any, pd: Any) -> Any:
    moment, zone, unit = content
    stamp = pd.Timestamp(moment).as_unit(unit)
    return stamp if zone is None else stamp.tz_localize("UTC").tz_convert(zone)


_READERS: dict[str, Callable[[Any, Any], Any]] = {
    "pandas_frame": _frame,
    "pandas_series": _series,
    "pandas_index": _rebuilt_index,
    "pandas_range": lambda c, pd: pd.RangeIndex(c[0], c[1], c[2], name=c[3]),
    "pandas_multi": _multi,
    "pandas_time": _timestamp,
    "pandas_span": lambda c, pd: pd.Timedelta(c),
    "pandas_interval": lambda c, pd: pd.Interval(c[0], c[1], closed=c[2]),
    "pandas_period": lambda c, pd: pd.Period(c[0], freq=c[1]),
    "pandas_nat": lambda _, pd: pd.NaT,
    "pandas_na": lambda _, pd: pd.NA,
}
