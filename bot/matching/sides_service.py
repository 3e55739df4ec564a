"""The two sides of a program's match, as the engine knows them: gathered from all rooms."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cadence.topics import usable
from bot.clock import FIRST_HOUR, LAST_HOUR, at_local_hour
from bot.enrollment import service as enrollment
from bot.errors import UserFacingError
from bot.matching import sides_store
from bot.matching.candidates import Candidate
from bot.matching.pairwise import Two
from bot.matching.scores import DEFAULT_WEIGHTS, Weights
from bot.matching.task import Task
from bot.runtime import Runtime
from models import Enrollment, HoldKind, PairState, Person, Profile, Program, Role

Waiting = Sequence[tuple[Enrollment, Person]]

HOURS_A_PAIR = 2
"""What a pair takes of somebody's hours in a month."""
MOST_ASKED = 3
"""So often somebody is asked for their yes without a pair coming of it, within ASKED_WITHIN."""
ASKED_WITHIN = timedelta(days=90)
HALF_HOURS = 48


@dataclass(frozen=True)
class Sides:
    """Everything a match of these people is made from.

    `gap` is the program's smallest. `excluded` are the two who are not to be paired: why is
    nobody's business, and not kept. `locked` are those whom managers want as a pair. `asked_often`
    are people who wait and are left out, because they were asked for their yes several times lately
    and no pair came of it.
    """

    mentors: list[Candidate]
    mentees: list[Candidate]
    gap: int
    excluded: frozenset[Two]
    locked: tuple[Two, ...]
    asked_often: Mapping[int, Role]


async def sides(
    session: AsyncSession,
    runtime: Runtime,
    program: Program,
    waiting: Waiting,
    *,
    only: Collection[int] | None = None,
) -> Sides:
    """Of those who wait (`bot.programs.store.waiting`). `only`: they are these few, and nothing is
    read that is not about them."""
    ids = [person.id for _, person in waiting]
    paired = await sides_store.pairs(session, program.id, only)
    facts = _Facts(
        today=runtime.clock().date(),
        partners=partners(paired),
        profiles=await sides_store.profiles(session, program.id, only),
        known=_each_other(await sides_store.acquaintances(session, program.id, only)),
    )
    asked = await _asked_often(session, runtime, program, paired)
    by_role: dict[Role, list[Candidate]] = {Role.MENTOR: [], Role.MENTEE: []}
    for number, (enrolled, person) in enumerate(waiting):
        if number % sides_store.PORTION == 0:
            await asyncio.sleep(0)
        if person.id not in asked:
            topics = usable(runtime.library, program, enrolled)
            by_role[enrolled.role].append(_candidate(program, enrolled, person, topics, facts))
    holds = await sides_store.holds(session, program.id)
    apart = {(mentor_id, mentee_id) for mentor_id, mentee_id, _ in paired}
    apart |= await _wishes(session, runtime, ids)
    apart |= {two for two, kind in holds.items() if kind is HoldKind.FORBIDDEN}
    apart |= await sides_store.asked_before(session, program.id)
    return Sides(
        mentors=by_role[Role.MENTOR],
        mentees=by_role[Role.MENTEE],
        gap=program.level_gap,
        excluded=frozenset(apart),
        locked=tuple(sorted(two for two, kind in holds.items() if kind is HoldKind.LOCKED)),
        asked_often={
            person.id: enrolled.role for enrolled, person in waiting if person.id in asked
        },
    )


def task_of(sides: Sides, weights: Weights = DEFAULT_WEIGHTS) -> Task:
    return Task(
        mentors=tuple(sides.mentors),
        mentees=tuple(sides.mentees),
        gap=sides.gap,
        weights=weights,
        excluded=sides.excluded,
        locked=sides.locked,
    )


def weights_of(program: Program) -> Weights:
    """Raises UserFacingError when none of them counts."""
    try:
        return Weights.of(program.weights)
    except ValueError:
        raise UserFacingError("match_weights_nothing", program=program.name) from None


