"""The figures of a library, written out for a terminal of 80 columns."""

from collections.abc import Iterator

from prompts.figures import OPENERS, PHASES, Figures
from prompts.likeness import TOO_ALIKE, WORTH_A_LOOK

MOST_PAIRS = 10


def written(figures: Figures) -> str:
    return "\n".join(_lines(figures))


def _lines(figures: Figures) -> Iterator[str]:
    yield "What there is"
    yield from (f"  {kind:<24}{count:>5}" for kind, count in figures.kinds.items())
    yield ""
    yield from _questions(figures)
    yield ""
    yield "Gaps in the questions"
    yield from (f"  {gap}" for gap in figures.gaps or ["none"])
    yield ""
    yield "How it reads"
    yield f"  longest text            {figures.longest}: {figures.longest_characters} characters"
    yield f"  words a sentence        {figures.words_a_sentence:.1f}"
    if figures.reading_age is not None:
        yield f"  reading age             {figures.reading_age:.1f} years"
        yield from (f"  hard by itself          {id_}: {age:.1f}" for id_, age in figures.hardest)
    yield ""
    yield f"Texts that share words (from {WORTH_A_LOOK:.2f}; from {TOO_ALIKE:.2f} they are refused)"
    pairs = [f"  {one.share:.2f}  {one.first}, {one.second}" for one in figures.alike]
    yield from pairs[:MOST_PAIRS] or ["  none"]
    if len(pairs) > MOST_PAIRS:
        yield f"  and {len(pairs) - MOST_PAIRS} more"


def _questions(figures: Figures) -> Iterator[str]:
    """A row for each topic: in each phase, all questions and those of each opener."""
    yield "Questions, and of them those that mentor, mentee and both open"
    yield "  " + " " * 24 + "".join(f"{phase:<15}" for phase in PHASES) + "all"
    for topic, counts in figures.spread.items():
        cells = []
        for phase in PHASES:
            by_opener = [counts.get((phase, opens), 0) for opens in OPENERS]
            cells.append(f"{sum(by_opener)} ({', '.join(map(str, by_opener))})")
        row = "".join(f"{cell:<15}" for cell in cells)
        yield f"  {topic:<24}{row}{sum(counts.values())}"
