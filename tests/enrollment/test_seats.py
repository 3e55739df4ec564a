from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.enrollment import seats
from models import Role

CAPACITY = st.integers(1, 10)


class TestShares:
    @pytest.mark.parametrize(
        ("total", "of_mentor", "of_mentee", "mentors", "mentees"),
        [
            (10, 1, 1, 5, 5),
            (11, 1, 1, 6, 5),
            (12, 2, 1, 4, 8),
            (12, 1, 3, 9, 3),
            (2, 1, 10, 1, 1),
            (2, 10, 1, 1, 1),
        ],
    )
    def test_are_in_the_ratio_that_pairs_need(
        self, total: int, of_mentor: int, of_mentee: int, mentors: int, mentees: int
    ) -> None:
        assert seats.shares(total, of_mentor, of_mentee) == {
            Role.MENTOR: mentors,
            Role.MENTEE: mentees,
        }

    @given(st.integers(2, 5000), CAPACITY, CAPACITY)
    def test_leave_no_seat_and_no_side_out(self, total: int, mentor: int, mentee: int) -> None:
        shares = seats.shares(total, mentor, mentee)
        assert sum(shares.values()) == total
        assert min(shares.values()) >= 1

    @given(st.integers(1, 500), CAPACITY, CAPACITY)
    def test_let_both_sides_be_fully_paired_where_it_divides_evenly(
        self, times: int, mentor: int, mentee: int
    ) -> None:
        shares = seats.shares(times * (mentor + mentee), mentor, mentee)
        assert shares[Role.MENTOR] * mentor == shares[Role.MENTEE] * mentee


@dataclass
class Side:
    """One side of a program, as the service runs it: `inside` and `waiting` are numbers in the
    order of joining."""

    share: int
    came: int = 0
    inside: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    let_in: list[int] = field(default_factory=list)

    def join(self) -> None:
        self.came += 1
        has_seat = not self.waiting and seats.free(self.share, len(self.inside)) > 0
        (self.inside if has_seat else self.waiting).append(self.came)
        self.let_in += [self.came] if has_seat else []

    def leave(self, at: int) -> None:
        everybody = self.inside + self.waiting
        if everybody:
            one = everybody[at % len(everybody)]
            (self.inside if one in self.inside else self.waiting).remove(one)

    def fill(self) -> None:
        for _ in range(min(len(self.waiting), seats.free(self.share, len(self.inside)))):
            self.let_in.append(self.waiting[0])
            self.inside.append(self.waiting.pop(0))


ACTS = st.lists(
    st.one_of(
        st.just(("join", 0)),
        st.tuples(st.just("leave"), st.integers(0, 50)),
        st.just(("fill", 0)),
        st.tuples(st.just("cap"), st.integers(1, 8)),
    ),
    max_size=60,
)


class TestFree:
    @given(st.integers(1, 8), ACTS)
    def test_nobody_is_let_in_above_the_cap_or_out_of_turn(
        self, share: int, acts: list[tuple[str, int]]
    ) -> None:
        side = Side(share)
        for act, number in acts:
            before = len(side.inside)
            match act:
                case "join":
                    side.join()
                case "leave":
                    side.leave(number)
                case "fill":
                    side.fill()
                    assert not side.waiting or len(side.inside) >= side.share
                case "cap":
                    side.share = number
            assert len(side.inside) <= max(side.share, before)
        assert side.let_in == sorted(side.let_in)

    def test_is_none_where_the_cap_was_lowered_below_those_who_are_there(self) -> None:
        assert seats.free(3, 5) == 0
