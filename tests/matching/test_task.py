import json
from dataclasses import replace
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.candidates import Candidate
from bot.matching.explanations import Point, Wish
from bot.matching.scores import feasible, scores
from bot.matching.task import Left, Task, check, found, hindrance, work_out
from models import Role
from tests.matching.people import person, shuffled


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """Up to three a side, with places, partners, lines, exclusions and locks of all kinds."""

    def side(first: int, levels: tuple[int, int]) -> list[Candidate]:
        return [
            person(
                first + number,
                draw(st.integers(*levels)),
                draw(st.sampled_from(["", "ai", "data", "ai data"])),
                path=draw(st.sampled_from(["/", "/99/", "/98/"])) + f"{first + number}/",
                capacity=draw(st.integers(1, 2)),
                partners=draw(st.integers(0, 1)),
            )
            for number in range(draw(st.integers(0, 3)))
        ]

    two = st.tuples(st.integers(1, 4), st.integers(11, 14))
    return Task(
        mentors=side(1, (1, 3)),
        mentees=side(11, (3, 4)),
        excluded=draw(st.frozensets(two, max_size=2)),
        locked=draw(st.frozensets(two, max_size=3)),
    )


def brute_force(task: Task, locked: set[tuple[int, int]]) -> tuple[int, float]:
    """Most people with a first partner, then the greatest total, of all sets of allowed pairs with
    the locked ones among them; knows neither places taken nor prices."""
    allowed = feasible(task.mentors, task.mentees, task.gap, task.excluded)
    score = np.rint(scores(task.mentors, task.mentees, task.weights) * 2**20)
    everybody = [*task.mentors, *task.mentees]
    pairs = {
        (task.mentors[row].person_id, task.mentees[column].person_id): score[row, column]
        for row, column in np.argwhere(allowed)
    }
    best = (-1, 0.0)
    for size in range(len(pairs) + 1):
        for some in combinations(pairs, size):
            named = [person_id for two in some for person_id in two]
            if locked <= {*some} and all(named.count(p.person_id) <= p.capacity for p in everybody):
                new = sum(p.partners == 0 and p.person_id in named for p in everybody)
                best = max(best, (new, sum(pairs[two] for two in some)))
    return best


