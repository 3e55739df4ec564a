"""The state of one made-up Slack workspace: people, conversations, messages and files. No HTTP.

Everything is found by key, so that a call costs the same in a workspace of any size. Ids are
counted, so that the same story gives the same ids. Methods take the acting user's id and raise
SlackError with the code Slack would answer. Whatever changes the state tells the app of it, if it
is something the app may know, through `tell`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, TypedDict, Unpack

from sandbox.blocks import Json, identified
from sandbox.errors import SlackError
from sandbox.state import happenings
from sandbox.state.files import File, Files
from sandbox.state.records import Conversation, Kind, Message, User

SLACKBOT = "USLACKBOT"
MOST_IN_GROUP_DM = 8
LONGEST_CHANNEL_NAME = 80

AppState = Literal["installed", "revoked", "uninstalled"]


class UserDetails(TypedDict, total=False):
    email: str | None
    tz: str
    is_admin: bool
    is_owner: bool
    is_bot: bool
    is_restricted: bool
    is_ultra_restricted: bool
    deleted: bool
    locale: str


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
        app_name: str = "Turnabout",
        ids: Ids | None = None,
        tell: Callable[[Json], None] = lambda event: None,
    ) -> None:
        self.ids = ids or Ids()
        self.now = now
        self._tell = tell
        self._last_ts = datetime.min.replace(tzinfo=UTC)
        self._names: dict[str, str] = {}
        self._direct: dict[frozenset[str], str] = {}
        self._joined: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.users: dict[str, User] = {}
        self.conversations: dict[str, Conversation] = {}
        self.files = Files(self.ids.next, now)
        self.name = name
        self.domain = domain
        self.team_id = self.ids.next("T")
        self.app_id = self.ids.next("A")
        self.bot_id = self.ids.next("B")
        self.app_state: AppState = "installed"
        self.users[SLACKBOT] = User(SLACKBOT, "slackbot", "Slackbot")
        self.bot = self.users[self.add_user(app_name.lower(), app_name, is_bot=True)]

    def tell(self, event: Json) -> None:
        """Nothing reaches an app that was removed."""
        if self.app_state == "installed":
            self._tell({"event_ts": stamp(self.now()), **event})

    # People and the app

    def add_user(self, name: str, real_name: str, **details: Unpack[UserDetails]) -> str:
        user = User(self.ids.next("U"), name, real_name, **details)
        self.users[user.id] = user
        return user.id

    def user(self, user_id: str) -> User:
        found = self.users.get(user_id)
        if found is None:
            raise SlackError("user_not_found")
        return found

    def remove_app(self, state: Literal["revoked", "uninstalled"]) -> None:
        """With its token the app's user loses its place in every channel."""
        self.tell(happenings.tokens_revoked(self.bot.id))
        if state == "uninstalled":
            self.tell(happenings.app_uninstalled())
        self.app_state = state
        self.bot.deleted = True
        for conversation in self.conversations_of(self.bot.id):
            if conversation.is_channel:
                self.leave(conversation.id, self.bot.id)

    # Who sees what

    def sees(self, user: str, conversation: Conversation) -> bool:
        """Members do; public channels everybody but guests."""
        if user in conversation.members:
            return True
        known = self.users.get(user)
        return conversation.kind == "public" and known is not None and not known.is_guest

    def sees_file(self, user: str, file: File) -> bool:
        shared = [self.conversations[channel] for channel in file.shares]
        return user == file.owner or any(self.sees(user, one) for one in shared)

    def conversation(self, channel: str, viewer: str) -> Conversation:
        """The conversation with this id, or with this name; channel_not_found where unseen."""
        found = self._find(channel)
        if found is None or not self.sees(viewer, found):
            raise SlackError("channel_not_found")
        return found

    def one_name(self, channel: str) -> str:
        """The same for every name of a conversation: its id, and for a DM the other person's,
        since the DM may not be there yet. What is unknown keeps its name."""
        found = self._find(channel)
        if found is None:
            return channel
        if found.kind == "im":
            return next(user for user in found.members if user != self.bot.id)
        return found.id

    def _find(self, channel: str) -> Conversation | None:
        return self.conversations.get(self._names.get(channel.removeprefix("#"), channel))

    def conversations_of(self, user: str) -> list[Conversation]:
        return [self.conversations[channel] for channel in self._joined[user]]

    # Channels

    def create_channel(self, name: str, creator: str, *, private: bool = False) -> Conversation:
        self._check_name(name)
        kind: Kind = "private" if private else "public"
        made = self._add_conversation(kind, name, creator, [creator])
        self._names[name] = made.id
        return made

    def rename(self, conversation: Conversation, name: str) -> None:
        """The old name is free again."""
        if name == conversation.name:
            return
        self._check_name(name)
        del self._names[conversation.name]
        self._names[name] = conversation.id
        conversation.previous_names.insert(0, conversation.name)
        conversation.name = name
        self._tell_of(conversation, happenings.renamed(conversation))

    def _check_name(self, name: str) -> None:
        """Archived channels keep their names."""
        check_channel_name(name)
        if name in self._names:
            raise SlackError("name_taken")

    def archive(self, channel: str, actor: str = SLACKBOT) -> None:
        conversation = self.conversations[channel]
        conversation.archived = True
        self._tell_of(conversation, happenings.archived(conversation, actor))

    def unarchive(self, channel: str, actor: str = SLACKBOT) -> None:
        conversation = self.conversations[channel]
        conversation.archived = False
        self._tell_of(conversation, happenings.unarchived(conversation, actor))

    def delete_channel(self, channel: str, actor: str = SLACKBOT) -> None:
        conversation = self.conversations[channel]
        self._tell_of(conversation, happenings.deleted(conversation, actor))
        for user in conversation.members:
            del self._joined[user][channel]
        del self._names[conversation.name], self.conversations[channel]

    def _tell_of(self, conversation: Conversation, event: Json) -> None:
        if self.sees(self.bot.id, conversation):
            self.tell(event)

    # Who is in them

    def join(
        self, conversation: Conversation, users: Sequence[str], inviter: str | None = None
    ) -> None:
        """The app hears of it where it is a member, of itself too. Who is in already, stays."""
        for user in users:
            if user in conversation.members:
                continue
            conversation.members[user] = None
            self._joined[user][conversation.id] = None
            if conversation.is_channel and self.bot.id in conversation.members:
                self.tell(happenings.member_joined(conversation, self.team_id, user, inviter))

    def leave(self, channel: str, user: str) -> None:
        conversation = self.conversations[channel]
        if user not in conversation.members:
            return
        del conversation.members[user], self._joined[user][channel]
        if user == self.bot.id:
            self.tell(happenings.app_left(conversation))
        elif self.bot.id in conversation.members:
            self.tell(happenings.member_left(conversation, self.team_id, user))

    # DMs

    def open_direct(
        self, actor: str, users: Sequence[str], *, create: bool = True
    ) -> tuple[Conversation, bool]:
        """The DM or group DM of these people, and whether it was there, and open, before."""
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
        known = self._direct.get(frozenset((actor, *others)))
        if known is None and not create:
            raise SlackError("channel_not_found")
        if known is None:
            return self._add_direct(actor, others), False
        found = self.conversations[known]
        was_open, found.closed = not found.closed, False
        return found, was_open

    def _add_direct(self, actor: str, others: Sequence[str]) -> Conversation:
        kind: Kind = "im" if len(others) == 1 else "mpim"
        everybody = [actor, *others]
        names = "--".join(self.users[user].name for user in everybody)
        name = "directmessage" if kind == "im" else f"mpdm-{names}-1"
        made = self._add_conversation(kind, name, actor, everybody)
        self._direct[frozenset(everybody)] = made.id
        return made

    def _add_conversation(
        self, kind: Kind, name: str, creator: str, members: Sequence[str]
    ) -> Conversation:
        conversation_id = self.ids.next("D" if kind == "im" else "C")
        created = int(self.now().timestamp())
        made = Conversation(conversation_id, kind, name, creator, created, {})
        self.conversations[made.id] = made
        self.join(made, members)
        return made

    # Messages

    def next_ts(self) -> str:
        """The time now, in Slack's form; always later than the one before."""
        moment = max(self.now().astimezone(UTC), self._last_ts + timedelta(microseconds=1))
        self._last_ts = moment
        return stamp(moment)

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
        """A DM that is there already takes messages for somebody deactivated, too."""
        if known := self._direct.get(frozenset((author, user))):
            return known
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
        files: Sequence[File] = (),
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
            files=[file.id for file in files],
            metadata=metadata,
            bot_id=self.bot_id if author == self.bot.id else None,
            thread_ts=thread_ts,
            visible_to=visible_to,
        )
        for file in files:
            file.shares[conversation.id] = message.ts
        conversation.messages[message.ts] = message
        if message.metadata and visible_to is None:
            self.tell(happenings.metadata_posted(message, self.app_id, self.team_id))
        return message

    def edit(self, message: Message, changes: Json) -> None:
        """Changes `text`, `blocks`, `attachments` or `metadata`; what is not named stays."""
        if "blocks" in changes:
            changes = {**changes, "blocks": identified(changes["blocks"], self.new_block_id)}
        for name, value in changes.items():
            setattr(message, name, value)
        message.edited = self.next_ts()

    def delete(self, message: Message) -> None:
        conversation = self.conversations[message.channel]
        del conversation.messages[message.ts]
        conversation.pins.pop(message.ts, None)


def stamp(moment: datetime) -> str:
    """A time in Slack's form: seconds, a point, and microseconds."""
    return f"{int(moment.timestamp())}.{moment.microsecond:06d}"


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
