"""People in Slack: recognised when they use the app, and kept as Slack has them."""

from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import service as delivery
from bot.delivery import store as delivery_store
from bot.errors import UserFacingError
from bot.pairs import service as pairs
from bot.people import store
from bot.people.merge import takes_part
from bot.roles import Caller
from bot.runtime import Runtime
from bot.slack import installations
from bot.slack.errors import SlackError
from bot.slack.gateway import Profile
from models import Person

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


async def confirm(
    session: AsyncSession, runtime: Runtime, person: Person, level: int, manager_id: int | None
) -> None:
    """A program manager confirms the level and the manager (None: nobody is above them) that
    somebody has stated. Where HR has said the level meanwhile, HR's word stands, and nothing is
    changed.

    The reporting lines of those below move along, and pairs and roles follow, as at every change
    of people. Raises UserFacingError when the two would be above one another.
    """
    await installations.lock(session)
    await session.refresh(person)
    if person.level is not None:
        return
    above = await session.get(Person, manager_id) if manager_id is not None else None
    line = person.reporting_path
    if above is not None and above.reporting_path.startswith(line):
        raise UserFacingError("reporting_circle")
    person.level = level
    person.manager_id = manager_id
    await session.flush()
    top = above.reporting_path if above is not None else "/"
    await store.move_line(session, line, f"{top}{person.id}/")
    await session.refresh(person)
    await follow_levels(session, runtime)


async def follow_levels(session: AsyncSession, runtime: Runtime) -> int:
    """Called in the transaction of every change of levels: pairs that have become unsafe are
    paused, and whoever has none takes part on the side of their level. Returns how many are
    paused. Enrollments that the session has loaded do not notice."""
    paused = await pairs.pause_unsafe(session, runtime)
    moved = await store.roles_follow_levels(session)
    await delivery.outdate_homes(session, runtime, moved)
    return paused


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
