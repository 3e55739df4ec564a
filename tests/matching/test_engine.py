import time

import numpy as np
import pytest

from bot.matching.candidates import Candidate
from bot.matching.engine import Matching, match
from tests.matching.people import only


def candidates(seed: int, count: int, first_id: int, levels: tuple[int, int]) -> list[Candidate]:
    """A side of a large program; every tenth person's manager is person 1 or 1001."""
    random = np.random.default_rng(seed)
    topics = ["ai", "climate", "data", "design", "finance", "remote", "social", "tools"]
    return [
        Candidate(
            person_id=person_id,
            level=int(random.integers(levels[0], levels[1], endpoint=True)),
            department=f"department {random.integers(6)}",
            topics=frozenset(random.choice(topics, random.integers(1, 4), replace=False).tolist()),
            reporting_path=(
                f"/{random.choice([1, 1001])}/{person_id}/"
                if person_id % 10 == 0
                else f"/{person_id}/"
            ),
        )
        for person_id in range(first_id, first_id + count)
    ]


class TestMatch:
    def test_says_who_with_whom(self) -> None:
        mentors = [
            Candidate(3, 1, "Sales", frozenset({"ai", "data", "social"}), "/9/5/3/"),
            Candidate(1, 2, "Legal", frozenset({"climate"}), "/1/"),
        ]
        mentees = [Candidate(9, 6, "Board", frozenset({"ai"}), "/9/")]
        mentees += [Candidate(8, 4, "Sales", frozenset({"social", "data", "tools"}), "/9/8/")]
        mentees += [Candidate(7, 1, "Sales", frozenset({"ai"}), "/9/7/")]
        found = match(mentors, mentees, weights=only(topics=3, department=1, level=1))
        assert found == Matching(((1, 9), (3, 8)))
        assert found.verdict.total == pytest.approx(1.0, abs=1e-5)

    def test_tells_how_far_it_is(self) -> None:
        said: list[float] = []
        match(candidates(1, 60, 1, (1, 3)), candidates(2, 60, 101, (3, 6)), told=said.append)
        assert said == sorted(said)
        assert said[0] == 0
        assert 0.5 < said[-1] < 1

    def test_the_gap_of_the_program_counts(self) -> None:
        mentor = Candidate(1, 1, "Sales", frozenset({"ai"}), "/1/")
        mentee = Candidate(2, 3, "Legal", frozenset({"ai"}), "/2/")
        assert len(match([mentor], [mentee], gap=2).pairs) == 1
        assert match([mentor], [mentee], gap=3) == Matching(())

    def test_an_empty_side_makes_no_pairs(self) -> None:
        somebody = Candidate(1, 1, "Sales", frozenset(), "/1/")
        assert match([somebody], []) == match([], [somebody]) == match([], []) == Matching(())

    def test_somebody_twice_on_one_side_is_refused(self) -> None:
        somebody = Candidate(1, 1, "Sales", frozenset(), "/1/")
        with pytest.raises(ValueError, match="twice on one side"):
            match([somebody, somebody], [])

    def test_what_is_excluded_is_not_made_whatever_it_scores(self) -> None:
        mentors = [Candidate(1, 1, "A", frozenset({"ai"}), "/1/")]
        mentors += [Candidate(2, 1, "B", frozenset(), "/2/")]
        mentee = Candidate(3, 5, "B", frozenset({"ai"}), "/3/")
        found = match(mentors, [mentee], excluded={(1, 3), (3, 2), (7, 3), (1, 9)})
        assert found.pairs == ((2, 3),)
        assert match(mentors[:1], [mentee], excluded=[(1, 3)]) == Matching(())

    def test_a_first_partner_goes_before_a_second_whatever_the_scores(self) -> None:
        mentor = Candidate(1, 1, "A", frozenset({"ai"}), "/1/")
        has_one = Candidate(2, 5, "B", frozenset({"ai"}), "/2/", partners=1)
        has_none = Candidate(3, 2, "A", frozenset(), "/3/")
        found = match([mentor], [has_one, has_none], weights=only(topics=9, level=1))
        assert found.pairs == ((1, 3),)
        assert 0 < found.verdict.total < 0.1

    def test_who_has_room_for_two_gets_two(self) -> None:
        mentor = Candidate(1, 1, "A", frozenset({"ai"}), "/1/", capacity=2)
        mentees = [Candidate(i, 5, "B", frozenset({"ai"}), f"/{i}/") for i in (2, 3, 4)]
        found = match([mentor], mentees)
        assert [mentor_id for mentor_id, _ in found.pairs] == [1, 1]
        assert len({mentee_id for _, mentee_id in found.pairs}) == 2

    def test_a_gap_below_one_is_refused(self) -> None:
        with pytest.raises(ValueError, match="level gap must be 1 or more"):
            match([], [], gap=0)

    def test_a_large_program_takes_seconds_and_is_proved(self) -> None:
        mentors = candidates(1, 1_000, 1, (1, 3))
        mentees = candidates(2, 500, 1_001, (3, 6))
        start = time.process_time()
        found = match(mentors, mentees)
        assert time.process_time() - start < 4
        assert len(found.pairs) == 500
        assert found.verdict.is_best
