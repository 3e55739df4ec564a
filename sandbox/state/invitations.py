"""Who may be invited to a channel, and by whom."""

from collections.abc import Sequence

from sandbox.errors import SlackError
from sandbox.state.records import Conversation
from sandbox.state.workspace import SLACKBOT, Workspace


def invite(
    workspace: Workspace, channel: str, actor: str, users: Sequence[str], *, force: bool = False
) -> Conversation:
    """Adds everybody or nobody; with `force` those who can be added, if there is one. Raises
    SlackError with the code Slack would answer."""
    conversation = workspace.conversation(channel, actor)
    if not conversation.is_channel:
        raise SlackError("method_not_supported_for_channel_type")
    if conversation.archived:
        raise SlackError("is_archived")
    if actor not in conversation.members:
        raise SlackError("not_in_channel")
    refusals = {
        user: error
        for user in users
        if (error := _not_invitable(workspace, conversation, actor, user))
    }
    if refusals and not (force and len(refusals) < len(users)):
        errors = [{"user": user, "ok": False, "error": why} for user, why in refusals.items()]
        raise SlackError(next(iter(refusals.values())), errors=errors)
    workspace.join(conversation, [user for user in users if user not in refusals], actor)
    return conversation


def _not_invitable(
    workspace: Workspace, conversation: Conversation, actor: str, user: str
) -> str | None:
    invited = workspace.users.get(user)
    if invited is None:
        return "user_not_found"
    if user == actor:
        return "cant_invite_self"
    if user in conversation.members:
        return "already_in_channel"
    if invited.deleted or user == SLACKBOT:
        return "cant_invite"
    in_another = any(one.is_channel for one in workspace.conversations_of(user))
    return "ura_max_channels" if invited.is_ultra_restricted and in_another else None
