"""`turnabout people`: who works here, from HR's files and HR's directory."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from bot import log, terminal
from bot.app import open_runtime
from bot.config import Settings, load_settings, required
from bot.errors import OperatorError
from bot.people import hr_service, store
from bot.people.hr_file import HrFile, HrFileError, parse_mapping, read_rows
from bot.people.hr_service import Imported
from bot.people.import_errors import MappingError
from bot.people.merge import Change
from bot.people.progress import Tell, quietly
from bot.roles import Actor
from bot.slack import installations
from models import HrSourceKind
from prompts.library import Library, load_library

SHOWN_CHANGES = 20

app = typer.Typer(help="The people of the company.", no_args_is_help=True)

Mapped = dict[str, str]
Reader = Callable[[Mapping[str, str], Tell], Awaitable[HrFile]]

MAP = typer.Option(
    "--map",
    help="Which column is what: id=EmployeeNumber,level=JobLevel,department=Department. Fields: "
    "id, name, email, level, department, title, manager, time_zone, left, start, end. It is "
    "remembered for the next time; --map '' forgets it.",
)
DRY_RUN = typer.Option("--dry-run", help="Say what would change, and change nothing.")
WORKSPACE = typer.Option("--workspace", help="The Slack workspace (T…), if there are several.")


@dataclass(frozen=True)
class Order:
    """What the operator asked for. `mapping` is None if they did not say one."""

    kind: HrSourceKind
    mapping: Mapped | None
    team_id: str | None
    dry_run: bool


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX file from HR.")],
    mapping: Annotated[str | None, MAP] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    workspace: Annotated[str | None, WORKSPACE] = None,
) -> None:
    """Bring people in from HR data, or up to date. Only mapped columns are read.

    Every usable row comes in; every other one is named with its line and the reason. Somebody who
    is not in the file is left as they are.
    """
    library = load_library()
    data = _bytes(library, file)

    async def read(mapped: Mapping[str, str], tell: Tell) -> HrFile:
        return read_rows(data, mapped, tell)

    _bring_in(library, read, HrSourceKind.FILE, mapping, workspace, dry_run=dry_run)


@app.command("sync")
def sync(
    mapping: Annotated[str | None, MAP] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
    workspace: Annotated[str | None, WORKSPACE] = None,
) -> None:
    """Bring people in from a SCIM 2.0 server, or up to date.

    Needs TURNABOUT_SCIM_URL and TURNABOUT_SCIM_TOKEN. SCIM knows no level: say with --map
    level=ATTRIBUTE where the server keeps it, an extension's as urn:…:attribute.
    """
    from bot.people import scim  # noqa: PLC0415 # its library takes a second to load

    settings = load_settings()
    token = required(settings.scim_token, "TURNABOUT_SCIM_TOKEN", "HR's directory gives it out.")
    url = settings.scim_url
    if url is None:
        raise OperatorError("TURNABOUT_SCIM_URL is not set. It often ends in /scim/v2.")

    async def read(mapped: Mapping[str, str], tell: Tell) -> HrFile:
        return await scim.read_people(url, token, mapped, tell)

    _bring_in(load_library(), read, HrSourceKind.SCIM, mapping, workspace, dry_run=dry_run)


def read_hr_file(library: Library, file: Path, mapping: str) -> HrFile:
    """Raises OperatorError with the library's sentence for a file that cannot be read."""
    try:
        return read_rows(_bytes(library, file), parse_mapping(mapping), quietly)
    except HrFileError as error:
        raise OperatorError(library.label(f"import.{error.key}", **error.values)) from None


