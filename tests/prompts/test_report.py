"""The report, word for word. `GOLDEN_REWRITE=1 pytest tests/prompts` writes it anew."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from prompts.figures import OPENERS, PHASES, figures
from prompts.library import Library
from prompts.likeness import Alike
from prompts.report import MOST_PAIRS, written

Loader = Callable[..., Library]

GOLDEN = Path(__file__).parent / "golden" / "report.txt"
CHANGES: Mapping[str, str] = {
    "questions/tools.toml": "".join(
        f'[[question]]\nid = "{phase}-{opens}"\nphase = "{phase}"\nopens = "{opens}"\n'
        f'text = "{phase}{opens}?"\n'
        for phase in PHASES
        for opens in OPENERS
    ),
    "encouragements.toml": '[[encouragement]]\nid = "encouragement-one"\ntext = "Ask again."\n',
}


def lines(report: str, start: str) -> Iterable[str]:
    return [line for line in report.splitlines() if line.startswith(start)]


class TestWritten:
    def test_says_word_for_word_what_there_is(self, load: Loader) -> None:
        found = replace(
            figures(load(CHANGES)), reading_age=9.87, hardest=[("tools-one", 11), ("a", 8.04)]
        )
        report = written(found) + "\n"
        if os.environ.get("GOLDEN_REWRITE"):
            GOLDEN.write_text(report, encoding="utf-8")
        assert report == GOLDEN.read_text(encoding="utf-8")

    def test_leaves_out_an_age_that_there_is_not(self, load: Loader) -> None:
        assert not lines(written(figures(load())), "  reading age")

    def test_shows_the_most_alike_and_counts_the_rest(self, load: Loader) -> None:
        pairs = [Alike(0.4, "one", f"other-{number}") for number in range(MOST_PAIRS + 2)]
        report = written(replace(figures(load()), alike=pairs))
        assert len(list(lines(report, "  0.40"))) == MOST_PAIRS
        assert report.endswith("\n  and 2 more")

    def test_fits_a_terminal(self, english: Library) -> None:
        assert max(map(len, written(figures(english)).splitlines())) <= 80
