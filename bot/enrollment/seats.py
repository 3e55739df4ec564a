"""How a program's seats are split over its two sides, and who of a waiting list gets a free one."""

from collections.abc import Mapping

from models import Role


def shares(seats: int, mentor_capacity: int, mentee_capacity: int) -> Mapping[Role, int]:
    """The seats of each side, in the ratio of what pairs need: where each mentor may have two
    mentees, there are twice as many seats for mentees. Together they are `seats`, at least two;
    each side has one, and what does not divide evenly is a mentor's."""
    mentors = -(-seats * mentee_capacity // (mentor_capacity + mentee_capacity))
    mentors = min(mentors, seats - 1)
    return {Role.MENTOR: mentors, Role.MENTEE: seats - mentors}


def free(share: int, taken: int) -> int:
    """How many of a side's seats are free; none where the cap was lowered below those who are
    there."""
    return max(0, share - taken)
