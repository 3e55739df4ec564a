"""Tables and charts."""

import pytest

from tests.sandbox.block_kit.samples import cell, data_table, faults, lines, pie, rich_text, table


def renamed(block: dict, label: str) -> dict:
    block["chart"]["segments"][0]["label"] = label
    return block


def with_series_named(label: str) -> dict:
    block = lines()
    block["chart"]["series"][0]["name"] = label
    return block


def with_categories(*names: str) -> dict:
    block = lines()
    block["chart"]["axis_config"]["categories"] = list(names)
    return block


LIMITS = {
    "rows": (lambda n: table(n, 1), 100, "/rows"),
    "columns": (lambda n: table(1, n), 20, "/rows/0"),
    "characters": (lambda n: table(1, 1, rows=[[cell("W" * n)]]), 10_000, "/rows"),
    "settings": (lambda n: table(column_settings=[None] * n), 20, "/column_settings"),
    "data rows": (lambda n: data_table(n, 1), 201, "/rows"),
    "data columns": (lambda n: data_table(2, n), 20, "/rows/0"),
    "data characters": (
        lambda n: data_table(rows=[[cell("W")], [cell("W" * (n - 1))]]),
        20_000,
        "/rows",
    ),
    "page_size": (lambda n: data_table(page_size=n), 100, "/page_size"),
    "header column": (
        lambda n: data_table(width=2, row_header_column_index=n),
        1,
        "/row_header_column_index",
    ),
    "chart title": (lambda n: pie(title="W" * n), 50, "/title"),
    "segments": (pie, 12, "/chart/segments"),
    "segment label": (lambda n: renamed(pie(), "W" * n), 20, "/chart/segments/0/label"),
    "series": (lambda n: lines(series=n), 12, "/chart/series"),
    "series name": (lambda n: with_series_named("W" * n), 20, "/chart/series/0/name"),
    "points": (lambda n: lines(points=n), 20, "/chart/series/0/data"),
    "axis label": (lambda n: lines(x_label="W" * n), 50, "/chart/axis_config/x_label"),
}

WRONG = {
    "a table of nothing": (table(0), "/rows", "no fewer than 1 items allowed"),
    "a row of nothing": (table(1, 0), "/rows/0", "no fewer than 1 items allowed"),
    "an empty cell": (
        table(rows=[[cell("")]]),
        "/rows/0/0/text",
        "must be more than 0 characters",
    ),
    "a bare word": (table(rows=[["A"]]), "/rows/0/0", "must provide an object"),
    "an alignment": (
        table(column_settings=[{"align": "middle"}]),
        "/column_settings/0/align",
        "must be one of left, center, right",
    ),
    "a header alone": (data_table(1), "/rows", "no fewer than 2 items allowed"),
    "no caption": (
        table() | {"type": "data_table"},
        "",
        "missing required field: caption",
    ),
    "ragged rows": (
        data_table(rows=[[cell()], [cell(), cell()]]),
        "/rows/1",
        "must have 1 cells",
    ),
    "a rich header": (
        data_table(rows=[[rich_text()], [cell()]]),
        "/rows/0/0/type",
        "unsupported type: rich_text",
    ),
    "no such chart": (
        {"type": "data_visualization", "title": "A", "chart": {"type": "radar"}},
        "/chart/type",
        "unsupported type: radar",
    ),
    "a share of nothing": (
        pie(value=0),
        "/chart/segments/0/value",
        "must be greater than 0",
    ),
    "a share without end": (
        pie(value=float("inf")),
        "/chart/segments/0/value",
        "must provide a number",
    ),
    "a category without a point": (
        with_categories("P0", "P1", "P2"),
        "/chart/series/0/data",
        "must match `categories`",
    ),
}


class TestLimits:
    @pytest.mark.parametrize("what", LIMITS)
    def test_are_kept(self, what: str) -> None:
        build, limit, pointer = LIMITS[what]
        assert faults(build(limit)) == {}
        assert pointer in faults(build(limit + 1))


class TestWrong:
    @pytest.mark.parametrize("what", WRONG)
    def test_is_found_where_it_is(self, what: str) -> None:
        block, pointer, reason = WRONG[what]
        assert faults(block)[pointer] == reason

    def test_two_series_of_one_name(self) -> None:
        block = lines(series=2)
        block["chart"]["series"][1]["name"] = "N0"
        assert faults(block) == {"/chart/series/1/name": "`name` already exists: N0"}


class TestGood:
    @pytest.mark.parametrize("kind", ["line", "bar", "area"])
    def test_a_chart_of_each_kind(self, kind: str) -> None:
        assert faults(lines(kind, series=2, x_label="Week", y_label="Pairs")) == {}

    def test_a_table_of_every_cell(self) -> None:
        row = [cell(), {"type": "raw_number", "value": 1.5, "text": "1.5"}, rich_text()]
        settings = [{"align": "right"}, None, {"is_wrapped": True}]
        assert faults(table(rows=[row], column_settings=settings)) == {}
        header = [cell(), cell(), cell()]
        assert faults(data_table(rows=[header, row], page_size=5)) == {}
