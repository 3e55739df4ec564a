"""Tables and charts.

Limits from docs.slack.dev/reference/block-kit/blocks: table-block, data-table-block and
data-visualization-block.
"""

from typing import Any

from sandbox.block_kit.composition import RAW_NUMBER, RAW_TEXT, TYPE
from sandbox.block_kit.rich_text import RICH_TEXT
from sandbox.block_kit.rules import (
    Fault,
    Faults,
    Json,
    Rule,
    array,
    boolean,
    choice,
    distinct,
    fields,
    integer,
    kinds,
    number,
    string,
)

ID = {"block_id": string(255)}
CELL = kinds({"raw_text": RAW_TEXT, "raw_number": RAW_NUMBER, "rich_text": RICH_TEXT})


def texts_length(value: Any) -> int:
    """The characters of every `text` in it."""
    if isinstance(value, dict):
        own = value.get("text")
        length = len(own) if isinstance(own, str) else 0
        return length + sum(texts_length(inner) for inner in value.values())
    return sum(map(texts_length, value)) if isinstance(value, list) else 0


def _no_longer_than(longest: int) -> Rule:
    def check(value: Json, at: str, faults: Faults) -> None:
        if texts_length(value["rows"]) > longest:
            faults.append(Fault(f"{at}/rows", f"must be less than {longest + 1} characters"))

    return check


def _even_rows(value: Json, at: str, faults: Faults) -> None:
    width = len(value["rows"][0])
    for place, row in enumerate(value["rows"]):
        if len(row) != width:
            faults.append(Fault(f"{at}/rows/{place}", f"must have {width} cells"))


def _plain_header(value: Json, at: str, faults: Faults) -> None:
    for place, cell in enumerate(value["rows"][0]):
        if cell["type"] == "rich_text":
            faults.append(Fault(f"{at}/rows/0/{place}/type", "unsupported type: rich_text"))
    if value.get("row_header_column_index", 0) >= len(value["rows"][0]):
        faults.append(Fault(f"{at}/row_header_column_index", "must be the index of a column"))


def _setting(value: Any, at: str, faults: Faults) -> None:
    """null leaves a column as it is."""
    if value is not None:
        SETTING(value, at, faults)


SETTING = fields({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})
TABLE = fields(
    {**TYPE, "rows": array(array(CELL, 20), 100)},
    {**ID, "column_settings": array(_setting, 20, least=0)},
    _no_longer_than(10_000),
)
DATA_TABLE = fields(
    {**TYPE, "rows": array(array(CELL, 20), 201, least=2), "caption": string()},
    {**ID, "page_size": integer(1, 100), "row_header_column_index": integer(0, 19)},
    _no_longer_than(20_000),
    _even_rows,
    _plain_header,
)

LABEL = string(20)
POINT = fields({"label": LABEL, "value": number}, {})
AXES = fields({"categories": array(LABEL, 20)}, {"x_label": string(50), "y_label": string(50)})
SERIES = fields({"name": LABEL, "data": array(POINT, 20)}, {})


def _positive(value: Json, at: str, faults: Faults) -> None:
    if not value["value"] > 0:
        faults.append(Fault(f"{at}/value", "must be greater than 0"))


def _points_match(value: Json, at: str, faults: Faults) -> None:
    """Every series has one point for each category."""
    categories = sorted(value["axis_config"]["categories"])
    for place, series in enumerate(value["series"]):
        if sorted(point["label"] for point in series["data"]) != categories:
            faults.append(Fault(f"{at}/series/{place}/data", "must match `categories`"))


SEGMENT = fields({"label": LABEL, "value": number}, {}, _positive)
PIE = fields({**TYPE, "segments": array(SEGMENT, 12)}, {})
LINES = fields(
    {**TYPE, "series": array(SERIES, 12), "axis_config": AXES},
    {},
    distinct("series", "name"),
    _points_match,
)
CHART = fields(
    {
        **TYPE,
        "title": string(50),
        "chart": kinds({"pie": PIE, "bar": LINES, "line": LINES, "area": LINES}),
    },
    ID,
)
