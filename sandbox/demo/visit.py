"""`turnabout demo`: the page, for as long as somebody looks at it."""

import asyncio
import contextlib
import signal
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bot.errors import OperatorError
from bot.people.hr_file import HrFile
from sandbox.demo import live
from sandbox.demo.company import Employee
from sandbox.demo.play import MANAGER, employees_of
from sandbox.demo.stage import prepare
from sandbox.loopback import HOST, forget_proxies

ALL_MADE_UP = "Everybody here is made up: names, titles, levels, departments and time zones."
PARTLY_MADE_UP = (
    "Levels, departments and managers are your file's. Names, addresses and time zones that it "
    "does not give are made up, and so is {manager}, who runs the program."
)


def show(
    console: Console, hr_file: HrFile | None, *, seed: int, out: Path | None, port: int
) -> None:
    """Serves the page until Ctrl-C, for the people of an HR file or a made-up company."""
    forget_proxies()
    employees = employees_of(hr_file, seed)
    made_up = PARTLY_MADE_UP.format(manager=MANAGER) if hr_file else ALL_MADE_UP
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(_listening(port))
        folder = out or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        prepare(folder)
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(_serve(console, employees, made_up, seed, folder, listening))
        console.print("\nThe demo has ended.")
    if out is not None:
        console.print(f"What the app kept and called is in {out}.", highlight=False)


async def _serve(
    console: Console,
    employees: Sequence[Employee],
    made_up: str,
    seed: int,
    out: Path,
    listening: socket.socket,
) -> None:
    """Until Ctrl-C or SIGTERM, which cancel it."""
    main = asyncio.current_task()
    assert main is not None, "asyncio.run makes a task of it"
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, main.cancel)
    starting = console.status(f"Setting up a Slack workspace for {len(employees):,} people")
    async with contextlib.AsyncExitStack() as stack:
        with starting:
            if not console.is_terminal:
                console.print(starting.status)
            serving = live.served(employees, made_up, seed=seed, out=out, listening=listening)
            await stack.enter_async_context(serving)
        _say(console, f"The demo is at http://{HOST}:{listening.getsockname()[1]}")
        _say(console, made_up)
        _say(console, "Nothing leaves this machine, and no other machine can reach the page.")
        _say(console, "Whoever else is logged in on this one can.")
        _say(console, "Ctrl-C ends it.")
        await asyncio.Event().wait()


def _listening(port: int) -> socket.socket:
    """Before anything else, so that a port that is taken is said at once."""
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise OperatorError(
            f"Port {port} on {HOST} cannot be used ({error.strerror}): choose another one with "
            "--port, or --port 0 for any that is free."
        ) from None


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)
