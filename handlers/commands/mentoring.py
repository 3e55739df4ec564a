"""`/mentoring`: the table of its sub-commands."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from bot.errors import UserFacingError
from bot.runtime import Runtime
from handlers.commands import (
    goals,
    join,
    leave,
    lesson,
    match,
    pause,
    profile,
    program,
    queue,
    resume,
    show_help,
    skip,
    status,
    support,
)
from handlers.edge import Answer, Listener, Request, shown

SUB_COMMANDS: Mapping[str, Listener] = {
    "help": show_help.listen,
    "join": join.listen,
    "profile": profile.listen,
    "pause": pause.listen,
    "resume": resume.listen,
    "skip": skip.listen,
    "leave": leave.listen,
    "lesson": lesson.listen,
    "goals": goals.listen,
    "status": status.listen,
    "support": support.listen,
    "program": program.listen,
    "queue": queue.listen,
    "match": match.listen,
}
NEAR_ENOUGH = 0.5


async def route(runtime: Runtime, request: Request) -> Answer:
    """Hands over to the sub-command; `/mentoring` alone is `/mentoring help`."""
    word, *rest = request.body.get("text", "").split() or ["help"]
    listener = SUB_COMMANDS.get(word.lower())
    if listener is None:
        raise _unknown(word)
    return await listener(runtime, replace(request, text=" ".join(rest)))


def _unknown(word: str) -> UserFacingError:
    """The error that names the nearest word there is."""
    nearest = get_close_matches(word.lower(), SUB_COMMANDS, n=1, cutoff=NEAR_ENOUGH)
    if nearest:
        return UserFacingError("unknown_command", word=shown(word), suggestion=nearest[0])
    return UserFacingError("unknown_command_plain", word=shown(word))
