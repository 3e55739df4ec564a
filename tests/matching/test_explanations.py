from bot.matching.explanations import (
    Point,
    Wish,
    mentees_wished,
    mentors_wished,
    why_unmatched,
)
from models import Role
from tests.matching.people import person


class TestWhyUnmatched:
    def test_who_is_in_a_pair_needs_no_reason(self) -> None:
        assert why_unmatched([person(1)], [person(2, 5)], [(1, 2)]) == ()

    def test_who_has_a_partner_already_is_not_left_over(self) -> None:
        assert why_unmatched([], [person(2, 5, partners=1)], []) == ()

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
            Wish("data", people=3, partners=2, level=2, role=Role.MENTOR),
            Wish("ai", people=1, partners=1, level=2, role=Role.MENTOR),
        )

    def test_mentees_are_wished_above_the_mentors(self) -> None:
        assert mentees_wished([person(1, 1, "ai"), person(2, 3, "ai")]) == (
            Wish("ai", 2, 2, 4, Role.MENTEE),
        )
