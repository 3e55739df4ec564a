"""A program's messages, ready for the outbox. Pure."""

from datetime import datetime, timedelta

from bot.clock import BEST_HOUR, at_local_hour, hours_outside_work, zone
from bot.delivery.service import Outgoing
from bot.views.blocks import Message
from models import IfInDoubt, Person, Program


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


def working_hour(now: datetime, zone_name: str) -> datetime:
    """`now` if people work there at this hour, else the middle of their next working morning."""
    if not hours_outside_work(now, zone_name):
        return now
    day = now.astimezone(zone(zone_name)).date()
    mornings = (at_local_hour(day + timedelta(days=n), BEST_HOUR, 0, zone_name) for n in range(5))
    return next(one for one in mornings if one > now and not hours_outside_work(one, zone_name))
