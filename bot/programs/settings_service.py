"""A program's settings: where a form begins, and how what was filled in is kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import next_monday
from bot.delivery import service as delivery
from bot.errors import UserFacingError
from bot.people import store as people_store
from bot.programs import changes_service as changes
from bot.programs import lifecycle, lifecycle_store, notes, rules, service, store
from bot.programs.lifecycle import Move, Verb
from bot.roles import Caller
from bot.runtime import Runtime
from bot.slack import installations
from bot.views import program_messages
from bot.views.modals.program import LONGEST_NAME, Filled
from bot.views.modals.program_settings import NAMES, ProgramSettings
from models import Invitation, Person, Program, ProgramManager, ProgramState, Sponsor
from prompts.library import Template

TIME_TO_JOIN = timedelta(weeks=2)
"""People hear of a program, think about it, and join; then come the pairs."""
TIME_TO_MATCH = timedelta(days=5)
"""Between the last day to join and the first day: time to match, and to look at the matches."""
SHARE_OF_MENTEES = 1 / 3
"""What the suggested mentee level aims at: enough leaders, and two mentors to choose from."""
DEFAULT_MENTEE_LEVEL = 4
TEAMS: Mapping[str, type[ProgramManager | Sponsor | Invitation]] = {
    "manager_slack_ids": ProgramManager,
    "sponsor_slack_ids": Sponsor,
    "invited_slack_ids": Invitation,
}
CONTACT = "support_contact_slack_id"
Team = Mapping[str, Person]
"""People by their Slack ids: everybody whom a form names."""


@dataclass(frozen=True)
class Form:
    """What a form begins with. `program` is None for a new one, which takes over `weights`."""

    settings: ProgramSettings
    departments: Sequence[str]
    program: Program | None = None
    weights: Mapping[str, int] = field(default_factory=dict)

    @property
    def fixed(self) -> frozenset[str]:
        return lifecycle.fixed(self.program.state) if self.program else frozenset()


async def from_template(
    session: AsyncSession, runtime: Runtime, caller: Caller, template: Template, channel_id: str
) -> Form:
    """Raises UserFacingError unless the caller may open programs here."""
    await service.require_may_open(session, caller)
    settings = ProgramSettings(
        name=await _free_name(session, template.name),
        purpose=template.purpose,
        topics=list(template.topics),
        mentee_from_level=await suggested_mentee_level(session),
        **_new_days(runtime),
        admin_channel_id=channel_id,
        manager_slack_ids=[caller.person.slack_user_id or ""],
    )
    settings = replace(settings, **template.settings)  # type: ignore[arg-type]  # checked at load
    return Form(settings, await lifecycle_store.departments(session), weights=template.weights)


async def from_program(session: AsyncSession, runtime: Runtime, program: Program) -> Form:
    """For another program like this one, with a name and days of its own. What counts in its
    matches goes with it."""
    settings = replace(
        await _settings_of(session, program),
        name=await _free_name(session, program.name),
        **_new_days(runtime),
    )
    return Form(settings, await lifecycle_store.departments(session), weights=program.weights)


async def of_program(session: AsyncSession, program: Program) -> Form:
    return Form(
        await _settings_of(session, program), await lifecycle_store.departments(session), program
    )


async def save_draft(
    session: AsyncSession, runtime: Runtime, caller: Caller, filled: Filled, team: Team
) -> Program:
    """Keeps a new program, of which nobody hears before it is launched. The caller is one of its
    managers. Raises UserFacingError with the field at fault."""
    await installations.lock(session)
    await service.require_may_open(session, caller)
    wanted = ProgramSettings(**filled.given)
    own_id = caller.person.slack_user_id or ""
    if own_id not in wanted.manager_slack_ids:
        wanted = replace(wanted, manager_slack_ids=[*wanted.manager_slack_ids, own_id])
    today = runtime.clock().date()
    rules.check(wanted, NAMES, None, ProgramState.DRAFT, today)
    await _check_name(session, wanted.name)
    program = Program(
        state=ProgramState.DRAFT, created_at=runtime.clock(), weights=dict(filled.weights)
    )
    team = {**team, own_id: caller.person}
    _keep(program, wanted, NAMES, team)
    session.add(program)
    await session.flush()
    for name in TEAMS:
        await _keep_team(session, program, wanted, name, team)
    await delivery.outdate_homes(session, runtime, await _managers(session, program))
    return program


async def save_changes(
    session: AsyncSession, runtime: Runtime, caller: Caller, filled: Filled, team: Team
) -> Program:
    """Keeps what this form has changed, and nothing else: of two managers who change different
    things at once, neither undoes the other's. Raises UserFacingError with the field at fault."""
    assert filled.program_id is not None, "a new program is a draft first"
    await installations.lock(session)
    await lifecycle_store.locked(session, filled.program_id)
    today = runtime.clock().date()
    program = await service.meant(session, caller, Verb.EDIT, today, program_id=filled.program_id)
    before, changed = await _settings_of(session, program), filled.changed
    wanted = replace(before, **changed)
    rules.check(wanted, changed, before, program.state, today)
    if "name" in changed and wanted.name != program.name:
        await _check_name(session, wanted.name)
    concerned = await _managers(session, program)
    _keep(program, wanted, changed, team)
    if "join_by" in changed and program.state is ProgramState.MATCHING:
        lifecycle.advance(program, Move.REOPEN)
    for name in TEAMS:
        if name in changed:
            new = await _keep_team(session, program, wanted, name, team)
            if name == "invited_slack_ids" and program.state is not ProgramState.DRAFT:
                await invite(session, runtime, program, new)
    await session.flush()
    await changes.tell(session, runtime, program, before)
    removed = concerned - (managers := await _managers(session, program))
    await changes.tell_removed(session, runtime, program, caller.person, removed)
    await changes.tell_of_approvals(session, runtime, program, caller.person, before)
    concerned |= managers
    joined = await lifecycle_store.taking_part(session, program.id)
    concerned |= {person.id for _, person in joined}
    await delivery.outdate_homes(session, runtime, concerned)
    return program


