"""What happens in a workspace without anybody at their Slack client: who comes and goes, what the
administrators do, and what people did before the story begins. The app hears of it where it has
subscribed to it."""

from collections.abc import Iterable
from typing import Unpack

from sandbox.blocks import Json
from sandbox.manifest import Manifest
from sandbox.state.profiles import user_json
from sandbox.state.records import User
from sandbox.state.workspace import SLACKBOT, UserDetails, Workspace


class Administration:
    """The part of a Sandbox that administers its workspace."""

    workspace: Workspace
    manifest: Manifest

    def add_user(self, name: str, real_name: str = "", **details: Unpack[UserDetails]) -> str:
        user_id = self.workspace.add_user(name, real_name or name.title(), **details)
        self._tell_of_user("team_join", self.workspace.users[user_id])
        return user_id

    def change_user(self, user_id: str, **details: object) -> None:
        """Changes what the keywords of a User name, for example its tz or real_name."""
        user = self.workspace.user(user_id)
        for name, value in details.items():
            if not hasattr(user, name):
                raise TypeError(f"a user has no {name}")
            setattr(user, name, value)
        self._tell_of_user("user_change", user)

    def deactivate(self, user_id: str) -> None:
        """The account stays in its conversations, as in Slack, and its owner can do nothing."""
        self.change_user(user_id, deleted=True)

    def reactivate(self, user_id: str) -> None:
        self.change_user(user_id, deleted=False)

    def add_channel(
        self, name: str, members: Iterable[str] = (), *, private: bool = False, app: bool = False
    ) -> str:
        """A channel that somebody made; `app` says whether the app is in it."""
        bot = self.workspace.bot.id
        listed = [*members, *([bot] if app else [])]
        creator = listed[0] if listed else SLACKBOT
        made = self.workspace.create_channel(name, creator, private=private)
        self.workspace.join(made, listed)
        if not listed:
            self.workspace.leave(made.id, SLACKBOT)
        return made.id

    def add_file(self, user_id: str, channel: str, name: str, content: bytes) -> str:
        """A file that a person put into a conversation."""
        files = self.workspace.files
        file, ticket = files.ask(user_id, name, len(content))
        files.upload(ticket, content)
        file.state = "complete"
        self.workspace.post(self.workspace.conversations[channel], user_id, files=[file])
        return file.id

    def archive(self, channel: str) -> None:
        self.workspace.archive(channel)

    def unarchive(self, channel: str) -> None:
        self.workspace.unarchive(channel)

    def delete_channel(self, channel: str) -> None:
        self.workspace.delete_channel(channel)

    def uninstall(self) -> None:
        """An administrator removes the app."""
        self.workspace.remove_app("uninstalled")

    def revoke_tokens(self) -> None:
        """The app stays installed and its token does not."""
        self.workspace.remove_app("revoked")

    def _tell_of_user(self, kind: str, user: User) -> None:
        if kind in self.manifest.events:
            workspace, moment = self.workspace, self.workspace.now()
            email = "users:read.email" in self.manifest.scopes
            shape = user_json(user, workspace.team_id, moment, email=email)
            seconds = int(moment.timestamp())
            user_now = shape | {"updated": seconds}
            event: Json = {"type": kind, "user": user_now, "cache_ts": seconds}
            workspace.tell(event)
