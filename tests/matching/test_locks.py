from bot.matching.certificate import Verdict
from bot.matching.locks import counted_in, take_out
from tests.matching.people import person


class TestTakeOut:
    def test_takes_a_place_of_each_and_keeps_them_from_a_second_pair(self) -> None:
        mentors, mentees = [person(1, capacity=2), person(2)], [person(11, 5), person(12, 5)]
        rest = take_out([(1, 11)], mentors, mentees, 1, [(2, 12)])
        assert rest.mentors == [person(1, partners=1), person(2)]
        assert rest.mentees == [person(12, 5)]
        assert set(rest.excluded) == {(2, 12), (1, 11)}
        assert (rest.held, rest.skipped) == (((1, 11),), ())

    def test_leaves_out_what_may_not_be(self) -> None:
        """Somebody is gone, two are too close, two are excluded, and one has no room for both."""
        mentors = [person(1), person(2, 4), person(3), person(4)]
        mentees = [person(11, 5), person(12, 5)]
        locked = [(1, 99), (2, 11), (3, 11), (4, 12), (1, 12)]
        rest = take_out(locked, mentors, mentees, 2, [(3, 11)])
        assert rest.held == ((1, 12),)
        assert rest.skipped == ((1, 99), (2, 11), (3, 11), (4, 12))


class TestCountedIn:
    def test_counts_people_who_had_nobody_once(self) -> None:
        mentors = [person(1, capacity=2), person(2, partners=1)]
        mentees = [person(11, 5), person(12, 5)]
        rest = Verdict(2, 3, 0.5, 0.75)
        found = counted_in([(1, 11), (1, 12), (2, 12)], 1.25, mentors, mentees, rest)
        assert found == Verdict(5, 6, 1.75, 2.0)
