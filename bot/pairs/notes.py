"""What pairs, and those who run their program, are told of them."""

from bot.delivery.service import Outgoing
from bot.views.blocks import Message
from models import IfInDoubt, Pair, Person


def once(pair: Pair, kind: str, recipient: str, message: Message) -> Outgoing:
    """A message that a recipient gets once for this pair."""
    return outgoing(pair, f"{kind}:{pair.id}:{recipient}", recipient, message)


def to_channel(pair: Pair, dedupe_key: str, message: Message) -> list[Outgoing]:
    """Nothing for a pair that has no channel yet."""
    return [outgoing(pair, dedupe_key, pair.channel_id, message)] if pair.channel_id else []


def to_person(pair: Pair, kind: str, person: Person, message: Message) -> list[Outgoing]:
    """Nothing for somebody who has left."""
    if not person.active or not person.slack_user_id:
        return []
    return [once(pair, kind, person.slack_user_id, message)]


def outgoing(pair: Pair, dedupe_key: str, recipient: str, message: Message) -> Outgoing:
    return Outgoing(
        dedupe_key=dedupe_key,
        kind=dedupe_key.partition(":")[0],
        recipient=recipient,
        message=message,
        if_in_doubt=IfInDoubt.SEND_AGAIN,
        workspace_id=pair.workspace_id,
        pair_id=pair.id,
    )
