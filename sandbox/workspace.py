"""The state of one made-up Slack workspace: people, conversations and messages. No HTTP.

Everything is found by key, so that a call costs the same in a workspace of any size. Ids are
counted, so that the same story gives the same ids. Methods take the acting user's id and raise
SlackError with the code Slack would answer.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, TypedDict, Unpack

from sandbox.blocks import Json, identified
from sandbox.errors import SlackError

Kind = Literal["public", "private", "im", "mpim"]
SLACKBOT = "USLACKBOT"
MOST_IN_GROUP_DM = 8
LONGEST_CHANNEL_NAME = 80


@dataclass
class User:
    id: str
    name: str
    real_name: str
    email: str | None = None
    tz: str = "Etc/UTC"
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    deleted: bool = False
    locale: str = "en-US"


class UserDetails(TypedDict, total=False):
    email: str | None
    tz: str
    is_admin: bool
    is_owner: bool
    is_bot: bool
    deleted: bool
    locale: str


@dataclass
class Message:
    """`bot_id` is set on what the app posted; `visible_to` on what only one person sees."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    bot_id: str | None = None
    thread_ts: str | None = None
    visible_to: str | None = None
    edited: str | None = None


@dataclass
class Conversation:
    """`members` and `messages` (by ts) are dicts to keep their order."""

    id: str
    kind: Kind
    name: str
    creator: str
    created: int
    members: dict[str, None]
    archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    def seen_by(self, user: str) -> bool:
        return self.kind == "public" or user in self.members


class Ids:
    """Counted ids: U0000001, U0000002, ... One object may serve several workspaces."""

    def __init__(self) -> None:
        self._last: Counter[str] = Counter()

    def next(self, prefix: str) -> str:
        self._last[prefix] += 1
        return f"{prefix}{self._last[prefix]:07d}"


