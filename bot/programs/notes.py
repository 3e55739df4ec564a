"""A program's messages, ready for the outbox. Pure."""

from collections.abc import Iterable
from datetime import datetime

from bot.clock import working_hour
from bot.delivery.service import Outgoing
from bot.views.blocks import Message
from models import IfInDoubt, Person, Program

BEFORE_MATCH = ("deadline", "enrollment_over", "waiting", "left_out", "match_question")
"""The kinds of what is said up to a match, and says nothing true any more after it."""
BEFORE_END = (*BEFORE_MATCH, "invitation", "program_changed", "program_paused", "program_resumed")
"""The same of a program's end."""
BEFORE_LEAVING = (*BEFORE_END, "closed")
"""The same of somebody's leaving it."""


def keys(program: Program, kinds: Iterable[str]) -> list[str]:
    """How the dedupe keys of all these notes begin. They may lie in the outbox until somebody is
    at work again, and be overtaken meanwhile."""
    return [f"{kind}:{program.id}:" for kind in kinds]


def to_channel(program: Program, kind: str, occasion: str, channel: str, said: Message) -> Outgoing:
    """`occasion` tells this time of saying it from another."""
    return Outgoing(
        dedupe_key=f"{kind}:{program.id}:{occasion}:{channel}",
        kind=kind,
        recipient=channel,
        message=said,
        if_in_doubt=IfInDoubt.SEND_AGAIN,
        workspace_id=program.workspace_id,
    )


def to_person(
    program: Program, kind: str, occasion: str, person: Person, said: Message, now: datetime | None
) -> Outgoing:
    """Sent at the person's next working hour from `now` on; None: at once, as an answer is."""
    return Outgoing(
        dedupe_key=f"{kind}:{program.id}:{occasion}:{person.id}",
        kind=kind,
        recipient=person.slack_user_id or "",
        message=said,
        if_in_doubt=IfInDoubt.SEND_AGAIN,
        workspace_id=program.workspace_id,
        not_before=None if now is None else working_hour(now, person.time_zone),
    )
