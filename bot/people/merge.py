"""What HR says and what we know, put together. Pure: knows no database.

Once somebody is known in Slack, their name, address, time zone and language are Slack's: those are
their own, and today's. Everything else about work is HR's.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bot.people.hr_file import HrFile, HrRow
from bot.people.reporting_lines import reporting_paths


class Facts(NamedTuple):
    """All that is kept of a person, with what holds of somebody new; the columns of
    `models.Person` but the workspace."""

    id: int
    employee_id: str | None = None
    slack_user_id: str | None = None
    name: str = ""
    email: str | None = None
    level: int | None = None
    department: str = ""
    title: str = ""
    time_zone: str = "UTC"
    manager_id: int | None = None
    reporting_path: str = ""
    active: bool = True
    locale: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    has_left: bool = False
    account_closed: bool = False
    slack_updated: int = 0


OF_SLACK = (
    "slack_user_id",
    "name",
    "email",
    "time_zone",
    "locale",
    "account_closed",
    "slack_updated",
)
SHOWN_WITH_VALUES = ("level", "starts_on", "ends_on")


@dataclass(frozen=True)
class Match:
    """Whom the rows mean, by employee id. `twice` are people whom only Slack knew so far, and who
    turn out to be somebody we have from HR as well: the one who stays, by the one who goes. `new`
    are rows of people we did not know."""

    known: Mapping[str, int]
    twice: Mapping[int, int]
    new: Sequence[HrRow]


@dataclass(frozen=True)
class Change:
    """What a row changes. `kind` is "new", "leaves", "comes_back" or "changed"; `fields` are what
    differs, with the old and the new value where neither says who somebody is."""

    line: int
    employee_id: str
    kind: str
    fields: tuple[str, ...] = ()


def takes_part(
    has_left: bool, account_closed: bool, starts_on: date | None, ends_on: date | None, today: date
) -> bool:
    """Whether somebody may take part today. Both days are days at work."""
    gone = has_left or account_closed
    return not gone and (starts_on or today) <= today <= (ends_on or today)


def match(people: Iterable[Facts], file: HrFile) -> Match:
    """People are found again by their employee id, or by the address if Slack knew them first."""
    people = list(people)
    by_hr = {person.employee_id: person for person in people if person.employee_id}
    from_slack = _known_to_slack_alone(people, file)
    known, twice, new = {}, {}, []
    for row in file.rows:
        person, in_slack = by_hr.get(row.employee_id), from_slack.get(row.email or "")
        if person is not None:
            known[row.employee_id] = person.id
            if in_slack is not None and person.slack_user_id is None:
                known[row.employee_id] = twice[person.id] = in_slack.id
        elif in_slack is not None:
            known[row.employee_id] = in_slack.id
        else:
            new.append(row)
    return Match(known, twice, new)


def as_who_stays(people: Mapping[int, Facts], twice: Mapping[int, int]) -> dict[int, Facts]:
    """Everybody once, as HR had them: whoever is there twice has the id of the one who stays, which
    is also what others say of their manager."""
    from_hr = {stays: people[goes]._replace(id=stays) for goes, stays in twice.items()}
    once = {id_: from_hr.get(id_, one) for id_, one in people.items() if id_ not in twice}
    for id_, person in once.items():
        if (manager_id := twice.get(person.manager_id or 0)) is not None:
            once[id_] = person._replace(manager_id=manager_id)
    return once


def united(
    before: Mapping[int, Facts], known: Mapping[int, Facts], twice: Mapping[int, int]
) -> dict[int, Facts]:
    """Everybody `before` the file, HR's and Slack's records of one person in one."""
    both = {stays: _one_of(before[stays], known[stays], twice) for stays in twice.values()}
    return {**before, **both}


def settle(
    people: Mapping[int, Facts],
    file: HrFile,
    ids: Mapping[str, int],
    today: date,
    confirmed: Collection[int] = (),
) -> dict[int, Facts]:
    """Everybody as they are after the file; `ids` says which person each row is. Only fields that
    the file has a column for are changed, and a level that it does not know stays. So does the
    manager of those `confirmed`, where the file names none: it was never HR's to take back."""
    after = dict(people)
    for row in file.rows:
        person = people[ids[row.employee_id]]
        after[person.id] = _taken_over(person, row, file.fields, today)
    if "manager" in file.fields:
        for person_id, manager_id in _managers(after, file, ids):
            if manager_id is not None or person_id not in confirmed:
                after[person_id] = after[person_id]._replace(manager_id=manager_id)
    paths = reporting_paths({person.id: person.manager_id for person in after.values()})
    for person in after.values():
        if person.reporting_path != paths[person.id]:
            after[person.id] = person._replace(reporting_path=paths[person.id])
    return after


