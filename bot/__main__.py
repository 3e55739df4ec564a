"""The command line."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import log, schema, serve
from bot.app import open_app, open_runtime
from bot.config import Settings, load_settings
from bot.database import make_engine
from bot.doctor import examine
from bot.errors import OperatorError
from bot.people import service as people
from bot.people.hr_file import HrFile, HrFileError, parse_mapping, read_rows
from bot.people.service import Imported
from bot.roles import Actor
from bot.slack import installations
from bot.vault import new_key as new_encryption_key
from prompts.library import Library, LibraryError, check, load_library

app = typer.Typer(
    help="Turnabout runs reverse-mentoring programs in Slack: a junior employee mentors a leader.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
db = typer.Typer(help="The database: bring it to this version.", no_args_is_help=True)
people_app = typer.Typer(help="The people of the company.", no_args_is_help=True)
prompts_app = typer.Typer(help="The texts people read.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(people_app, name="people")
app.add_typer(prompts_app, name="prompts")

NO_ANSWER = (OperationalError, DatabaseError)
"""Just these, not what derives from them: SQLite says DatabaseError of a file that is no database,
and the rest are faults of ours, which need their traceback."""

SQLITE_THREAD = "_connection_worker_thread"
LAST_WORDS_SECONDS = 5.0

console = Console()
T = TypeVar("T")


@app.callback()
def prepare() -> None:
    """Files made here (SQLite, a demo's results) hold people's names: for their owner only."""
    os.umask(0o077)
    log.configure()


def main() -> None:
    """Ends with one sentence, not a traceback, on everything that the operator can mend."""
    try:
        app()
    except (OperatorError, LibraryError) as error:
        _refuse(str(error))
    except DatabaseError as error:
        if type(error) not in NO_ANSWER:
            raise
        _refuse(
            "The database does not answer: is TURNABOUT_DATABASE_URL right, and is the server "
            "running?"
        )


def _refuse(sentence: str) -> NoReturn:
    typer.secho(sentence, err=True, fg="red")
    sys.exit(1)


def _say(sentence: str) -> None:
    """On one line however narrow the place is, so that it can be searched for."""
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Waits for the threads of SQLite connections too: one that could not be opened still tells the
    event loop that it ends, and would print a traceback if the loop were closed by then."""

    async def to_the_end() -> T:
        try:
            return await work
        finally:
            for thread in threading.enumerate():
                if SQLITE_THREAD in thread.name:
                    await asyncio.to_thread(thread.join, LAST_WORDS_SECONDS)

    return asyncio.run(to_the_end())


@app.command()
def run(
    http: Annotated[
        bool, typer.Option("--http", help="Take Slack's requests over HTTP, not Socket Mode.")
    ] = False,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port for Slack's requests and /healthz.")] = 3000,
) -> None:
    """Run the app: answer Slack, and send what is due.

    Needs SLACK_BOT_TOKEN, and SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (--http).
    """
    settings = load_settings()
    serve.transport_secret(settings, http=http)

    async def serve_until_stopped() -> None:
        async with open_app(settings) as opened:
            await serve.run(opened, settings, http=http, host=host, port=port)

    _run(serve_until_stopped())


@app.command()
def demo(
    headless: Annotated[
        bool,
        typer.Option("--headless", help="No page: play a whole program, and print its report."),
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Where the page is; 0 is any free port. Default: 8765"),
    ] = None,
    people_file: Annotated[
        Path | None,
        typer.Option("--people", help="The company, as a CSV file. Default: a made-up one of 60."),
    ] = None,
    mapping: Annotated[
        str, typer.Option("--map", help="Which column is what: level=JobLevel,id=EmployeeNumber")
    ] = "",
    weeks: Annotated[
        int | None,
        typer.Option(min=1, max=52, help="How long the program is, with --headless. Default: 12"),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed tells the same story.")] = 1,
    out: Annotated[
        Path | None,
        typer.Option(help="Where the results go. Default: out with --headless, else nowhere"),
    ] = None,
    faults: Annotated[
        bool,
        typer.Option("--faults", help="With --headless: much goes wrong between app and Slack."),
    ] = False,
) -> None:
    """Try Turnabout in a Slack workspace in the box, on a page in your browser: nothing to set up,
    nothing leaves this machine."""
    from sandbox.demo import play, visit  # noqa: PLC0415 # only the demo needs a workspace

    if headless and port is not None:
        raise OperatorError("--port is where the page is, and --headless has none: leave one out.")
    if weeks is not None and not headless:
        raise OperatorError("--weeks goes with --headless: on the page, the program says how long.")
    if faults and not headless:
        raise OperatorError("--faults goes with --headless.")
    if mapping and people_file is None:
        raise OperatorError("--map says what is in the file of --people: name that, too.")
    hr_file = read_hr_file(load_library(), people_file, mapping) if people_file else None
    if headless:
        folder = out or Path("out")
        play.show(console, hr_file, weeks=weeks or 12, seed=seed, out=folder, faults=faults)
    else:
        visit.show(console, hr_file, seed=seed, out=out, port=8765 if port is None else port)


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the schema of this version. Safe to run at every start."""
    settings = load_settings()
    _with_engine(settings, schema.upgrade)
    _say(f"The database is at revision {schema.newest()}.")


@db.command("current")
def db_current() -> None:
    """Say which revision the database is at."""
    revision = _with_engine(load_settings(), schema.current)
    _say(revision or "The database is empty.")


@db.command("check")
def db_check() -> None:
    """Say whether the database has what this version expects."""
    settings = load_settings()
    _with_engine(settings, schema.require_newest)
    if differences := _with_engine(settings, schema.differences):
        raise OperatorError(differences)
    _say("The database is what this version expects.")


@db.command("new-key")
def db_new_key() -> None:
    """Print a fresh encryption key for TURNABOUT_ENCRYPTION_KEY."""
    _say(new_encryption_key())


@people_app.command("import")
def people_import(
    file: Annotated[Path, typer.Argument(help="A CSV file from HR.")],
    mapping: Annotated[
        str,
        typer.Option(
            "--map",
            help="Which column is what: id=EmployeeNumber,level=JobLevel,department=Department. "
            "Fields: id, name, email, level, department, title, manager, time_zone, left.",
        ),
    ] = "",
    workspace: Annotated[
        str | None, typer.Option(help="The Slack workspace (T…), if there are several.")
    ] = None,
) -> None:
    """Bring people in from HR data, or up to date. Only mapped columns are read.

    Every usable row comes in; every other one is named with its line and the reason.
    """
    library = load_library()
    hr_file = read_hr_file(library, file, mapping)
    if not hr_file.rows:
        _print_problems(library, hr_file)
        raise OperatorError(library.label("import.nothing_usable"))
    imported = _run(_import(load_settings(), hr_file, workspace))
    rows = len(hr_file.rows) + hr_file.refused
    _say(library.label("import.done", count=len(hr_file.rows), rows=rows))
    _say(f"{imported.added} new, {imported.updated} changed, {imported.unchanged} as before.")
    if imported.paused_pairs:
        _say(library.label("import.paused_pairs", count=imported.paused_pairs))
    _print_problems(library, hr_file)


@prompts_app.command("check")
def prompts_check() -> None:
    """Check every text, and say what there is."""
    figures = check(load_library())
    table = Table("what", "how many", title="The prompt library")
    for group in (figures.kinds, figures.topics, figures.phases, figures.opens):
        for name, count in group.items():
            table.add_row(name, str(count))
        table.add_section()
    table.add_row("longest text", f"{figures.longest}: {figures.longest_characters} characters")
    table.add_row("words a sentence", f"{figures.words_a_sentence:.1f}")
    console.print(table)


@app.command()
def doctor() -> None:
    """Look whether everything that the app needs is there, and say what to do if not."""
    settings = load_settings()

    async def look() -> bool:
        well = True
        async for finding in examine(settings):
            mark = "[green]ok[/]" if finding.ok else "[red]--[/]"
            console.print(f"{mark}  {finding.subject}: ", end="")
            _say(finding.advice)
            well = well and finding.ok
        return well

    if not _run(look()):
        raise typer.Exit(1)


def read_hr_file(library: Library, file: Path, mapping: str) -> HrFile:
    """Raises OperatorError with the library's sentence for a file that cannot be read."""
    try:
        return read_rows(file.read_bytes(), parse_mapping(mapping))
    except OSError:
        raise OperatorError(library.label("import.file_not_found", file=str(file))) from None
    except HrFileError as error:
        raise OperatorError(library.label(f"import.{error.key}", **error.values)) from None


async def _import(settings: Settings, hr_file: HrFile, team_id: str | None) -> Imported:
    async with open_runtime(settings) as (runtime, _):
        now = runtime.clock()
        async with runtime.database.transaction_across_workspaces() as session:
            workspace_id = await installations.only_workspace(session, team_id, now)
            await installations.check_key(session, workspace_id, runtime.vault.fingerprint)
        async with runtime.database.transaction(workspace_id) as session:
            return await people.import_people(session, runtime, hr_file, Actor.OPERATOR)


def _print_problems(library: Library, hr_file: HrFile) -> None:
    for heading, refused in (("import.refused", True), ("import.warned", False)):
        problems = [found for found in hr_file.problems if found.refused is refused]
        if not problems:
            continue
        _say(library.label(heading, count=len(problems)))
        for found in problems:
            reason = library.label(f"import.{found.reason_key}", **found.values)
            _say("  " + library.label("import.line", line=found.line, reason=reason))


def _with_engine(settings: Settings, work: Callable[[AsyncEngine], Coroutine[Any, Any, T]]) -> T:
    async def run_it() -> T:
        engine = make_engine(settings.database_url)
        try:
            return await work(engine)
        finally:
            await engine.dispose()

    return _run(run_it())


if __name__ == "__main__":
    main()
