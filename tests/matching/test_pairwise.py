import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import scores as scoring
from bot.matching.candidates import Candidate
from bot.matching.pairwise import TOGETHER, Pairs
from tests.matching.people import person

lines = st.sampled_from(["/", "/1/", "/11/", "/99/", "/98/99/"])


@st.composite
def sides(draw: st.DrawFn) -> tuple[list[Candidate], list[Candidate]]:
    """A few a side, in lines of all kinds; one may be on both."""

    def somebody(person_id: int) -> Candidate:
        line = draw(lines)
        path = "/" if f"/{person_id}/" in line else line
        return person(person_id, draw(st.integers(1, 4)), path=f"{path}{person_id}/")

    return [somebody(n) for n in (1, 2, 3)], [somebody(n) for n in (3, 11, 12)]


class TestAsk:
    def test_is_what_everybody_by_everybody_says_of_each(self) -> None:
        """More of them than are looked at together."""
        mentors = [person(n, n % 3, "ai" if n % 2 else "data") for n in range(1, 90)]
        mentees = [person(n, 5, "ai", "Legal") for n in range(100, 150)]
        twos = [(n % 89 + 1, n % 50 + 100) for n in range(TOGETHER + 9)]
        weights = scoring.DEFAULT_WEIGHTS
        found = Pairs(mentors, mentees, twos).ask(lambda one, two: scoring.weigh(one, two, weights))
        everybody = scoring.scores(mentors, mentees)
        assert found.tolist() == [everybody[low - 1, high - 100] for low, high in twos]

    def test_of_nobody(self) -> None:
        assert (
            Pairs([person(1)], [], []).ask(lambda one, two: scoring.by_level(one, two, 1)).size == 0
        )

    def test_of_somebody_who_is_not_there(self) -> None:
        with pytest.raises(KeyError):
            Pairs([person(1)], [person(2)], [(1, 3)])


class TestAllowed:
    @given(
        sides(), st.integers(1, 2), st.frozensets(st.tuples(st.integers(1, 3), st.integers(11, 12)))
    )
    def test_is_what_the_rules_say(
        self,
        people: tuple[list[Candidate], list[Candidate]],
        gap: int,
        excluded: frozenset[tuple[int, int]],
    ) -> None:
        mentors, mentees = people
        twos = [(one.person_id, two.person_id) for one in mentors for two in mentees]
        expected = scoring.feasible(mentors, mentees, gap, excluded)
        assert Pairs(mentors, mentees, twos).allowed(gap, excluded) == np.ravel(expected).tolist()

    def test_only_of_a_mentor_who_is_junior(self) -> None:
        with pytest.raises(ValueError, match="level gap"):
            Pairs([person(1)], [person(2)], [(1, 2)]).allowed(0)
