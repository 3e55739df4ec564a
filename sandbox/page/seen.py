"""What a person sees of the workspace, and how much of it they have not read yet."""

from collections.abc import MutableMapping

from sandbox.blocks import Json
from sandbox.state.records import Conversation, Message
from sandbox.state.shapes import message_json, view_json
from sandbox.state.views import View, Views
from sandbox.state.workspace import SLACKBOT, Workspace

Marks = MutableMapping[tuple[str, str], str]
"""By person and conversation: the ts of the last message that they have read."""


def is_person(workspace: Workspace, user_id: str) -> bool:
    """Somebody a visitor can be: no bot."""
    user = workspace.users.get(user_id)
    return user is not None and not user.is_bot and user_id != SLACKBOT


def visible(conversation: Conversation, person: str) -> list[Message]:
    """What this member of the conversation sees there, oldest first."""
    return [
        message
        for message in conversation.messages.values()
        if message.visible_to in (None, person)
    ]


def unread(conversation: Conversation, person: str, marks: Marks) -> int:
    """How many messages of others came after the last one that the person has read."""
    mark = marks.get((person, conversation.id), "")
    count = 0
    for message in reversed(conversation.messages.values()):
        if message.ts <= mark:
            break
        count += message.user != person and message.visible_to in (None, person)
    return count


def mark_read(conversation: Conversation, person: str, marks: Marks) -> None:
    last = next(reversed(conversation.messages), "")
    marks[person, conversation.id] = last


def conversation_json(
    workspace: Workspace, conversation: Conversation, person: str, marks: Marks
) -> Json:
    messages = visible(conversation, person)
    others = [member for member in conversation.members if member != person]
    return {
        "id": conversation.id,
        "name": conversation.name,
        "kind": conversation.kind,
        "with": others,
        "archived": conversation.archived,
        "unread": unread(conversation, person, marks),
        "last": messages[-1].ts if messages else None,
        "is_app": conversation.kind == "im" and others == [workspace.bot.id],
    }


def said_json(message: Message, workspace: Workspace) -> Json:
    """Slack's JSON of a message, without what no client shows."""
    shape = message_json(message, workspace)
    shape.pop("metadata", None)
    return shape | {
        "ephemeral": message.visible_to is not None,
        "edited": message.edited is not None,
    }


def home_json(views: Views, workspace: Workspace, person: str) -> Json | None:
    home = views.homes.get(person)
    return _view_json(home, workspace) if home else None


def modal_json(views: Views, workspace: Workspace, person: str) -> Json | None:
    """The view on top of the person's stack."""
    stack = views.stacks.get(person)
    return _view_json(stack[-1], workspace) if stack else None


def _view_json(view: View, workspace: Workspace) -> Json:
    shape = view_json(view, workspace)
    del shape["private_metadata"]
    return shape