async def invite(
    session: AsyncSession, runtime: Runtime, program: Program, person_ids: Collection[int]
) -> None:
    """Asks these people, once, whether they want to join: nobody is signed up by that."""
    said = program_messages.invitation(runtime.library, program)
    people = await lifecycle_store.team(session, Invitation, program.id)
    now = runtime.clock()
    await delivery.queue(
        session,
        runtime,
        [
            notes.to_person(program, "invitation", "once", person, said, now)
            for person in people
            if person.id in person_ids
        ],
    )
    await delivery.outdate_homes(session, runtime, person_ids)


async def suggested_mentee_level(session: AsyncSession) -> int:
    """The level from which up about a third of the people are; mentees begin there."""
    levels = await people_store.levels(session)
    choices = sorted(set(levels))[1:]

    def distance(choice: int) -> float:
        return abs(sum(level >= choice for level in levels) / len(levels) - SHARE_OF_MENTEES)

    return min(choices, key=distance, default=DEFAULT_MENTEE_LEVEL)


def _new_days(runtime: Runtime) -> dict[str, Any]:
    """The days that are proposed for a new program. Where its form gives way to the one that
    launches it, Slack keeps what was entered under the same name."""
    starts_on = next_monday(runtime.clock().date() + TIME_TO_JOIN)
    return {"starts_on": starts_on, "join_by": starts_on - TIME_TO_MATCH}


async def _settings_of(session: AsyncSession, program: Program) -> ProgramSettings:
    own: dict[str, Any] = {
        name: getattr(program, name) for name in NAMES if name not in (*TEAMS, CONTACT)
    }
    contact = await support_contact(session, program)
    own[CONTACT] = (contact and contact.slack_user_id) or ""
    for name, table in TEAMS.items():
        people = await lifecycle_store.team(session, table, program.id)
        own[name] = [person.slack_user_id for person in people]
    return ProgramSettings(**own)


async def support_contact(session: AsyncSession, program: Program) -> Person | None:
    """Whom people of this program turn to who fear for themselves; None where nobody is named who
    works here and is in Slack."""
    if program.support_contact_id is None:
        return None
    contact = await session.get_one(Person, program.support_contact_id)
    return contact if contact.active and contact.slack_user_id else None


def _keep(program: Program, wanted: ProgramSettings, names: Collection[str], team: Team) -> None:
    for name in names:
        if name == CONTACT:
            chosen = wanted.support_contact_slack_id
            program.support_contact_id = team[chosen].id if chosen else None
        elif name not in TEAMS:
            setattr(program, name, getattr(wanted, name))


async def _keep_team(
    session: AsyncSession, program: Program, wanted: ProgramSettings, name: str, team: Team
) -> frozenset[int]:
    """Returns who is new among them."""
    person_ids = {team[slack_id].id for slack_id in getattr(wanted, name)}
    return await lifecycle_store.put_into_team(session, TEAMS[name], program.id, person_ids)


async def _check_name(session: AsyncSession, name: str) -> None:
    if await store.named(session, name):
        raise UserFacingError("program_exists", field="name", program=name)


async def _free_name(session: AsyncSession, name: str) -> str:
    """The name itself or, where it is in use, the first free one with a number behind it."""
    used, number, free = await lifecycle_store.names(session), 1, name
    while free in used:
        number += 1
        tail = f" {number}"
        free = name[: LONGEST_NAME - len(tail)] + tail
    return free


async def _managers(session: AsyncSession, program: Program) -> set[int]:
    return {person.id for person in await lifecycle_store.team(session, ProgramManager, program.id)}