def partners(paired: Sequence[tuple[int, int, PairState]]) -> Counter[int]:
    """How many partners each person has in the program, or has had to the end."""
    return Counter(
        person_id for *two, state in paired if state is not PairState.ENDED for person_id in two
    )


@dataclass(frozen=True)
class _Facts:
    """What is known of people, each by their id."""

    today: date
    partners: Counter[int]
    profiles: Mapping[int, Profile]
    known: Mapping[int, frozenset[int]]


def _candidate(
    program: Program, enrolled: Enrollment, person: Person, topics: frozenset[str], facts: _Facts
) -> Candidate:
    assert person.level is not None, "only people with a level wait for a match"
    said = facts.profiles.get(person.id)
    has = facts.partners[person.id]
    return Candidate(
        person_id=person.id,
        level=person.level,
        department=person.department,
        topics=topics,
        reporting_path=person.reporting_path,
        partners=has,
        capacity=_capacity(program, enrolled.role, said, has),
        main_topic=enrolled.main_topic if enrolled.main_topic in topics else "",
        hours=hours(said, person.time_zone, facts.today),
        means=frozenset(said.means if said else ()),
        frequency=said.frequency.weeks if said and said.frequency else None,
        style=said.learning_style if said else None,
        interests=frozenset(said.interests if said else ()),
        strengths=frozenset(said.strengths if said else ()),
        known=facts.known.get(person.id, frozenset()),
    )


def _capacity(program: Program, role: Role, said: Profile | None, has: int) -> int:
    """As many as the program lets their side have, and their hours a month are enough for; one at
    least for somebody who waits."""
    places = program.mentor_capacity if role is Role.MENTOR else program.mentee_capacity
    if said is not None and said.hours_a_month is not None:
        places = min(places, said.hours_a_month // HOURS_A_PAIR)
    return max(1, places - has)


def hours(said: Profile | None, zone_name: str, day: date) -> int:
    """The half hours of a day in UTC in which they work, a bit each, the first the lowest: as they
    said, or else as we take it of everybody in their zone. On `day`, as clocks change."""
    works_from, works_to = FIRST_HOUR, LAST_HOUR + 1
    if said is not None and said.works_from is not None and said.works_to is not None:
        works_from, works_to = said.works_from, said.works_to
    begin = at_local_hour(day, works_from, 0, zone_name)
    first = (begin.hour * 60 + begin.minute) // 30
    length = 2 * (works_to - works_from)
    return sum(1 << (first + step) % HALF_HOURS for step in range(length))


async def _wishes(session: AsyncSession, runtime: Runtime, ids: Sequence[int]) -> set[Two]:
    """Of whom one would rather not be paired with the other, in both orders."""
    avoided = await enrollment.avoided_by(session, runtime, ids)
    one_way = {(one, other) for one, others in avoided.items() for other in others}
    return one_way | {(other, one) for one, other in one_way}


async def _asked_often(
    session: AsyncSession,
    runtime: Runtime,
    program: Program,
    paired: Collection[tuple[int, int, PairState]],
) -> frozenset[int]:
    """Whom to leave in peace. A run has asked somebody once, however many partners it was about."""
    if not program.asks_participants:
        return frozenset()
    since = runtime.clock() - ASKED_WITHIN
    made = {(mentor_id, mentee_id) for mentor_id, mentee_id, _ in paired}
    runs: dict[int, set[int]] = defaultdict(set)
    for run_id, *two in await sides_store.asked_about(session, program.id, since):
        if (two[0], two[1]) not in made:
            for person_id in two:
                runs[person_id].add(run_id)
    return frozenset(one for one, asked in runs.items() if len(asked) >= MOST_ASKED)


def _each_other(pairs: Collection[Two]) -> Mapping[int, frozenset[int]]:
    known: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        known[one].add(other)
        known[other].add(one)
    return {one: frozenset(others) for one, others in known.items()}
