"""What holds in every company: random forests of managers, with levels that ignore them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.candidates import Candidate
from bot.matching.certificate import verify
from bot.matching.engine import Matching, match
from bot.matching.facts import facts
from bot.matching.parts import PARTS
from bot.matching.scores import MOST_WEIGHT, Weights, feasible, parts, scores

TOPICS = ("ai", "climate", "data", "social")
DEPARTMENTS = ("", "Finance", "Research", "Sales")


@dataclass(frozen=True)
class Organisation:
    managers: dict[int, int | None]
    mentors: Sequence[Candidate]
    mentees: Sequence[Candidate]

    def same_manager(self, person_id: int, other_id: int) -> bool:
        return (
            self.managers[person_id] is not None
            and self.managers[person_id] == self.managers[other_id]
        )

    def reports_to(self, person_id: int, other_id: int) -> bool:
        """Walks the managers one by one: knows nothing of paths."""
        manager = self.managers[person_id]
        while manager is not None:
            if manager == other_id:
                return True
            manager = self.managers[manager]
        return False


def path_of(person_id: int, managers: dict[int, int | None]) -> str:
    manager = managers[person_id]
    return (path_of(manager, managers) if manager is not None else "/") + f"{person_id}/"


@st.composite
def organisations(draw: st.DrawFn, most: int = 12) -> Organisation:
    """Up to `most` people; some may stand on both sides, some on none."""
    ids = draw(st.lists(st.integers(1, 250), unique=True, max_size=most))
    managers: dict[int, int | None] = {}
    for place, person_id in enumerate(ids):
        managers[person_id] = draw(st.sampled_from([None, *ids[:place]]))
    levels = st.integers(1, 6)
    topics = st.frozensets(st.sampled_from(TOPICS))
    some = st.frozensets(st.sampled_from("abc"))
    people = [
        Candidate(
            person_id=person_id,
            level=draw(levels),
            department=draw(st.sampled_from(DEPARTMENTS)),
            topics=draw(topics),
            reporting_path=path_of(person_id, managers),
            partners=draw(st.integers(0, 1)),
            capacity=draw(st.integers(1, 3)),
            main_topic=draw(st.sampled_from(["", *TOPICS])),
            hours=draw(st.sampled_from([0, 1, 0xFFFF, 0xFFFF << 10, 2**48 - 1])),
            means=draw(some),
            frequency=draw(st.sampled_from([None, 1, 2, 4])),
            style=draw(st.sampled_from([None, "a", "b"])),
            interests=draw(some),
            strengths=draw(some),
            known=draw(st.frozensets(st.sampled_from(ids), max_size=2)),
        )
        for person_id in ids
    ]
    sides = [draw(st.sampled_from(["mentor", "mentee", "both", "none"])) for _ in people]
    sided = list(zip(people, sides, strict=True))
    return Organisation(
        managers=managers,
        mentors=[person for person, side in sided if side in ("mentor", "both")],
        mentees=[person for person, side in sided if side in ("mentee", "both")],
    )


@st.composite
def weights(draw: st.DrawFn) -> Weights:
    drawn = {name: draw(st.integers(0, MOST_WEIGHT)) for name in PARTS}
    return Weights(**drawn) if sum(drawn.values()) > 0 else Weights()


class TestFeasible:
    @given(organisations(), st.integers(1, 3))
    def test_is_the_hard_rules_and_nothing_else(self, company: Organisation, gap: int) -> None:
        allowed = feasible(company.mentors, company.mentees, gap)
        assert allowed.shape == (len(company.mentors), len(company.mentees))
        for row, mentor in enumerate(company.mentors):
            for column, mentee in enumerate(company.mentees):
                one, two = mentor.person_id, mentee.person_id
                assert allowed[row, column] == (
                    one != two
                    and mentor.level + gap <= mentee.level
                    and not company.reports_to(one, two)
                    and not company.reports_to(two, one)
                    and not company.same_manager(one, two)
                )


class TestScores:
    @given(organisations(), weights())
    def test_every_part_and_the_whole_are_within_0_and_1(
        self, company: Organisation, weights: Weights
    ) -> None:
        shape = (len(company.mentors), len(company.mentees))
        by_name = parts(*facts(company.mentors, company.mentees))
        whole = scores(company.mentors, company.mentees, weights)
        for matrix in (*by_name.values(), whole):
            assert matrix.shape == shape
            assert matrix.dtype == np.float64
            assert np.all((matrix >= 0) & (matrix <= 1))

    @given(organisations(), weights(), st.randoms(use_true_random=False))
    def test_the_order_of_the_people_does_not_matter(
        self, company: Organisation, weights: Weights, random: Random
    ) -> None:
        rows, columns = (
            random.sample(range(len(side)), len(side))
            for side in (company.mentors, company.mentees)
        )
        mentors = [company.mentors[row] for row in rows]
        mentees = [company.mentees[column] for column in columns]
        turned = scores(company.mentors, company.mentees, weights)[rows][:, columns]
        assert np.array_equal(scores(mentors, mentees, weights), turned)
        by_name = parts(*facts(company.mentors, company.mentees))
        for name, part in parts(*facts(mentors, mentees)).items():
            assert np.array_equal(part, by_name[name][rows][:, columns])


class TestMatch:
    @given(organisations(), st.integers(1, 3))
    def test_no_pair_breaks_a_hard_rule(self, company: Organisation, gap: int) -> None:
        mentors = {person.person_id: person for person in company.mentors}
        mentees = {person.person_id: person for person in company.mentees}
        for mentor_id, mentee_id in match(company.mentors, company.mentees, gap).pairs:
            assert mentor_id != mentee_id
            assert mentors[mentor_id].level + gap <= mentees[mentee_id].level
            assert not company.reports_to(mentor_id, mentee_id)
            assert not company.reports_to(mentee_id, mentor_id)
            assert not company.same_manager(mentor_id, mentee_id)

    @given(organisations(), weights())
    def test_nobody_is_in_more_pairs_than_they_have_room_for(
        self, company: Organisation, weights: Weights
    ) -> None:
        found = match(company.mentors, company.mentees, weights=weights)
        for place, people in enumerate((company.mentors, company.mentees)):
            side = [two[place] for two in found.pairs]
            assert {*side} <= {person.person_id for person in people}
            assert all(side.count(person.person_id) <= person.capacity for person in people)

    @given(organisations(), st.randoms(use_true_random=False))
    def test_the_order_of_the_people_does_not_matter(
        self, company: Organisation, random: Random
    ) -> None:
        mentors, mentees = list(company.mentors), list(company.mentees)
        random.shuffle(mentors)
        random.shuffle(mentees)
        expected: Matching = match(company.mentors, company.mentees)
        found = match(mentors, mentees)
        assert found == expected
        assert (found.certificate, found.verdict) == (expected.certificate, expected.verdict)

    @given(organisations(), weights(), st.integers(1, 3))
    def test_its_certificate_proves_it_to_anybody(
        self, company: Organisation, weights: Weights, gap: int
    ) -> None:
        found = match(company.mentors, company.mentees, gap, weights)
        certificate = json.loads(json.dumps(found.certificate))
        verdict = verify(company.mentors, company.mentees, found.pairs, certificate, gap, weights)
        assert verdict.is_best
        assert verdict == found.verdict
