import pytest

from bot.matching.candidates import Candidate
from bot.matching.engine import match
from bot.matching.explanations import (
    Point,
    Wish,
    mentees_wished,
    mentors_wished,
    why_pair,
    why_unmatched,
)
from bot.matching.scores import Weights


def person(
    person_id: int, level: int = 1, topics: str = "", department: str = "Sales", path: str = ""
) -> Candidate:
    wanted = frozenset(topics.split())
    return Candidate(person_id, level, department, wanted, path or f"/{person_id}/")


class TestWhyPair:
    def test_the_strongest_reasons_and_what_counts_most_against_it(self) -> None:
        why = why_pair(person(1, 1, "ai data", "Legal"), person(2, 3, "ai data tools"))
        assert why.reasons == (
            Point("topics_shared", {"topics": ("ai", "data"), "wanted": 3}),
            Point("departments_differ", {"mentor": "Legal", "mentee": "Sales"}),
            Point("levels_apart", {"levels": 2}),
        )
        assert why.to_know == Point("topics_missing", {"topics": ("tools",)})

    def test_where_all_is_well_there_is_nothing_to_know(self) -> None:
        assert why_pair(person(1, 1, "ai", "Legal"), person(2, 5, "ai")).to_know is None

    @pytest.mark.parametrize(
        ("mentor", "to_know"),
        [
            (person(1, 1, "tools", "Legal"), Point("no_topic_shared", {"topics": ("ai",)})),
            (person(1, 1, "ai", "Sales"), Point("same_department", {"department": "Sales"})),
            (person(1, 1, "ai", ""), Point("no_department")),
            (person(1, 4, "ai", "Legal"), Point("levels_close", {"levels": 1, "enough": 3})),
        ],
    )
    def test_one_thing_to_know(self, mentor: Candidate, to_know: Point) -> None:
        assert why_pair(mentor, person(2, 5, "ai")).to_know == to_know

    def test_what_has_no_weight_is_neither(self) -> None:
        why = why_pair(person(1, 1, "tools"), person(2, 5, "ai"), Weights(0, 0, 1))
        assert [reason.key for reason in why.reasons] == ["levels_apart"]
        assert why.to_know is None

    def test_every_part_of_the_score_has_its_words(self) -> None:
        """The same keys as the match's own reasons, in the same order."""
        mentor, mentee = person(1, 1, "ai", "Legal"), person(2, 3, "ai data")
        (pair,) = match([mentor], [mentee]).pairs
        keys = {"topics": "topics_shared", "department": "departments_differ"}
        keys["level"] = "levels_apart"
        reasons = [reason.key for reason in why_pair(mentor, mentee).reasons]
        assert reasons == [keys[reason] for reason in pair.reasons]


class TestWhyUnmatched:
    def test_who_is_in_a_pair_needs_no_reason(self) -> None:
        assert why_unmatched([person(1)], [person(2, 5)], [(1, 2)]) == ()

    def test_an_empty_side(self) -> None:
        (why,) = why_unmatched([], [person(2, 5, "data ai")], [], gap=2)
        assert why.reason == Point("nobody_there")
        assert why.help == Point("mentors_needed", {"level": 3, "topics": ("ai", "data")})

    def test_all_who_could_are_taken(self) -> None:
        (why,) = why_unmatched([person(1)], [person(2, 5), person(3, 5)], [(1, 2)])
        assert (why.person_id, why.reason) == (3, Point("all_taken", {"people": 1}))

    def test_nobody_is_far_enough_apart(self) -> None:
        whys = why_unmatched([person(1, 3, "ai")], [person(2, 4)], [], gap=2)
        assert [why.reason for why in whys] == [Point("levels", {"people": 1})] * 2
        assert whys[0].help == Point("mentees_needed", {"level": 5, "topics": ("ai",)})

    def test_reporting_lines_and_wishes_to_be_apart_look_the_same(self) -> None:
        in_line = why_unmatched([person(1, path="/2/1/")], [person(2, 5)], [])
        kept = why_unmatched([person(1)], [person(2, 5)], [], excluded=[(1, 2)])
        assert in_line == kept
        assert in_line[0].reason == Point("kept_apart", {"people": 1})

    def test_each_side_is_counted_over_all_of_the_other(self) -> None:
        mentors = [person(i) for i in range(1, 400)]
        mentees = [person(i, 5) for i in range(1_000, 1_600)]
        whys = why_unmatched(mentors, mentees, [])
        assert len(whys) == 999
        assert whys[0].reason == Point("all_taken", {"people": 600})
        assert whys[-1].reason == Point("all_taken", {"people": 399})


class TestWishes:
    def test_the_partners_who_would_help_most_come_first(self) -> None:
        left_over = [person(1, 4, "data ai"), person(2, 6, "data"), person(3, 5, "data")]
        assert mentors_wished(left_over, gap=2, capacity=2) == (
            Wish("data", people=3, partners=2, level=2),
            Wish("ai", people=1, partners=1, level=2),
        )

    def test_mentees_are_wished_above_the_mentors(self) -> None:
        assert mentees_wished([person(1, 1, "ai"), person(2, 3, "ai")]) == (Wish("ai", 2, 2, 4),)
