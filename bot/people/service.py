"""People come from HR data and from Slack, and are one person in both."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserFacingError
from bot.pairs import service as pairs
from bot.people import store
from bot.people.hr_file import HrFile, HrRow
from bot.people.reporting_lines import reporting_paths
from bot.roles import Act, Actor, Caller, require
from bot.runtime import Runtime
from bot.slack import installations
from bot.slack.errors import SlackError
from bot.slack.gateway import Profile
from models import Person


@dataclass(frozen=True)
class Imported:
    """What an import did. `paused_pairs` are those that the new data made unsafe."""

    added: int
    updated: int
    unchanged: int
    paused_pairs: int


async def recognise(runtime: Runtime, team_id: str, slack_user_id: str) -> Person:
    """Who is behind a Slack user, by what HR gave us or, the first time, by the e-mail address.

    Somebody whom HR data does not know yet is kept without a level. Raises UserFacingError for
    bots, guests and people who have left, and when Slack cannot be asked.
    """
    workspace_id = await runtime.database.workspace_id(team_id)
    if workspace_id is None:
        raise UserFacingError("unknown_workspace")
    async with runtime.database.transaction(workspace_id) as session:
        person = await store.by_slack_user(session, slack_user_id)
    if person is None:
        profile = await _ask_slack(runtime, slack_user_id)
        person = await _meet(runtime, workspace_id, profile)
    if not person.active:
        raise UserFacingError("unknown_person")
    return person


async def with_workspace_rights(runtime: Runtime, person: Person) -> Caller:
    """Asks Slack, each time anew, whether the person administers the workspace."""
    profile = await _ask_slack(runtime, person.slack_user_id or "")
    return Caller(person, is_workspace_admin=profile.is_admin)


async def import_people(
    session: AsyncSession, runtime: Runtime, file: HrFile, actor: Actor
) -> Imported:
    """Brings the rows of an HR file in: all of them or, on an error, none.

    People are found again by their employee id, or by the e-mail address if Slack knew them first.
    Only fields that the file has a column for are changed. Pairs that the new levels or reporting
    lines make unsafe are paused in the same transaction.
    """
    require(Act.IMPORT_PEOPLE, [actor])
    await installations.lock(session)
    before = {person.id: _facts(person) for person in await store.everyone(session)}
    people = await _rows_to_people(session, file)
    await _set_managers(session, file, people)
    await _renew_reporting_paths(session)
    paused = await pairs.pause_unsafe(session, runtime)
    known = [person for person in people.values() if person.id in before]
    changed = sum(_facts(person) != before[person.id] for person in known)
    return Imported(len(people) - len(known), changed, len(known) - changed, paused)


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
            return await _link_or_add(session, profile)
    except IntegrityError:
        async with runtime.database.transaction(workspace_id) as session:
            return await _link_or_add(session, profile)


async def _link_or_add(session: AsyncSession, profile: Profile) -> Person:
    person = await store.by_slack_user(session, profile.slack_user_id)
    if person is None and profile.email:
        person = await store.unlinked_by_email(session, profile.email)
    if person is None:
        person = Person(email=profile.email, reporting_path="")
        session.add(person)
    person.slack_user_id = profile.slack_user_id
    person.name = profile.name
    person.time_zone = profile.time_zone
    await session.flush()
    person.reporting_path = person.reporting_path or f"/{person.id}/"
    return person


async def _rows_to_people(session: AsyncSession, file: HrFile) -> dict[str, Person]:
    """The people of the rows by employee id, in the session, with everything but their manager."""
    known = await store.everyone(session)
    by_id = {person.employee_id: person for person in known if person.employee_id}
    from_slack = _known_to_slack_alone(known, file)
    people = {}
    for row in file.rows:
        person, in_slack = by_id.get(row.employee_id), from_slack.get(row.email or "")
        if person is None:
            person = in_slack or Person(name="", reporting_path="")
            session.add(person)
        elif in_slack is not None and person.slack_user_id is None:
            await _make_one(session, person, in_slack)
        _take_over(person, row, file.fields)
        people[row.employee_id] = person
    await session.flush()
    return people


def _known_to_slack_alone(known: Sequence[Person], file: HrFile) -> dict[str, Person]:
    """Those whom only Slack knows, by their address, if HR gives it to nobody or to one person: a
    shared one says nothing about who somebody is."""
    by_hr = {person.employee_id: person.email for person in known if person.employee_id}
    times = Counter((by_hr | {row.employee_id: row.email for row in file.rows}).values())
    return {
        person.email: person
        for person in known
        if not person.employee_id and person.email and times[person.email] <= 1
    }


async def _make_one(session: AsyncSession, person: Person, in_slack: Person) -> None:
    """Somebody came by Slack before HR gave their address: HR's record takes over the account and
    the programs managed with it. There is nothing else, as nobody joins without a level."""
    slack_user_id = in_slack.slack_user_id
    await store.hand_programs_over(session, in_slack, person)
    await session.delete(in_slack)
    await session.flush()
    person.slack_user_id = slack_user_id


def _take_over(person: Person, row: HrRow, fields: frozenset[str]) -> None:
    person.employee_id = row.employee_id
    person.level = row.level
    for field in fields & {"name", "email", "department", "title"}:
        setattr(person, field, getattr(row, field))
    if row.time_zone is not None:
        person.time_zone = row.time_zone
    if "left" in fields:
        person.active = row.active


async def _set_managers(session: AsyncSession, file: HrFile, people: dict[str, Person]) -> None:
    """The manager as written, if anybody has that id, in this file or from an earlier one; else the
    next one up whom the file could make out. A manager nobody knows leaves the one we have in
    place: a reporting line is never forgotten because of a gap in a file."""
    if "manager" not in file.fields:
        return
    everyone = await store.everyone(session)
    known = {person.employee_id: person for person in everyone if person.employee_id}
    for row in file.rows:
        person = people[row.employee_id]
        if not row.written_manager:
            person.manager_id = None
            continue
        manager = known.get(row.written_manager) or known.get(row.manager_employee_id or "")
        if manager is not None:
            person.manager_id = manager.id


async def _renew_reporting_paths(session: AsyncSession) -> None:
    everyone = await store.everyone(session)
    paths = reporting_paths({person.id: person.manager_id for person in everyone})
    for person in everyone:
        person.reporting_path = paths[person.id]
    await session.flush()


def _facts(person: Person) -> Sequence[object]:
    return (
        person.employee_id,
        person.name,
        person.email,
        person.level,
        person.department,
        person.title,
        person.time_zone,
        person.manager_id,
        person.active,
    )
