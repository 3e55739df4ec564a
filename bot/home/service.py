"""Homes: published when somebody looks at theirs, and anew when something on it has changed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.enrollment import store as enrollment_store
from bot.errors import UserFacingError
from bot.home import facts, store
from bot.home.store import Claim
from bot.log import get_logger
from bot.pairs import store as pair_store
from bot.pairs.store import Partnership
from bot.people import service as people
from bot.programs import store as program_store
from bot.runtime import Runtime
from bot.slack.errors import Gone, InDoubt, SlackError, TryLater
from bot.views import home
from bot.views.blocks import Block
from bot.views.home_facts import HomeFacts, ManagedProgram, OwnPair
from models import Person, Program, ProgramState

SETTLE = timedelta(seconds=3)
"""Changes often come in several: a Home waits so long after the first of them, and is published at
most once in that time."""
LEASE = timedelta(minutes=1)
"""Longer than a call that hits the client's time-out."""
DOUBT_WAIT = timedelta(minutes=1)


async def opened(runtime: Runtime, team_id: str, slack_user_id: str) -> None:
    """Somebody looks at their Home. Whoever cannot take part reads why, and nothing is kept of
    them. Never raises SlackError: what Slack does not take now, the ticker tries again."""
    try:
        person = await people.recognise(runtime, team_id, slack_user_id)
    except UserFacingError as error:
        sentence = runtime.library.say(f"errors.{error.key}", **error.values)
        await _publish_to_stranger(runtime, slack_user_id, sentence)
        return
    async with runtime.database.transaction(person.workspace_id) as session:
        claim = await store.claim_opened(session, person, runtime.clock(), SETTLE, LEASE)
    if claim is not None:
        await _publish(runtime, claim)


async def publish_outdated(runtime: Runtime) -> int:
    """Publishes the Homes on which something has changed; returns how many. When Slack asks for
    patience, or does not answer, the rest waits for another tick."""
    published = 0
    while True:
        async with runtime.database.transaction_across_workspaces() as session:
            claim = await store.claim_outdated(session, runtime.clock(), SETTLE, LEASE)
        if claim is None:
            return published
        refused = await _publish(runtime, claim)
        if isinstance(refused, (TryLater, InDoubt)):
            return published
        published += refused is None


async def _publish(runtime: Runtime, claim: Claim) -> SlackError | None:
    """Publishes one Home as it is now; returns what Slack had against it."""
    async with runtime.database.transaction(claim.workspace_id) as session:
        person = await store.person(session, claim.person_id)
        view = await _view(session, runtime, person)
    refused = None
    try:
        await runtime.slack.publish_home(person.slack_user_id or "", view)
    except SlackError as error:
        refused = error
    async with runtime.database.transaction(claim.workspace_id) as session:
        await _write_down(session, runtime, claim, refused)
    return refused


async def _write_down(
    session: AsyncSession, runtime: Runtime, claim: Claim, refused: SlackError | None
) -> None:
    """What Slack does not take for a reason of ours it would not take a second time either: the
    Home waits for the next change of it."""
    now = runtime.clock()
    if refused is not None:
        get_logger().warning("home_refused", home=claim.home_id, code=refused.code)
    match refused:
        case None:
            await store.settle(session, claim, now, published=True)
        case TryLater():
            await store.put_off(session, claim, now + timedelta(seconds=refused.seconds))
        case InDoubt():
            await store.put_off(session, claim, now + DOUBT_WAIT)
        case Gone():
            await store.forget(session, claim)
        case _:
            await store.settle(session, claim, now, published=False)


async def _publish_to_stranger(runtime: Runtime, slack_user_id: str, sentence: str) -> None:
    try:
        await runtime.slack.publish_home(slack_user_id, home.of_stranger(runtime.library, sentence))
    except SlackError as error:
        get_logger().warning("home_refused", code=error.code)


async def _view(session: AsyncSession, runtime: Runtime, person: Person) -> Block:
    if not person.active:
        sentence = runtime.library.say("errors.unknown_person")
        return home.of_stranger(runtime.library, sentence)
    return home.of_person(runtime.library, await facts_for(session, runtime, person))


async def facts_for(session: AsyncSession, runtime: Runtime, person: Person) -> HomeFacts:
    """What the person's Home tells them: a fixed number of queries, however many programs and pairs
    there are."""
    now = runtime.clock()
    today = now.date()
    enrolled = await enrollment_store.of_person(session, person.id)
    partnerships = await pair_store.of_person(session, person.id)
    managed = await program_store.managed_by(session, person.id)
    return HomeFacts(
        today=today,
        programs=facts.own_programs(
            enrolled, partnerships, await store.places(session, person.id), today
        ),
        pairs=await _own_pairs(session, person, partnerships, now),
        to_join=facts.to_join(
            await enrollment_store.joinable(session, today),
            person,
            known={program.id for program in managed} | {program.id for _, program in enrolled},
            invited=await enrollment_store.invited_to(session, person.id),
        ),
        managed=await _managed(session, managed, today),
    )


async def _own_pairs(
    session: AsyncSession, person: Person, partnerships: Sequence[Partnership], now: datetime
) -> list[OwnPair]:
    living = [found for found in partnerships if found.pair.state not in facts.OVER]
    pair_ids = [found.pair.id for found in living]
    said = facts.PairFigures(
        met=await store.meetings(session, pair_ids),
        goals=await store.goals(session, pair_ids),
        next_at=await store.next_prompts(session, pair_ids, now),
    )
    return [facts.own_pair(found, person, said, now.date()) for found in living]


async def _managed(
    session: AsyncSession, programs: Sequence[Program], today: date
) -> list[ManagedProgram]:
    going_on = [program for program in programs if program.state is not ProgramState.CLOSED]
    program_ids = [program.id for program in going_on]
    counted = facts.ProgramFigures(
        enrolled=await store.enrollments(session, program_ids),
        waiting=await store.waiting(session, program_ids),
        pairs=await store.pairs(session, program_ids),
        runs=await store.runs(session, program_ids),
    )
    return [facts.managed(program, counted, today) for program in going_on]