class Workspace:
    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        name: str = "Sandbox",
        domain: str = "sandbox",
        app_name: str = "turnabout",
        ids: Ids | None = None,
    ) -> None:
        self.ids = ids or Ids()
        self.now = now
        self._last_ts = datetime.min.replace(tzinfo=UTC)
        self._names: dict[str, str] = {}
        self._direct: dict[frozenset[str], str] = {}
        self._joined: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.users: dict[str, User] = {}
        self.conversations: dict[str, Conversation] = {}
        self.name = name
        self.domain = domain
        self.team_id = self.ids.next("T")
        self.app_id = self.ids.next("A")
        self.bot_id = self.ids.next("B")
        self.users[SLACKBOT] = User(SLACKBOT, "slackbot", "Slackbot")
        self.bot = self.users[self.add_user(app_name, app_name.title(), is_bot=True)]

    # People

    def add_user(self, name: str, real_name: str, **details: Unpack[UserDetails]) -> str:
        user = User(self.ids.next("U"), name, real_name, **details)
        self.users[user.id] = user
        return user.id

    def user(self, user_id: str) -> User:
        found = self.users.get(user_id)
        if found is None:
            raise SlackError("user_not_found")
        return found

    # Conversations

    def conversation(self, channel: str, viewer: str) -> Conversation:
        """The conversation with this id, or with this name; channel_not_found where unseen."""
        found = self.conversations.get(channel)
        if found is None and (by_name := self._names.get(channel.removeprefix("#"))):
            found = self.conversations[by_name]
        if found is None or not found.seen_by(viewer):
            raise SlackError("channel_not_found")
        return found

    def create_channel(self, name: str, creator: str, *, private: bool = False) -> Conversation:
        check_channel_name(name)
        if name in self._names:
            raise SlackError("name_taken")
        made = self._add_conversation("private" if private else "public", name, creator, [creator])
        self._names[name] = made.id
        return made

    def invite(
        self, channel: str, actor: str, users: Sequence[str], *, force: bool = False
    ) -> Conversation:
        """Adds everybody or nobody; with `force` those who can be added, if there is one."""
        conversation = self.conversation(channel, actor)
        if conversation.kind in ("im", "mpim"):
            raise SlackError("method_not_supported_for_channel_type")
        if conversation.archived:
            raise SlackError("is_archived")
        if actor not in conversation.members:
            raise SlackError("not_in_channel")
        refusals = {
            user: error
            for user in users
            if (error := self._not_invitable(conversation, actor, user))
        }
        if refusals and not (force and len(refusals) < len(users)):
            errors = [{"user": user, "ok": False, "error": why} for user, why in refusals.items()]
            raise SlackError(next(iter(refusals.values())), errors=errors)
        self.join(conversation, [user for user in users if user not in refusals])
        return conversation

    def _not_invitable(self, conversation: Conversation, actor: str, user: str) -> str | None:
        if user not in self.users:
            return "user_not_found"
        if user == actor:
            return "cant_invite_self"
        if user in conversation.members:
            return "already_in_channel"
        return "cant_invite" if self.users[user].deleted or user == SLACKBOT else None

    def archive(self, channel: str) -> None:
        self.conversations[channel].archived = True

    def join(self, conversation: Conversation, users: Sequence[str]) -> None:
        for user in users:
            conversation.members[user] = None
            self._joined[user][conversation.id] = None

    def leave(self, channel: str, user: str) -> None:
        self.conversations[channel].members.pop(user, None)
        self._joined[user].pop(channel, None)

    def conversations_of(self, user: str) -> list[Conversation]:
        return [self.conversations[channel] for channel in self._joined[user]]

    def open_direct(
        self, actor: str, users: Sequence[str], *, create: bool = True
    ) -> tuple[Conversation, bool]:
        """The DM or group DM of these people, and whether it was there before."""
        others = [user for user in dict.fromkeys(users) if user != actor]
        if not others:
            raise SlackError("not_enough_users")
        if len(others) > MOST_IN_GROUP_DM:
            raise SlackError("too_many_users")
        for user in map(self.user, others):
            if user.deleted:
                raise SlackError("user_disabled")
            if len(others) == 1 and (user.is_bot or user.id == SLACKBOT) and actor == self.bot.id:
                raise SlackError("cannot_dm_bot")
        members = frozenset((actor, *others))
        if members in self._direct:
            return self.conversations[self._direct[members]], True
        if not create:
            raise SlackError("channel_not_found")
        return self._add_direct(actor, others, members), False

    def _add_direct(
        self, actor: str, others: Sequence[str], members: frozenset[str]
    ) -> Conversation:
        kind: Kind = "im" if len(others) == 1 else "mpim"
        everybody = [actor, *others]
        names = "--".join(self.users[user].name for user in everybody)
        name = "directmessage" if kind == "im" else f"mpdm-{names}-1"
        made = self._add_conversation(kind, name, actor, everybody)
        self._direct[members] = made.id
        return made

    def _add_conversation(
        self, kind: Kind, name: str, creator: str, members: Sequence[str]
    ) -> Conversation:
        conversation_id = self.ids.next("D" if kind == "im" else "C")
        created = int(self.now().timestamp())
        made = Conversation(conversation_id, kind, name, creator, created, {})
        self.join(made, members)
        self.conversations[made.id] = made
        return made

    # Messages

    def next_ts(self) -> str:
        """The time now, in Slack's form; always later than the one before."""
        moment = max(self.now().astimezone(UTC), self._last_ts + timedelta(microseconds=1))
        self._last_ts = moment
        return f"{int(moment.timestamp())}.{moment.microsecond:06d}"

    def new_block_id(self) -> str:
        return self.ids.next("b")

    def writable(self, channel: str, author: str, *, anywhere: bool = False) -> Conversation:
        """Where `author` may post. A user's id stands for the DM with that user.

        `anywhere` lets a non-member post in public channels (scope chat:write.public).
        """
        if channel in self.users:
            channel = self._direct_for_post(channel, author)
        conversation = self.conversation(channel, author)
        if conversation.archived:
            raise SlackError("is_archived")
        if author not in conversation.members and not anywhere:
            raise SlackError("not_in_channel")
        return conversation

    def _direct_for_post(self, user: str, author: str) -> str:
        try:
            return self.open_direct(author, [user])[0].id
        except SlackError as error:
            code = "cannot_dm_bot" if error.code == "cannot_dm_bot" else "channel_not_found"
            raise SlackError(code) from None

    def post(
        self,
        conversation: Conversation,
        author: str,
        text: str = "",
        *,
        blocks: list[Json] | None = None,
        attachments: list[Json] | None = None,
        metadata: Json | None = None,
        thread_ts: str | None = None,
        visible_to: str | None = None,
    ) -> Message:
        message = Message(
            ts=self.next_ts(),
            channel=conversation.id,
            user=author,
            text=text,
            blocks=identified(blocks or [], self.new_block_id),
            attachments=attachments or [],
            metadata=metadata,
            bot_id=self.bot_id if author == self.bot.id else None,
            thread_ts=thread_ts,
            visible_to=visible_to,
        )
        conversation.messages[message.ts] = message
        return message

    def edit(self, message: Message, changes: Json) -> None:
        """Changes `text`, `blocks`, `attachments` or `metadata`; what is not named stays."""
        if "blocks" in changes:
            changes = {**changes, "blocks": identified(changes["blocks"], self.new_block_id)}
        for name, value in changes.items():
            setattr(message, name, value)
        message.edited = self.next_ts()


def check_channel_name(name: str) -> None:
    """Raises the code for Slack's rule that `name` breaks."""
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > LONGEST_CHANNEL_NAME:
        raise SlackError("invalid_name_maxlength")
    if any(not (one.isalnum() or one in "-_") for one in name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if not any(one.isalnum() for one in name):
        raise SlackError("invalid_name_punctuation")