def _bytes(library: Library, file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise OperatorError(library.label("import.file_not_found", file=str(file))) from None


def _bring_in(
    library: Library,
    read: Reader,
    kind: HrSourceKind,
    mapping: str | None,
    team_id: str | None,
    *,
    dry_run: bool,
) -> None:
    try:
        mapped = None if mapping is None else parse_mapping(mapping)
    except MappingError as error:
        raise OperatorError(library.label(f"import.{error.key}", **error.values)) from None
    order = Order(kind, mapped, team_id, dry_run)
    with terminal.progress() as show:

        def tell(doing: str, done: int, in_all: int) -> None:
            show(library.label(f"import.{doing}"), done, in_all)

        file, imported = terminal.run(_import(library, load_settings(), order, read, tell))
    if imported is None:
        _print_problems(library, file, kind)
        raise OperatorError(library.label("import.nothing_usable"))
    _report(library, file, imported, order)


async def _import(
    library: Library, settings: Settings, order: Order, read: Reader, tell: Tell
) -> tuple[HrFile, Imported | None]:
    """Reading comes first, with no transaction open; what follows is one, which a preview rolls
    back. None stands for a file with no usable row."""
    async with open_runtime(settings) as (runtime, _):
        async with runtime.database.transaction_across_workspaces() as session:
            workspace_id = await installations.known_workspace(session, order.team_id)
            remembered = await store.mapping(session, workspace_id, order.kind)
        file = await _read(library, order, remembered, read, tell)
        if not file.rows:
            return file, None
        async with runtime.database.transaction_across_workspaces() as session:
            now = runtime.clock()
            workspace_id = await installations.only_workspace(session, order.team_id, now)
            await installations.check_key(session, workspace_id, runtime.vault.fingerprint)
            runtime.database.bind(session, workspace_id)
            if order.mapping is not None:
                await store.remember_mapping(session, order.kind, order.mapping)
            with log.quiet(order.dry_run):
                imported = await hr_service.import_people(
                    session, runtime, file, Actor.OPERATOR, tell
                )
            if order.dry_run:
                await session.rollback()
        return file, imported


async def _read(
    library: Library, order: Order, remembered: Mapping[str, str], read: Reader, tell: Tell
) -> HrFile:
    """Says which mapping is used. Raises OperatorError with a sentence of the library's."""
    anew = order.mapping is not None
    try:
        file = await read(order.mapping if order.mapping is not None else remembered, tell)
    except HrFileError as error:
        sentence = library.label(f"import.{error.key}", **error.values)
        if isinstance(error, MappingError) and remembered and not anew:
            sentence = f"{sentence} {library.label('import.remembered_hint')}"
        raise OperatorError(sentence) from None
    columns = ", ".join(f"{field} = {column}" for field, column in file.columns.items())
    if remembered and not anew:
        terminal.print_line(library.label("import.columns_remembered", columns=columns))
    else:
        terminal.print_line(library.label("import.columns", columns=columns))
    return file


def _report(library: Library, file: HrFile, imported: Imported, order: Order) -> None:
    count, rows = len(file.rows), len(file.rows) + file.refused
    paused = imported.paused_pairs
    if order.dry_run:
        terminal.print_line(library.label("import.preview"))
        terminal.print_line(library.label("import.would_come_in", count=count, rows=rows))
    else:
        terminal.print_line(library.label("import.done", count=count, rows=rows))
    terminal.print_line(
        library.label(
            "import.figures",
            added=imported.added,
            updated=imported.updated,
            unchanged=imported.unchanged,
        )
    )
    if imported.leaving:
        terminal.print_line(library.label("import.leaving", count=imported.leaving))
    if imported.kept_managers:
        terminal.print_line(library.label("import.kept_managers", count=imported.kept_managers))
    if paused and order.dry_run:
        terminal.print_line(library.label("import.would_pause_pairs", count=paused))
    elif paused:
        terminal.print_line(library.label("import.paused_pairs", count=paused))
    if order.dry_run:
        _print_changes(library, imported.changes, order.kind)
    _print_problems(library, file, order.kind)


def _print_changes(library: Library, changes: Sequence[Change], kind: HrSourceKind) -> None:
    for change in changes[:SHOWN_CHANGES]:
        if change.kind == "changed":
            fields = ", ".join(change.fields)
            what = library.label("import.changed", id=change.employee_id, fields=fields)
        else:
            what = library.label(f"import.{change.kind}", id=change.employee_id)
        _print_line(library, change.line, what, kind)
    if (more := len(changes) - SHOWN_CHANGES) > 0:
        terminal.print_line("  " + library.label("import.more_changes", count=more))


def _print_problems(library: Library, file: HrFile, kind: HrSourceKind) -> None:
    for heading, refused in (("import.refused", True), ("import.warned", False)):
        problems = [found for found in file.problems if found.refused is refused]
        if not problems:
            continue
        terminal.print_line(library.label(heading, count=len(problems)))
        for found in problems:
            reason = library.label(f"import.{found.reason_key}", **found.values)
            _print_line(library, found.line, reason, kind)


def _print_line(library: Library, line: int, reason: str, kind: HrSourceKind) -> None:
    key = "import.user" if kind is HrSourceKind.SCIM else "import.line"
    terminal.print_line("  " + library.label(key, line=line, reason=reason))
