from dataclasses import fields
from typing import Any

import pytest

from bot.matching.parts import PARTS
from bot.matching.scores import DEFAULT_WEIGHTS, Weights, feasible, scores
from tests.matching.people import only, person


class TestWeights:
    def test_there_is_one_for_each_part(self) -> None:
        assert [field.name for field in fields(Weights)] == list(PARTS)

    def test_only_the_ratios_matter(self) -> None:
        mentors, mentees = [person(1, 1, "ai")], [person(2, 3, "ai data", "Legal")]
        small, large = only(topics=3, department=2, level=1), only(topics=9, department=6, level=3)
        assert scores(mentors, mentees, small) == pytest.approx(scores(mentors, mentees, large))

    @pytest.mark.parametrize("wrong", [-1, 11, 1.0, float("nan"), None, True, "1"])
    def test_useless_ones_are_refused(self, wrong: Any) -> None:
        with pytest.raises(ValueError, match="The weight of level is not 0 to 10"):
            Weights(level=wrong)

    def test_nothing_at_all_is_refused(self) -> None:
        with pytest.raises(ValueError, match="Not all weights can be 0"):
            only()


class TestWeightsOf:
    def test_what_is_missing_is_the_default(self) -> None:
        assert Weights.of({}) == DEFAULT_WEIGHTS
        assert Weights.of({"topics": 3, "hours": 0}) == Weights(topics=3, hours=0)

    def test_a_part_that_does_not_exist_is_refused(self) -> None:
        with pytest.raises(ValueError, match="no such part of a score: charm, zodiac"):
            Weights.of({"zodiac": 1, "charm": 2, "topics": 1})

    def test_all_zero_is_refused(self) -> None:
        with pytest.raises(ValueError, match="Not all weights can be 0"):
            Weights.of(dict.fromkeys(PARTS, 0))


class TestFeasible:
    def test_the_mentor_is_junior(self) -> None:
        mentors = [person(1, 1), person(2, 2), person(3, 3)]
        assert feasible(mentors, [person(4, 2)]).tolist() == [[True], [False], [False]]

    def test_the_gap_can_be_wider(self) -> None:
        mentees = [person(2, 2), person(3, 3), person(4, 4)]
        assert feasible([person(1, 1)], mentees, gap=2).tolist() == [[False, True, True]]

    @pytest.mark.parametrize("gap", [0, -1])
    def test_a_gap_below_one_is_refused(self, gap: int) -> None:
        with pytest.raises(ValueError, match="level gap must be 1 or more"):
            feasible([person(1)], [person(2)], gap=gap)

    def test_nobody_mentors_their_chain_of_managers(self) -> None:
        mentor = person(203, 1, path="/1/17/203/")
        mentees = [person(1, 6), person(17, 5, path="/1/17/"), person(18, 5, path="/1/18/")]
        assert feasible([mentor], mentees).tolist() == [[False, False, True]]

    def test_nobody_is_mentored_by_their_chain_of_managers(self) -> None:
        mentee = person(203, 6, path="/1/17/203/")
        mentors = [person(1, 1), person(17, 2, path="/1/17/"), person(18, 2, path="/1/18/")]
        assert feasible(mentors, [mentee]).tolist() == [[False], [False], [True]]

    def test_an_id_that_begins_like_a_managers_is_another_person(self) -> None:
        mentor = person(203, 1, path="/17/203/")
        assert feasible([mentor], [person(1, 5), person(7, 5), person(170, 5)]).all()

    def test_somebody_listed_twice_is_guarded_twice(self) -> None:
        boss = person(17, 5)
        assert not feasible([person(203, 1, path="/17/203/")], [boss, boss]).any()

    @pytest.mark.parametrize(("mentors", "mentees"), [(0, 2), (2, 0), (0, 0)])
    def test_an_empty_side_is_an_empty_matrix(self, mentors: int, mentees: int) -> None:
        sides = [person(1), person(2)][:mentors], [person(3, 2), person(4, 2)][:mentees]
        assert feasible(*sides).shape == scores(*sides).shape == (mentors, mentees)

    def test_nobody_mentors_who_has_the_same_direct_manager(self) -> None:
        mentors = [person(203, 1, path="/1/17/203/"), person(204, 1, path="/1/18/204/")]
        mentees = [person(301, 5, path="/17/301/"), person(302, 5, path="/302/")]
        assert feasible(mentors, mentees).tolist() == [[False, True], [True, True]]

    def test_without_managers_they_have_none_in_common(self) -> None:
        assert feasible([person(1)], [person(2, 5)]).all()

    def test_a_manager_further_up_may_be_the_same(self) -> None:
        mentee = person(301, 5, path="/1/18/301/")
        assert feasible([person(203, 1, path="/1/17/203/")], [mentee]).all()

    def test_who_is_excluded_may_not_whoever_else_is_named(self) -> None:
        mentors, mentees = [person(1), person(2)], [person(3, 5), person(4, 5)]
        allowed = feasible(mentors, mentees, excluded={(1, 4), (4, 1), (3, 2), (7, 3), (1, 9)})
        assert allowed.tolist() == [[True, False], [True, True]]


class TestScores:
    def test_is_the_weighted_mean_of_the_parts(self) -> None:
        mentor, mentee = person(1, 1, "ai"), person(2, 3, "ai data", "Legal")
        expected = (0.5 * 3 + 1 * 2 + 2 / 3 * 1) / 6
        weights = only(topics=3, department=2, level=1)
        assert scores([mentor], [mentee], weights)[0, 0] == pytest.approx(expected)

    def test_what_nobody_told_counts_a_half(self) -> None:
        """Topics and department full, a third of the levels, nobody in common."""
        mentor, mentee = person(1, 1, "ai"), person(2, 2, "ai", "Legal")
        expected = (8 + 2 + 2 / 3 + 5 / 2 + 1) / 18
        assert scores([mentor], [mentee])[0, 0] == pytest.approx(expected)
