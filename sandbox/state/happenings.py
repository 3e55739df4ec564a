"""The events in which Slack tells an app what has changed. Each needs an `event_ts`, which whoever
sends it puts on, and says nothing of who may hear of it."""

from sandbox.blocks import Json
from sandbox.state.records import Conversation, Message


def member_joined(conversation: Conversation, team_id: str, user: str, inviter: str | None) -> Json:
    """`inviter` is None where somebody came by themselves."""
    event = _membership("member_joined_channel", conversation, team_id, user)
    return {**event, "inviter": inviter} if inviter else event


def member_left(conversation: Conversation, team_id: str, user: str) -> Json:
    return _membership("member_left_channel", conversation, team_id, user)


def app_left(conversation: Conversation) -> Json:
    """The app itself is out; of its own leaving it is told in this way only."""
    return {"type": f"{_family(conversation)}_left", "channel": conversation.id}


def archived(conversation: Conversation, actor: str) -> Json:
    return _change("archive", conversation, actor) | {"is_moved": 0}


def unarchived(conversation: Conversation, actor: str) -> Json:
    return _change("unarchive", conversation, actor)


def deleted(conversation: Conversation, actor: str) -> Json:
    return {
        "type": f"{_family(conversation)}_deleted",
        "channel": conversation.id,
        "actor_id": actor,
    }


def renamed(conversation: Conversation) -> Json:
    return {
        "type": f"{_family(conversation)}_rename",
        "channel": {
            "id": conversation.id,
            "name": conversation.name,
            "name_normalized": conversation.name,
            "created": conversation.created,
            "is_channel": conversation.kind == "public",
            "is_mpim": False,
        },
    }


def metadata_posted(message: Message, app_id: str, team_id: str) -> Json:
    return {
        "type": "message_metadata_posted",
        "app_id": app_id,
        "bot_id": message.bot_id,
        "user_id": message.user,
        "team_id": team_id,
        "channel_id": message.channel,
        "metadata": message.metadata,
        "message_ts": message.ts,
        "event_ts": message.ts,
    }


def tokens_revoked(bot: str) -> Json:
    return {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}}


def app_uninstalled() -> Json:
    return {"type": "app_uninstalled"}


def _membership(kind: str, conversation: Conversation, team_id: str, user: str) -> Json:
    return {
        "type": kind,
        "user": user,
        "channel": conversation.id,
        "channel_type": "C" if conversation.kind == "public" else "G",
        "team": team_id,
    }


def _change(kind: str, conversation: Conversation, actor: str) -> Json:
    return {
        "type": f"{_family(conversation)}_{kind}",
        "channel": conversation.id,
        "user": actor,
    }


def _family(conversation: Conversation) -> str:
    return "channel" if conversation.kind == "public" else "group"