def managers_said(
    people: Mapping[int, Facts], file: HrFile, ids: Mapping[str, int]
) -> tuple[frozenset[int], frozenset[int]]:
    """Those whose manager the file says, and those of whom it says that they have none."""
    if "manager" not in file.fields:
        return frozenset(), frozenset()
    found = dict(_managers(people, file, ids))
    said = frozenset(person_id for person_id, manager_id in found.items() if manager_id is not None)
    return said, frozenset(found) - said


def changes(
    before: Mapping[int, Facts], after: Mapping[int, Facts], file: HrFile, ids: Mapping[str, int]
) -> Iterator[Change]:
    """What becomes of each row's person, in the order of the file; rows that change nothing are
    left out. `before` has no new people in it."""
    for row in file.rows:
        new = after[ids[row.employee_id]]
        old = before.get(new.id)
        if old is None:
            yield Change(row.line, row.employee_id, "new")
        elif old.active != new.active:
            yield Change(row.line, row.employee_id, "comes_back" if new.active else "leaves")
        elif fields := tuple(_differences(old, new)):
            yield Change(row.line, row.employee_id, "changed", fields)


def _known_to_slack_alone(known: Sequence[Facts], file: HrFile) -> dict[str, Facts]:
    """Those whom only Slack knows, by their address, if HR gives it to nobody or to one person: a
    shared one says nothing about who somebody is."""
    by_hr = {person.employee_id: person.email for person in known if person.employee_id}
    times = Counter((by_hr | {row.employee_id: row.email for row in file.rows}).values())
    return {
        person.email: person
        for person in known
        if not person.employee_id and person.email and times[person.email] <= 1
    }


def _one_of(from_hr: Facts, in_slack: Facts, twice: Mapping[int, int]) -> Facts:
    """The account is the one in Slack's; a level or a manager that a program manager has confirmed
    holds where HR says nothing. Nobody is their own manager."""
    manager_id = from_hr.manager_id or in_slack.manager_id
    manager_id = twice.get(manager_id or 0, manager_id)
    return from_hr._replace(
        **{name: getattr(in_slack, name) for name in OF_SLACK},
        level=in_slack.level if from_hr.level is None else from_hr.level,
        manager_id=None if manager_id == from_hr.id else manager_id,
    )


def _taken_over(person: Facts, row: HrRow, fields: frozenset[str], today: date) -> Facts:
    in_slack = person.slack_user_id is not None
    has_left = not row.active if "left" in fields else person.has_left
    starts_on = row.starts_on if "start" in fields else person.starts_on
    ends_on = row.ends_on if "end" in fields else person.ends_on
    return person._replace(
        employee_id=row.employee_id,
        name=row.name if "name" in fields and not in_slack else person.name,
        email=row.email if "email" in fields and not in_slack else person.email,
        level=person.level if row.level is None else row.level,
        department=row.department if "department" in fields else person.department,
        title=row.title if "title" in fields else person.title,
        time_zone=row.time_zone if row.time_zone and not in_slack else person.time_zone,
        starts_on=starts_on,
        ends_on=ends_on,
        has_left=has_left,
        active=takes_part(has_left, person.account_closed, starts_on, ends_on, today),
    )


def _managers(
    people: Mapping[int, Facts], file: HrFile, ids: Mapping[str, int]
) -> Iterator[tuple[int, int | None]]:
    """The manager as written, if anybody has that id, in this file or from an earlier one; else the
    next one up whom the file could make out. A manager nobody knows leaves the one we have in
    place: a reporting line is never forgotten because of a gap in a file."""
    known = {person.employee_id: person.id for person in people.values() if person.employee_id}
    for row in file.rows:
        if not row.written_manager:
            yield ids[row.employee_id], None
            continue
        manager = known.get(row.written_manager) or known.get(row.manager_employee_id or "")
        if manager is not None:
            yield ids[row.employee_id], manager


def _differences(old: Facts, new: Facts) -> Iterator[str]:
    """What differs, but the path: it changes with somebody else's manager too."""
    for name in Facts._fields:
        before, now = getattr(old, name), getattr(new, name)
        if before == now or name == "reporting_path":
            continue
        field = name.removesuffix("_id").removesuffix("s_on")
        yield f"{field} {before} → {now}" if name in SHOWN_WITH_VALUES else field
