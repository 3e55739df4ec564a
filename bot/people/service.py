"""People in Slack: recognised when they use the app, and kept as Slack has them."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import working_hour
from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.delivery.service import Outgoing
from bot.errors import UserFacingError
from bot.pairs import service as pairs
from bot.people import store
from bot.people.merge import takes_part
from bot.roles import Caller
from bot.runtime import Runtime
from bot.slack import installations
from bot.slack.errors import SlackError
from bot.slack.gateway import Profile
from bot.views import enrollment_messages
from models import Enrollment, IfInDoubt, Person, Program

LONGEST_NAME = 200


async def recognise(runtime: Runtime, team_id: str, slack_user_id: str) -> Person:
    """Who is behind a Slack user, by what HR gave us or, the first time, by the e-mail address.

    Slack is asked again about an account that was closed when we last heard of it. Somebody whom
    HR data does not know yet is kept without a level. Raises UserFacingError for bots, guests and
    people who have left, and when Slack cannot be asked.
    """
    workspace_id = await runtime.database.workspace_id(team_id)
    if workspace_id is None:
        raise UserFacingError("unknown_workspace")
    async with runtime.database.transaction(workspace_id) as session:
        person = await store.by_slack_user(session, slack_user_id)
    if person is None or person.account_closed:
        profile = await _ask_slack(runtime, slack_user_id)
        person = await _meet(runtime, workspace_id, profile)
    if not person.active:
        raise UserFacingError("unknown_person")
    return person


async def known(
    runtime: Runtime, workspace_id: int, slack_user_ids: Collection[str]
) -> dict[str, Person]:
    """Those of these Slack users who take part and about whom Slack need not be asked."""
    async with runtime.database.transaction(workspace_id) as session:
        found = await store.by_slack_users(session, slack_user_ids)
    return {person.slack_user_id or "": person for person in found if person.active}


async def with_workspace_rights(runtime: Runtime, person: Person) -> Caller:
    """Asks Slack, each time anew, whether the person administers the workspace."""
    profile = await _ask_slack(runtime, person.slack_user_id or "")
    return Caller(person, is_workspace_admin=profile.is_admin)


async def follow_slack(
    session: AsyncSession, runtime: Runtime, event_id: str, profile: Profile, *, joined: bool
) -> None:
    """Slack says what somebody's account is like now: what we keep of it stays current. Whoever's
    account is closed takes part no more, and does again when it is opened again.

    Somebody we do not know is let be, unless they have just joined and HR knows them by their
    address. Older news than we have, and news we have had, change nothing.
    """
    person = await store.by_slack_user(session, profile.slack_user_id)
    if person is None and joined and profile.can_take_part and profile.email:
        person = await store.unlinked_by_email(session, profile.email)
    if person is None:
        return
    today = runtime.clock().date()
    if profile.updated < person.slack_updated:
        return
    if not _news(person, profile, today):
        person.slack_updated = profile.updated
        return
    await installations.lock(session)
    await session.refresh(person)
    if await delivery_store.note_event(session, event_id, runtime.clock()):
        _take_over(person, profile, today)
        await session.flush()
        await pairs.pause_unsafe(session, runtime)
        await outdate_homes(session, runtime, [person.id])


async def confirm(
    session: AsyncSession,
    runtime: Runtime,
    person: Person,
    level: int | None,
    manager_id: int | None,
) -> None:
    """A program manager confirms the level and the manager that somebody has stated (None: they
    stated none). Of each, HR's word stands where there is one by now.

    The reporting lines of those below move along, and pairs and roles follow, as at every change
    of people. Raises UserFacingError when the two would be above one another.
    """
    await installations.lock(session)
    await session.refresh(person)
    stood = (person.level, person.manager_id)
    if person.level is None:
        person.level = level
    if person.manager_id is None and manager_id is not None:
        await _put_below(session, person, await session.get_one(Person, manager_id))
    await session.flush()
    has_moved = (person.level, person.manager_id) != stood
    await follow_levels(session, runtime, [person.id] if has_moved else [])


async def outdate_homes(
    session: AsyncSession, runtime: Runtime, person_ids: Collection[int]
) -> None:
    """Of these people, of whom we know something else now, and of those who run their programs."""
    managers = await store.managers_of(session, person_ids)
    await delivery.outdate_homes(session, runtime, {*person_ids, *managers})


async def follow_levels(session: AsyncSession, runtime: Runtime, moved: Collection[int]) -> int:
    """Called in the transaction of every change of levels and managers, with the people whose own
    has changed: pairs that have become unsafe are paused, and whoever has none takes part on the
    side of their level, and is told so. Returns how many are paused. Enrollments that the session
    has loaded do not notice."""
    paused = await pairs.pause_unsafe(session, runtime, moved)
    moved = await store.roles_follow_levels(session)
    told = await store.to_be_told(session, moved.keys())
    notes = [_other_side(runtime, *one) for one in told]
    await delivery.queue(session, runtime, notes)
    await delivery.outdate_homes(session, runtime, moved.values())
    return paused


def _other_side(
    runtime: Runtime, enrolled: Enrollment, program: Program, person: Person
) -> Outgoing:
    """Said each time that somebody changes sides, at an hour at which they work."""
    return Outgoing(
        dedupe_key=f"other_side:{enrolled.id}:{runtime.new_key()}",
        kind="other_side",
        recipient=person.slack_user_id or "",
        message=enrollment_messages.other_side(runtime.library, program, enrolled),
        if_in_doubt=IfInDoubt.SEND_AGAIN,
        workspace_id=program.workspace_id,
        not_before=working_hour(runtime.clock(), person.time_zone),
    )


async def _put_below(session: AsyncSession, person: Person, above: Person) -> None:
    line = person.reporting_path
    if above.reporting_path.startswith(line):
        raise UserFacingError("reporting_circle")
    person.manager_id = above.id
    await session.flush()
    await store.move_line(session, line, f"{above.reporting_path}{person.id}/")
    await session.refresh(person)


async def _ask_slack(runtime: Runtime, slack_user_id: str) -> Profile:
    try:
        profile = await runtime.slack.profile(slack_user_id)
    except SlackError:
        raise UserFacingError("slack_unavailable") from None
    if not profile.can_take_part:
        raise UserFacingError("unknown_person")
    return profile


async def _meet(runtime: Runtime, workspace_id: int, profile: Profile) -> Person:
    """Of two first commands at once, the second finds the person whom the first has added."""
    try:
        async with runtime.database.transaction(workspace_id) as session:
            return await _link_or_add(session, profile, runtime.clock().date())
    except IntegrityError:
        async with runtime.database.transaction(workspace_id) as session:
            return await _link_or_add(session, profile, runtime.clock().date())


async def _link_or_add(session: AsyncSession, profile: Profile, today: date) -> Person:
    person = await store.by_slack_user(session, profile.slack_user_id)
    if person is None and profile.email:
        person = await store.unlinked_by_email(session, profile.email)
    if person is None:
        person = Person(name="", time_zone="UTC", locale="", has_left=False, reporting_path="")
        session.add(person)
    _take_over(person, profile, today)
    await session.flush()
    person.reporting_path = person.reporting_path or f"/{person.id}/"
    return person


def _take_over(person: Person, profile: Profile, today: date) -> None:
    for name, value in _news(person, profile, today).items():
        setattr(person, name, value)
    person.slack_updated = profile.updated


def _news(person: Person, profile: Profile, today: date) -> dict[str, object]:
    """What the profile changes of the person. Of a closed account Slack leaves most things out, so
    there the rest stays as it was."""
    closed = not profile.can_take_part
    days = (person.starts_on, person.ends_on)
    now: dict[str, object] = {
        "slack_user_id": profile.slack_user_id,
        "account_closed": closed,
        "active": takes_part(person.has_left, closed, *days, today),
    }
    if not closed:
        now |= {
            "name": profile.name[:LONGEST_NAME] or person.name,
            "email": profile.email or person.email,
            "time_zone": profile.time_zone or person.time_zone,
            "locale": profile.locale or person.locale,
        }
    return {name: value for name, value in now.items() if getattr(person, name) != value}
