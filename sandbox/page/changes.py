"""What has changed since somebody last looked, whoever caused it.

The workspace is compared as a whole with how it was: that costs a millisecond or two, and nothing
that happens in it can be forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.server import Sandbox
from sandbox.state.records import Conversation

Sight = Mapping[str, object]
"""By the id of a conversation or a person: something that is equal when nothing has changed."""


@dataclass(frozen=True)
class Look:
    """What can be seen in a workspace at one moment. `private` is what is not in a conversation."""

    conversations: Sight
    private: Sight
    members: Mapping[str, set[str]]


@dataclass(frozen=True)
class Changes:
    """The people who see something else now, and in which conversations."""

    people: list[str]
    channels: list[str]

    def __bool__(self) -> bool:
        return bool(self.people or self.channels)


def look(sandbox: Sandbox) -> Look:
    workspace, views = sandbox.workspace, sandbox.views
    conversations = workspace.conversations.values()
    people = {user.id for user in workspace.users.values() if not user.is_bot}
    return Look(
        conversations={one.id: _conversation(one) for one in conversations},
        private={
            user.id: (
                user.deleted,
                user.real_name,
                views.homes[user.id].hash if user.id in views.homes else None,
                [(view.id, view.hash) for view in views.stacks.get(user.id, ())],
            )
            for user in workspace.users.values()
            if user.id in people
        },
        members={one.id: one.members.keys() & people for one in conversations},
    )


def between(before: Look, after: Look) -> Changes:
    channels = _different(before.conversations, after.conversations)
    people = set(_different(before.private, after.private))
    for channel in channels:
        people |= before.members.get(channel, set()) | after.members.get(channel, set())
    return Changes(sorted(people), channels)


def _conversation(one: Conversation) -> object:
    messages = [(message.ts, message.edited) for message in one.messages.values()]
    return one.name, one.archived, tuple(one.members), messages


def _different(before: Sight, after: Sight) -> list[str]:
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
