"""People come in from HR data, and their days come and go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from bot.bulk import hand_over
from bot.pairs import service as pairs
from bot.people import merge, service, store
from bot.people.hr_file import HrFile
from bot.people.merge import Change, Facts
from bot.people.progress import STEP, Tell, quietly
from bot.roles import Act, Actor, require
from bot.runtime import Runtime
from bot.slack import installations
from models import Person


@dataclass(frozen=True)
class Imported:
    """What an import did. `leaving` are those among the changed who take no part any more,
    `paused_pairs` the pairs that the new data made unsafe, and `kept_managers` the people whose
    manager a program manager has confirmed and the file does not know."""

    added: int
    updated: int
    unchanged: int
    paused_pairs: int
    leaving: int = 0
    kept_managers: int = 0
    changes: tuple[Change, ...] = field(default=(), compare=False)


async def import_people(
    session: AsyncSession, runtime: Runtime, file: HrFile, actor: Actor, tell: Tell = quietly
) -> Imported:
    """Brings the rows of an HR file in: all of them or, on an error, none. A transaction that is
    rolled back afterwards makes it a preview.

    Who is who and what changes is `bot.people.merge`'s to say. Pairs that the new levels, reporting
    lines or days make unsafe are paused in the same transaction.
    """
    require(Act.IMPORT_PEOPLE, [actor])
    await installations.lock(session)
    known = await store.everyone(session)
    found = merge.match(known.values(), file)
    before = merge.as_who_stays(known, found.twice)
    people = merge.united(before, known, found.twice)
    await _forget_twice(session, found.twice)
    ids = {**found.known, **await _add(session, [row.employee_id for row in found.new], tell)}
    people |= {id_: Facts(id_, one) for one, id_ in ids.items() if id_ not in people}
    stated = await store.stated_managers(session)
    confirmed = {one for one, manager_id in stated if people[one].manager_id == manager_id}
    after = merge.settle(people, file, ids, runtime.clock().date(), confirmed)
    said, none = merge.managers_said(after, file, ids)
    await store.forget_stated_managers(session, said.intersection(one for one, _ in stated))
    changed = [facts for facts in after.values() if facts != known.get(facts.id)]
    await _save(session, changed, tell)
    await service.outdate_homes(session, runtime, [facts.id for facts in changed])
    paused = await service.follow_levels(session, runtime, _moved(changed, known))
    changes = tuple(merge.changes(before, after, file, ids))
    return Imported(
        added=len(found.new),
        updated=len(changes) - len(found.new),
        unchanged=len(file.rows) - len(changes),
        paused_pairs=paused,
        leaving=sum(change.kind == "leaves" for change in changes),
        kept_managers=len(confirmed & none),
        changes=changes,
    )


async def follow_dates(runtime: Runtime) -> int:
    """Whoever's first day has come takes part, and whoever's last day (in UTC) has passed does not
    any more. Returns how many."""
    today = runtime.clock().date()
    async with runtime.database.transaction_across_workspaces() as session:
        workspace_ids = await store.workspaces_of_the_day(session, today)
    followed = 0
    for workspace_id in workspace_ids:
        async with runtime.database.transaction(workspace_id) as session:
            await installations.lock(session)
            people = await store.of_the_day(session, today)
            for person in people:
                person.active = not person.active
            await session.flush()
            await pairs.pause_unsafe(session, runtime)
            await service.outdate_homes(session, runtime, [person.id for person in people])
            followed += len(people)
    return followed


def _moved(changed: Iterable[Facts], known: Mapping[int, Facts]) -> list[int]:
    """Those whose level or manager is another than was `known`."""
    return [
        facts.id
        for facts in changed
        if (before := known.get(facts.id)) is not None
        and (before.level, before.manager_id) != (facts.level, facts.manager_id)
    ]


async def _forget_twice(session: AsyncSession, twice: Mapping[int, int]) -> None:
    """Whom only Slack knew takes over what refers to HR's record of them. That one goes before they
    are saved, as an employee id is there once."""
    if twice:
        await hand_over(session, Person, twice)
        await store.forget(session, list(twice))


async def _add(session: AsyncSession, employee_ids: list[str], tell: Tell) -> dict[str, int]:
    ids: dict[str, int] = {}
    for start in range(0, len(employee_ids), STEP):
        ids |= await store.add_known_to_hr(session, employee_ids[start : start + STEP])
        tell("adding", len(ids), len(employee_ids))
    return ids


async def _save(session: AsyncSession, changed: list[Facts], tell: Tell) -> None:
    for start in range(0, len(changed), STEP):
        await store.save(session, changed[start : start + STEP])
        tell("writing", min(start + STEP, len(changed)), len(changed))
