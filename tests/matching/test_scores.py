import math
from dataclasses import fields

import numpy as np
import pytest

from bot.matching.candidates import Candidate
from bot.matching.scores import (
    PARTS,
    Weights,
    department_distance,
    facts,
    feasible,
    level_distance,
    scores,
    topic_share,
)


def person(
    person_id: int,
    level: int = 1,
    department: str = "Sales",
    topics: str = "",
    path: str | None = None,
) -> Candidate:
    wanted = frozenset(topics.split())
    return Candidate(person_id, level, department, wanted, path or f"/{person_id}/")


class TestWeights:
    def test_there_is_one_for_each_part(self) -> None:
        assert [field.name for field in fields(Weights)] == list(PARTS)

    def test_only_the_ratios_matter(self) -> None:
        mentors, mentees = [person(1, 1, "Sales", "ai")], [person(2, 3, "Legal", "ai data")]
        small, large = Weights(0.3, 0.2, 0.1), Weights(3, 2, 1)
        assert scores(mentors, mentees, small) == pytest.approx(scores(mentors, mentees, large))

    @pytest.mark.parametrize(
        "wrong", [(0, 0, 0), (-1, 1, 1), (math.nan, 1, 1), (1, 1, math.nan), (math.inf, 1, 1)]
    )
    def test_useless_ones_are_refused(self, wrong: tuple[float, float, float]) -> None:
        with pytest.raises(ValueError, match="Weights must be 0 or more"):
            Weights(*wrong)


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
        mentor, mentee = person(1, 1, "Sales", "ai"), person(2, 3, "Legal", "ai data")
        expected = (0.5 * 3 + 1 * 2 + 2 / 3 * 1) / 6
        assert scores([mentor], [mentee], Weights(3, 2, 1))[0, 0] == pytest.approx(expected)


class TestTopicShare:
    def test_counts_the_wanted_topics_that_are_offered(self) -> None:
        mentors = [person(1, topics="ai data"), person(2, topics="social"), person(3)]
        mentees = [person(4, topics="ai data social"), person(5, topics="ai")]
        expected = np.array([[2 / 3, 1.0], [1 / 3, 0.0], [0.0, 0.0]])
        assert topic_share(*facts(mentors, mentees)) == pytest.approx(expected)

    def test_nothing_wanted_is_nothing_shared(self) -> None:
        assert topic_share(*facts([person(1, topics="ai")], [person(2)])).tolist() == [[0.0]]


class TestDepartmentDistance:
    def test_is_full_between_different_ones_only(self) -> None:
        mentees = [person(2, department="Sales"), person(3, department="Legal")]
        assert department_distance(*facts([person(1)], mentees)).tolist() == [[0.0, 1.0]]

    def test_an_unknown_one_is_not_a_different_one(self) -> None:
        people = [person(1, department=""), person(2, department="Sales")]
        assert department_distance(*facts(people, people)).tolist() == [[0.0, 0.0], [0.0, 0.0]]


class TestLevelDistance:
    def test_grows_up_to_three_levels(self) -> None:
        mentees = [person(level, level) for level in (1, 2, 3, 4, 5, 6, 9)]
        expected = [[0, 0, 1 / 3, 2 / 3, 1, 1, 1]]
        assert level_distance(*facts([person(20, 2)], mentees)) == pytest.approx(np.array(expected))
