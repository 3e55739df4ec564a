"""Pairs that managers hold to: they are taken out before a match is solved, and count with it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.matching import scores as scoring
from bot.matching.candidates import Candidate
from bot.matching.certificate import Verdict
from bot.matching.facts import People, Together
from bot.matching.pairwise import Two


@dataclass(frozen=True, slots=True)
class Rest:
    """What there is to match without the locked pairs: `held` of them may be, `skipped` may not.
    Who is held to has so many places less, and is not paired with the same person once more."""

    mentors: Sequence[Candidate]
    mentees: Sequence[Candidate]
    excluded: Together
    held: tuple[Two, ...]
    skipped: tuple[Two, ...]


def take_out(
    locked: Together, mentors: People, mentees: People, gap: int, excluded: Together
) -> Rest:
    """Locks count in the order of the ids, as long as the two are there, may be a pair, and have
    room."""
    below = {person.person_id: person for person in mentors}
    above = {person.person_id: person for person in mentees}
    used: tuple[Counter[int], Counter[int]] = Counter(), Counter()
    apart, held, skipped = frozenset(excluded), [], []
    for two in sorted(set(locked)):
        mentor, mentee = below.get(two[0]), above.get(two[1])
        if (
            mentor is None
            or mentee is None
            or used[0][two[0]] >= mentor.capacity
            or used[1][two[1]] >= mentee.capacity
            or not scoring.feasible([mentor], [mentee], gap, apart & {two})[0, 0]
        ):
            skipped.append(two)
            continue
        held.append(two)
        used[0][two[0]] += 1
        used[1][two[1]] += 1
    return Rest(
        _less(mentors, used[0]),
        _less(mentees, used[1]),
        [*excluded, *held],
        tuple(held),
        tuple(skipped),
    )


def counted_in(
    held: Collection[Two], score: float, mentors: People, mentees: People, rest: Verdict
) -> Verdict:
    """The verdict on all pairs: what is locked, which scores so much, is there either way."""
    new = sum(
        person.partners == 0 and person.person_id in {two[side] for two in held}
        for side, people in enumerate((mentors, mentees))
        for person in people
    )
    return Verdict(
        rest.people + new, rest.people_at_most + new, rest.total + score, rest.total_at_most + score
    )


def _less(people: People, used: Counter[int]) -> list[Candidate]:
    """Without the places that are used; who has none left is not among them."""
    some = []
    for person in people:
        count = used[person.person_id]
        if count < person.capacity:
            partners, capacity = person.partners + count, person.capacity - count
            some.append(replace(person, partners=partners, capacity=capacity) if count else person)
    return some
