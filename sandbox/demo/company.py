"""The company that plays in the demo: made up, or an HR file with what it lacks made up.

Every name, address and time zone made here is invented; the level, department and manager of
somebody from a file are the file's.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bot.people.hr_file import HrFile
from sandbox.demo.names import CITIES, DEPARTMENTS, FAMILY_NAMES, GIVEN_NAMES, TITLES


@dataclass(frozen=True)
class Employee:
    """One employee. `level` is seniority, higher is more senior; HR has not heard yet of somebody
    who is not `known_to_hr`."""

    employee_id: str
    name: str
    email: str
    level: int
    department: str
    title: str
    manager_id: str
    time_zone: str
    left: bool = False
    known_to_hr: bool = True


HEADER = ("id", "name", "email", "level", "department", "title", "manager", "time_zone", "left")
CHIEF = 6
SPAN = 4
"""How many people report to one manager in a made-up company."""
NEWCOMERS = 4
"""So many of a made-up company have begun so recently that HR's records lack them."""
SMALL = 20
"""A company with fewer people has no newcomers."""


def made_up(count: int, seed: int) -> list[Employee]:
    """A company of `count` people in a tree of managers, most senior first."""
    random = Random(f"company {seed}")
    names = invented_names(count, random)
    company: list[Employee] = []
    for index, name in enumerate(names):
        manager = company[(index - 1) // SPAN] if index else None
        level = _level_below(manager.level, random) if manager else CHIEF
        department = DEPARTMENTS[index % len(DEPARTMENTS)]
        if manager is not None and manager.level < CHIEF:
            department = manager.department
        company.append(
            Employee(
                employee_id=f"E{index + 1:03}",
                name=name,
                email=invented_email(name, index),
                level=level,
                department=department,
                title=TITLES[level - 1],
                manager_id=manager.employee_id if manager else "",
                time_zone=random.choice(CITIES),
                known_to_hr=count < SMALL or index < count - NEWCOMERS,
            )
        )
    return company


def of_file(file: HrFile, seed: int) -> list[Employee]:
    """The people of an HR file; a name, address or time zone that it does not give is made up."""
    random = Random(f"company {seed}")
    names = invented_names(len(file.rows), random)
    return [
        Employee(
            employee_id=row.employee_id,
            name=row.name or name,
            email=row.email or invented_email(name, index),
            level=_known(row.level),
            department=row.department,
            title=row.title,
            manager_id=row.manager_employee_id or "",
            time_zone=row.time_zone or random.choice(CITIES),
            left=not row.active,
        )
        for index, (row, name) in enumerate(zip(file.rows, names, strict=True))
    ]


def invented_names(count: int, random: Random) -> list[str]:
    """Different names; once all combinations are used up, a number tells them apart."""
    every = [f"{given} {family}" for given in GIVEN_NAMES for family in FAMILY_NAMES]
    random.shuffle(every)
    return [
        every[index] if index < len(every) else f"{every[index % len(every)]} {index}"
        for index in range(count)
    ]


def invented_email(name: str, index: int) -> str:
    """An address in a domain that is nobody's (RFC 2606)."""
    plain = "".join(sign for sign in name.lower().replace(" ", ".") if sign.isascii())
    return f"{plain}.{index + 1}@example.com"


def to_csv(company: Sequence[Employee]) -> str:
    """Those HR knows as the file that HR would hand over, with the columns of HEADER."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for person in company:
        if not person.known_to_hr:
            continue
        writer.writerow(
            (
                person.employee_id,
                person.name,
                person.email,
                person.level,
                person.department,
                person.title,
                person.manager_id,
                person.time_zone,
                "yes" if person.left else "",
            )
        )
    return text.getvalue()


def _level_below(manager_level: int, random: Random) -> int:
    """The top three layers are one level each; below them levels mix, as they do."""
    return manager_level - 1 if manager_level >= CHIEF - 1 else random.randint(1, 3)


def _known(level: int | None) -> int:
    assert level is not None, "a row of a file without one is refused"
    return level
