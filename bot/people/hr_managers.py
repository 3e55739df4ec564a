"""Whether the managers an HR file names can be trusted to keep people out of each other's line."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.people.hr_row import HrRow, RowProblem
from bot.people.import_errors import FileError
from bot.people.reporting_lines import depths, find_cycles

DEEPEST = 250
"""People from the top down in one reporting line at most. No company is so deep, but a wrong
column can be, and its paths would fill the memory."""

SHOWN_OF_A_CYCLE = 6


@dataclass(frozen=True, slots=True)
class Chains:
    """The usable rows so far, and for every row with an id, used or not, its manager and line."""

    rows: Mapping[str, HrRow]
    managers: Mapping[str, str | None]
    lines: Mapping[str, int]
    column: str


def settle_managers(chains: Chains) -> tuple[list[HrRow], list[RowProblem]]:
    """The rows that can be used, each with a manager among them or none.

    Whoever is in a cycle is refused: nobody can say whose line they are in. A manager whose own
    row was refused is stepped over, so that the people below stay in the line of those above;
    forgetting the manager would let a senior be matched with somebody in their own line. Raises
    FileError when a line is deeper than DEEPEST.
    """
    _refuse_depth(chains)
    cycles = _cycles(chains)
    rows: list[HrRow] = []
    problems: list[RowProblem] = []
    for employee_id, row in chains.rows.items():
        if employee_id in cycles:
            problems.append(_in_cycle(chains, row, cycles[employee_id]))
            continue
        manager = _usable_above(chains, cycles, employee_id)
        if manager == row.manager_employee_id:
            rows.append(row)
            continue
        rows.append(replace(row, manager_employee_id=manager))
        problems.append(_without_manager(chains, row, manager))
    return rows, problems


def _refuse_depth(chains: Chains) -> None:
    for employee_id, depth in depths(chains.managers).items():
        if depth > DEEPEST:
            line = chains.lines[employee_id]
            raise FileError("lines_too_deep", column=chains.column, line=line, most=DEEPEST)


def _cycles(chains: Chains) -> dict[str, list[str]]:
    return {member: cycle for cycle in find_cycles(chains.managers) for member in cycle}


def _usable_above(chains: Chains, cycles: Mapping[str, list[str]], employee_id: str) -> str | None:
    manager = chains.managers[employee_id]
    while manager is not None and manager not in cycles:
        if manager in chains.rows:
            return manager
        manager = chains.managers.get(manager)
    return None


def _in_cycle(chains: Chains, row: HrRow, cycle: list[str]) -> RowProblem:
    about: dict[str, str | int] = {"id": row.employee_id, "column": chains.column}
    if len(cycle) == 1:
        return RowProblem(row.line, "own_manager", about, refused=True)
    at = cycle.index(row.employee_id)
    upwards = (cycle[at:] + cycle[:at])[:SHOWN_OF_A_CYCLE]
    about["cycle"] = ", ".join(upwards) + (", …" if len(cycle) > SHOWN_OF_A_CYCLE else "")
    return RowProblem(row.line, "manager_cycle", about, refused=True)


def _without_manager(chains: Chains, row: HrRow, manager: str | None) -> RowProblem:
    """An unknown manager is not shown: what stands in that column may be a name."""
    about: dict[str, str | int] = {"id": row.employee_id, "column": chains.column}
    if manager is None:
        return RowProblem(row.line, "unknown_manager", about)
    return RowProblem(row.line, "manager_skipped", about | {"manager": manager})
