"""What people say of themselves, for all their programs; and whom they would rather avoid."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.enrollment import avoided, store
from bot.errors import UserFacingError
from bot.roles import Act, Actor, require
from bot.runtime import Runtime
from bot.slack.errors import Gone, SlackError
from bot.views.modals.profile import About
from models import Person, Profile

AT_ONCE = 1000
"""People in one query."""


async def require_people(runtime: Runtime, person: Person, slack_ids: Sequence[str]) -> None:
    """Asks Slack about those of these users whom we don't know. Nothing is kept of it: whoever is
    avoided must not come into the database by that.

    Raises UserFacingError with the field of the form for bots and guests.
    """
    async with runtime.database.transaction(person.workspace_id) as session:
        known = {slack_id for slack_id, _, _ in await store.slack_users(session, slack_ids)}
    for slack_id in slack_ids:
        if slack_id not in known and not await _may_take_part(runtime, slack_id):
            raise UserFacingError("avoided_unknown", field="avoided")


async def about(session: AsyncSession, runtime: Runtime, person: Person) -> About:
    """What the person has said, for their own form and for nobody else."""
    kept = await store.profile(session, person.id)
    if kept is None:
        return About()
    names = avoided.opened(runtime.vault, person.id, kept.avoided)
    return About(
        strengths=tuple(kept.strengths),
        interests=tuple(kept.interests),
        learning_style=kept.learning_style,
        means=tuple(kept.means),
        frequency=kept.frequency,
        works_from=kept.works_from,
        works_to=kept.works_to,
        hours_a_month=kept.hours_a_month,
        avoided=tuple(sorted(await _shown(session, names))),
    )


async def keep(session: AsyncSession, runtime: Runtime, person: Person, said: About) -> None:
    """Everything is written anew each time, so that nothing shows what has changed. Those on the
    list who have left are not in the form, and stay on the list.

    The caller holds the person locked.
    """
    kept = await store.profile(session, person.id)
    names = {*said.avoided} - {person.slack_user_id}
    if kept is None:
        kept = Profile(person_id=person.id)
        session.add(kept)
    else:
        before = avoided.opened(runtime.vault, person.id, kept.avoided)
        names |= before - await _shown(session, before)
    kept.strengths = list(said.strengths)
    kept.interests = list(said.interests)
    kept.avoided = avoided.sealed(runtime.vault, person.id, names)
    kept.learning_style = said.learning_style
    kept.means = list(said.means)
    kept.frequency = said.frequency
    kept.works_from, kept.works_to = said.works_from, said.works_to
    kept.hours_a_month = said.hours_a_month
    await session.flush()


async def change(session: AsyncSession, runtime: Runtime, person: Person, said: About) -> None:
    """The form of its own: the rest of what somebody answered stays as it is."""
    require(Act.JOIN, [Actor.PARTICIPANT])
    await store.lock_person(session, person.id)
    await keep(session, runtime, person, said)


async def avoided_by(
    session: AsyncSession, runtime: Runtime, person_ids: Sequence[int]
) -> Mapping[int, frozenset[int]]:
    """For the matching alone: whom each of these people would rather not be paired with, of those
    who are known here. Neither the one nor the other may learn of it from what follows."""
    lists: dict[int, frozenset[str]] = {}
    for start in range(0, len(person_ids), AT_ONCE):
        some = await store.avoided(session, person_ids[start : start + AT_ONCE])
        lists |= {one: avoided.opened(runtime.vault, one, kept) for one, kept in some.items()}
    named = sorted(frozenset().union(*lists.values()))
    ids: dict[str, int] = {}
    for start in range(0, len(named), AT_ONCE):
        found = await store.slack_users(session, named[start : start + AT_ONCE])
        ids |= {slack_id: person_id for slack_id, person_id, _ in found}
    return {
        person_id: frozenset(ids[slack_id] for slack_id in slack_ids if slack_id in ids)
        for person_id, slack_ids in lists.items()
    }


async def _shown(session: AsyncSession, slack_ids: frozenset[str]) -> frozenset[str]:
    """Slack's menu offers nobody whose account is closed."""
    gone = {
        slack_id
        for slack_id, _, active in await store.slack_users(session, slack_ids)
        if not active
    }
    return slack_ids - gone


async def _may_take_part(runtime: Runtime, slack_id: str) -> bool:
    try:
        return (await runtime.slack.profile(slack_id)).can_take_part
    except Gone:
        return False
    except SlackError:
        raise UserFacingError("slack_unavailable") from None
