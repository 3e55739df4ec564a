import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bench import __main__ as bench
from bench import acknowledge
from bench.figure import Figure

TINY = bench.Size(requests=3, pairs=12, jobs=4, rounds=1, matched=12, few=6)
NAMES = [
    "acknowledge /mentoring",
    "queue 12 due pairs",
    "queue 12 due pairs: longest stall",
    *(
        f"match 12 × 12: {what} ({baseline})"
        for baseline in ("the bare solver", "greedy", "Gale and Shapley")
        for what in ("time", "score lacking")
    ),
    "match 6 × 6: time (networkx)",
]


class TestMain:
    @pytest.fixture(autouse=True)
    def _tiny(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bench, "SHORT", TINY)

    def test_writes_every_figure_as_json(self, tmp_path: Path) -> None:
        file = tmp_path / "figures.json"
        result = CliRunner().invoke(bench.app, ["--short", "--json", str(file)])
        assert result.exit_code == 0, result.output
        figures = json.loads(file.read_text())
        assert [figure["name"] for figure in figures] == NAMES
        for figure in figures:
            assert list(figure) == ["name", "value", "unit", "baseline", "ratio", "goal", "holds"]
            assert figure["value"] > 0
            assert figure["baseline"] > 0

    def test_says_plainly_what_does_not_hold_and_ends_well(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(acknowledge, "GOAL", 0.0)
        result = CliRunner().invoke(bench.app, ["--short"])
        assert result.exit_code == 0, result.output
        assert "Does not hold: acknowledge /mentoring" in result.output

    def test_measures_only_what_is_asked_for(self) -> None:
        result = CliRunner().invoke(bench.app, ["matching", "--short"])
        assert result.exit_code == 0, result.output
        assert "match 12 × 12" in result.output
        assert "due pairs" not in result.output


class TestShow:
    def shown(self, figure: Figure, size: bench.Size = bench.FULL) -> str:
        console = Console(width=200)
        with console.capture() as captured:
            bench.show([figure], size, console)
        return captured.get()

    def test_does_not_complain_of_a_figure_that_holds(self) -> None:
        assert "Does not hold" not in self.shown(Figure("it", 1, "s", 10, 0.1))

    def test_says_that_a_time_was_scaled_up(self) -> None:
        assert "scaled up" in self.shown(Figure("12 due pairs", 1, "s", 10, 0.1), bench.SHORT)

    def test_has_nothing_to_say_of_a_time_that_was_not(self) -> None:
        assert "scaled up" not in self.shown(Figure("it", 1, "s", 10, 0.1))