class TestWorkOut:
    @settings(max_examples=60)
    @given(tasks())
    def test_is_the_best_around_the_locks(self, task: Task) -> None:
        self.is_the_best(task)

    @pytest.mark.campaign
    @settings(max_examples=3_000)
    @given(tasks())
    def test_thousands_are_the_best_around_the_locks(self, task: Task) -> None:
        self.is_the_best(task)

    def is_the_best(self, task: Task) -> None:
        worked = work_out(task)
        pairs = [(one.mentor_id, one.mentee_id) for one in worked.pairs]
        locked = {two for two, one in zip(pairs, worked.pairs, strict=True) if one.locked}
        assert locked == {*task.locked} - {*worked.skipped}
        people, total = brute_force(task, locked)
        assert worked.verdict.people == worked.verdict.people_at_most == people
        assert worked.verdict.total == pytest.approx(total / 2**20, abs=1e-5)
        certificate = json.loads(json.dumps(worked.certificate))
        assert check(task, pairs, certificate) == worked.verdict
        named = {person_id for two in pairs for person_id in two}
        everybody = [*task.mentors, *task.mentees]
        assert {one.person_id for one in worked.left_over} == {
            p.person_id for p in everybody if p.partners == 0 and p.person_id not in named
        }

    @given(tasks(), st.randoms(use_true_random=False))
    def test_the_order_of_the_people_does_not_matter(self, task: Task, random: Random) -> None:
        turned = replace(
            task,
            mentors=shuffled(list(task.mentors), random),
            mentees=shuffled(list(task.mentees), random),
        )
        assert work_out(turned) == work_out(task) == work_out(task)

    def test_a_lock_takes_one_place(self) -> None:
        mentors = [person(1, topics="ai", capacity=2), person(2)]
        mentees = [person(11, 5), person(12, 5, "ai"), person(13, 5)]
        worked = work_out(Task(mentors, mentees, locked=[(1, 11)]))
        found = [(one.mentor_id, one.mentee_id, one.locked) for one in worked.pairs]
        assert found == [(1, 11, True), (1, 12, False), (2, 13, False)]
        assert worked.verdict.people == 5

    @pytest.mark.parametrize(
        "locks",
        [[(1, 12)], [(1, 99)], [(99, 11)], [(2, 11)], [(3, 11)]],
        ids=["excluded", "no mentee", "no mentor", "in line", "level"],
    )
    def test_a_lock_that_may_not_be_is_skipped_and_said(self, locks: list[tuple[int, int]]) -> None:
        mentors = [person(1), person(2, path="/11/2/"), person(3, 9)]
        mentees = [person(11, 5), person(12, 5)]
        worked = work_out(Task(mentors, mentees, excluded=[(1, 12)], locked=locks))
        assert worked.skipped == tuple(locks)
        assert not any(one.locked for one in worked.pairs)

    def test_of_locks_without_room_the_first_counts(self) -> None:
        worked = work_out(
            Task([person(1)], [person(11, 5), person(12, 5)], locked=[(1, 12), (1, 11)])
        )
        assert worked.skipped == ((1, 12),)

    def test_an_empty_side_leaves_all_over_and_says_why(self) -> None:
        worked = work_out(Task([], [person(11, 5, "ai")]))
        wanted = Point("mentors_needed", {"level": 4, "topics": ("ai",)})
        assert worked.pairs == ()
        assert worked.left_over == (Left(11, Role.MENTEE, Point("nobody_there"), wanted),)
        assert worked.wishes == (Wish("ai", 1, 1, 4, Role.MENTOR),)

    def test_all_excluded_is_nobody_matched(self) -> None:
        worked = work_out(Task([person(1)], [person(11, 5)], excluded=[(1, 11)]))
        assert worked.pairs == ()
        reasons = [one.reason for one in worked.left_over]
        assert reasons == [Point("kept_apart", {"people": 1})] * 2

    def test_progress_is_whole_percents_that_rise_to_the_end(self) -> None:
        said: list[int] = []
        work_out(Task([person(i) for i in range(1, 9)], [person(11, 5)]), said.append)
        assert said == sorted({*said})
        assert (said[0], said[-1]) == (0, 100)

    @settings(max_examples=60)
    @given(tasks())
    def test_every_wish_keeps_its_word(self, task: Task) -> None:
        """Those partners, once they are there: at the level that is said, who name the topic, with
        the room that everybody on their side has, in nobody's line and with no manager here."""
        worked = work_out(task)
        sides = {Role.MENTOR: task.mentors, Role.MENTEE: task.mentees}
        for wish in worked.wishes:
            room = min((p.capacity + p.partners for p in sides[wish.role]), default=1)
            more = [
                person(1_000 + number, wish.level, wish.topic, capacity=room)
                for number in range(wish.partners)
            ]
            with_them = (
                replace(task, mentors=[*task.mentors, *more])
                if wish.role is Role.MENTOR
                else replace(task, mentees=[*task.mentees, *more])
            )
            left = work_out(with_them).left_over
            others = Role.MENTEE if wish.role is Role.MENTOR else Role.MENTOR
            before = sum(one.role is others for one in worked.left_over)
            assert before - sum(one.role is others for one in left) >= wish.people


class TestCheck:
    TASK = Task([person(1), person(2)], [person(11, 5), person(12, 5)], locked=[(1, 11)])

    @pytest.mark.parametrize(
        ("pairs", "what"),
        [
            ([(1, 12), (2, 11)], "A locked pair is missing"),
            ([(1, 11), (1, 11)], "twice"),
            ([(1, 11), (1, 12)], "Not everybody is known"),
        ],
    )
    def test_what_is_not_that_run_is_refused(self, pairs: list[tuple[int, int]], what: str) -> None:
        with pytest.raises(ValueError, match=what):
            check(self.TASK, pairs, work_out(self.TASK).certificate)

    def test_less_than_the_best_is_not_proved_the_best(self) -> None:
        assert not check(self.TASK, [(1, 11)], work_out(self.TASK).certificate).is_best


class TestHindrance:
    def test_says_no_more_than_the_level_rule(self) -> None:
        senior, apart = person(11, 5), {(1, 11)}
        assert hindrance(person(1), senior, 1, ()) is None
        assert hindrance(person(1, 3), senior, 3, apart) == "level"
        assert hindrance(person(1), senior, 1, apart) == "kept_apart"
        assert hindrance(person(1, path="/11/1/"), senior, 1, ()) == "kept_apart"
        assert (
            hindrance(person(1, path="/9/1/"), person(11, 5, path="/9/11/"), 1, ()) == "kept_apart"
        )


class TestFound:
    def test_is_what_a_run_says_of_the_pair(self) -> None:
        mentor, mentee = person(1, topics="ai"), person(11, 5, "ai data")
        assert work_out(Task([mentor], [mentee])).pairs == (found(mentor, mentee),)
