"""The command line."""

import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import log, people_commands, schema, serve
from bot.app import open_app
from bot.config import Settings, load_settings
from bot.database import make_engine
from bot.doctor import examine
from bot.errors import OperatorError
from bot.people_commands import read_hr_file
from bot.terminal import console, print_line
from bot.terminal import run as run_to_the_end
from bot.vault import new_key as new_encryption_key
from prompts.figures import figures
from prompts.library import BUILT_IN, LibraryError, load_library
from prompts.report import written

app = typer.Typer(
    help="Turnabout runs reverse-mentoring programs in Slack: a junior employee mentors a leader.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
db = typer.Typer(help="The database: bring it to this version.", no_args_is_help=True)
prompts_app = typer.Typer(help="The texts people read.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(people_commands.app, name="people")
app.add_typer(prompts_app, name="prompts")

NO_ANSWER = (OperationalError, DatabaseError)
"""Just these, not what derives from them: SQLite says DatabaseError of a file that is no database,
and the rest are faults of ours, which need their traceback."""

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

    run_to_the_end(serve_until_stopped())


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
        typer.Option("--people", help="The company, as CSV or XLSX. Default: a made-up one of 60."),
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
    seats: Annotated[
        int | None,
        typer.Option(min=2, help="With --headless: a pilot for so many; the others wait in line."),
    ] = None,
) -> None:
    """Try Turnabout in a Slack workspace in the box, on a page in your browser: nothing to set up,
    nothing leaves this machine."""
    from sandbox.demo import play, visit  # noqa: PLC0415 # only the demo needs a workspace

    if headless and port is not None:
        raise OperatorError("--port is where the page is, and --headless has none: leave one out.")
    if weeks is not None and not headless:
        raise OperatorError("--weeks goes with --headless: on the page, the program says how long.")
    for name, given in (("--faults", faults), ("--seats", seats is not None)):
        if given and not headless:
            raise OperatorError(f"{name} goes with --headless.")
    if mapping and people_file is None:
        raise OperatorError("--map says what is in the file of --people: name that, too.")
    hr_file = read_hr_file(load_library(), people_file, mapping) if people_file else None
    if headless:
        folder = out or Path("out")
        play.show(
            console,
            hr_file,
            weeks=weeks or 12,
            seed=seed,
            out=folder,
            faults=faults,
            seats=seats,
        )
    else:
        visit.show(console, hr_file, seed=seed, out=out, port=8765 if port is None else port)


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the schema of this version. Safe to run at every start."""
    settings = load_settings()
    _with_engine(settings, schema.upgrade)
    print_line(f"The database is at revision {schema.newest()}.")


@db.command("current")
def db_current() -> None:
    """Say which revision the database is at."""
    revision = _with_engine(load_settings(), schema.current)
    print_line(revision or "The database is empty.")


@db.command("check")
def db_check() -> None:
    """Say whether the database has what this version expects."""
    settings = load_settings()
    _with_engine(settings, schema.require_newest)
    if differences := _with_engine(settings, schema.differences):
        raise OperatorError(differences)
    print_line("The database is what this version expects.")


@db.command("new-key")
def db_new_key() -> None:
    """Print a fresh encryption key for TURNABOUT_ENCRYPTION_KEY."""
    print_line(new_encryption_key())


@prompts_app.command("check")
def prompts_check(
    folder: Annotated[
        Path,
        typer.Argument(
            help="A language's folder, such as a copy you work on.", show_default="the English one"
        ),
    ] = BUILT_IN / "en",
) -> None:
    """Check every text, and say what there is and how it reads; ends at the first bad one."""
    place = folder.resolve()
    print_line(written(figures(load_library(place.name, place.parent))))


@app.command()
def doctor() -> None:
    """Look whether everything that the app needs is there, and say what to do if not."""
    settings = load_settings()

    async def look() -> bool:
        well = True
        async for finding in examine(settings):
            mark = "[green]ok[/]" if finding.ok else "[red]--[/]"
            console.print(f"{mark}  {finding.subject}: ", end="")
            print_line(finding.advice)
            well = well and finding.ok
        return well

    if not run_to_the_end(look()):
        raise typer.Exit(1)


def _with_engine(settings: Settings, work: Callable[[AsyncEngine], Coroutine[Any, Any, T]]) -> T:
    async def run_it() -> T:
        engine = make_engine(settings.database_url)
        try:
            return await work(engine)
        finally:
            await engine.dispose()

    return run_to_the_end(run_it())


if __name__ == "__main__":
    main()
