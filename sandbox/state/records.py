"""What a workspace is made of: people, conversations, messages."""

from dataclasses import dataclass, field
from typing import Literal

from sandbox.blocks import Json

Kind = Literal["public", "private", "im", "mpim"]


@dataclass
class User:
    """Guests see only conversations they are in: `is_restricted` in several channels,
    `is_ultra_restricted` in a single one (Slack sets both for them)."""

    id: str
    name: str
    real_name: str
    email: str | None = None
    tz: str = "Etc/UTC"
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    locale: str = "en-US"

    @property
    def is_guest(self) -> bool:
        return self.is_restricted or self.is_ultra_restricted


@dataclass
class Message:
    """`bot_id` is set on what the app posted; `visible_to` on what only one person sees; `files`
    are ids."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    metadata: Json | None = None
    bot_id: str | None = None
    thread_ts: str | None = None
    visible_to: str | None = None
    edited: str | None = None


@dataclass
class Note:
    """A channel's topic or purpose, who set it, and when (in seconds)."""

    value: str = ""
    creator: str = ""
    last_set: int = 0


@dataclass
class Conversation:
    """`members`, `messages` (by ts) and `pins` (of a ts) are dicts to keep their order.

    `closed` is a DM that the app has put out of its sight; opening it brings it back.
    """

    id: str
    kind: Kind
    name: str
    creator: str
    created: int
    members: dict[str, None]
    archived: bool = False
    closed: bool = False
    topic: Note = field(default_factory=Note)
    purpose: Note = field(default_factory=Note)
    previous_names: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    pins: dict[str, None] = field(default_factory=dict)
    bookmarks: list[Json] = field(default_factory=list)

    @property
    def is_channel(self) -> bool:
        return self.kind in ("public", "private")
