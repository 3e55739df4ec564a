"""The one door to Slack's Web API.

Every call the app makes is a method here, so that the scopes in the manifest can be compared with
`SCOPES`, and so that no call can read what people say to each other. No retries here: the SDK's
own would post twice, and the outbox knows better when to try again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack import errors

SCOPES: Mapping[str, frozenset[str]] = {
    "apps.connections.open": frozenset(),
    "auth.test": frozenset(),
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.create": frozenset({"groups:write"}),
    "conversations.info": frozenset({"channels:read", "groups:read"}),
    "conversations.invite": frozenset({"groups:write"}),
    "conversations.list": frozenset({"groups:read"}),
    "conversations.open": frozenset({"mpim:write"}),
    "users.info": frozenset({"users:read", "users:read.email"}),
    "views.open": frozenset(),
    "views.publish": frozenset(),
    "views.push": frozenset(),
    "views.update": frozenset(),
}
"""The methods the app may call, and the bot scopes each needs. Pairs have private channels or group
DMs; an admin channel may be public too."""

OTHER_SCOPES = frozenset({"commands", "metadata.message:read"})
"""Scopes for what Slack sends us: slash commands, and `message_metadata_posted` events. Those about
people (`user_change`, `team_join`) need `users:read`, which a method needs too."""

REACH_SECONDS = 10

METADATA_EVENT = "turnabout_delivery"

NOT_OURS = ("is_bot", "deleted", "is_restricted", "is_ultra_restricted", "is_stranger")
SLACKBOT = "USLACKBOT"
"""The one bot that Slack does not call a bot."""

Blocks = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Identity:
    """Who the token says we are."""

    team_id: str
    bot_user_id: str
    bot_id: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Profile:
    """What Slack knows of a person; text that it leaves out is "".

    `can_take_part` is False for bots, guests, people of other workspaces and closed accounts.
    `updated` is when the profile last changed, in seconds.
    """

    slack_user_id: str
    name: str
    email: str | None
    time_zone: str
    is_admin: bool
    can_take_part: bool
    locale: str = ""
    updated: int = 0


class Gateway:
    """Raises TryLater, Gone, OurFault or InDoubt (bot.slack.errors) and nothing else."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def identify(self) -> Identity:
        answer, headers = await self._call_for_headers("auth.test")
        scopes = headers.get("x-oauth-scopes") or ""
        return Identity(
            team_id=answer["team_id"],
            bot_user_id=answer["user_id"],
            bot_id=answer.get("bot_id", ""),
            scopes=frozenset(filter(None, (scope.strip() for scope in scopes.split(",")))),
        )

    async def answers(self) -> bool:
        """Whether Slack can be reached just now, whatever it says. Asked twice, as one connection
        may break for itself; takes twenty seconds at most."""
        for _ in range(2):
            try:
                async with asyncio.timeout(REACH_SECONDS):
                    await self.identify()
            except TimeoutError:
                continue
            except errors.SlackError as error:
                if error.code in (errors.NOT_CONNECTED, errors.CONNECTION_BROKE):
                    continue
            return True
        return False

    async def try_app_token(self, app_token: str) -> None:
        """Raises SlackError when Slack opens no Socket Mode connection for it."""
        await self._call("apps.connections.open", app_token=app_token)

    async def profile(self, slack_user_id: str) -> Profile:
        answer = await self._call("users.info", user=slack_user_id, include_locale=True)
        return profile_of(answer["user"])

    async def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> None:
        await self._call("views.open", trigger_id=trigger_id, view=view)

    async def push_view(self, trigger_id: str, view: Mapping[str, Any]) -> str:
        """Above the modal in which the trigger was made; Slack piles up three at most. Returns the
        new one's id."""
        answer = await self._call("views.push", trigger_id=trigger_id, view=view)
        return str(answer["view"]["id"])

    async def update_view(self, view_id: str, view: Mapping[str, Any], view_hash: str = "") -> None:
        """`view_hash`, where it is given, says which state of the view the person saw; Slack
        refuses (OurFault, "hash_conflict") when it has been changed since."""
        seen = {"hash": view_hash} if view_hash else {}
        await self._call("views.update", view_id=view_id, view=view, **seen)

    async def publish_home(self, slack_user_id: str, view: Mapping[str, Any]) -> None:
        """May be repeated: a person has one Home, and it is what was published last."""
        await self._call("views.publish", user_id=slack_user_id, view=view)

    async def post(self, recipient: str, key: str, text: str, blocks: Blocks) -> str:
        """Posts to a channel, or to a person directly by user id; returns the message's ts.

        `key` comes back in `message_metadata_posted`. Any app can read metadata: opaque ids only.
        """
        answer = await self._call(
            "chat.postMessage",
            channel=recipient,
            text=text,
            blocks=blocks,
            metadata={"event_type": METADATA_EVENT, "event_payload": {"id": key}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["ts"])

    async def update(self, channel: str, ts: str, text: str, blocks: Blocks) -> None:
        await self._call("chat.update", channel=channel, ts=ts, text=text, blocks=blocks)

    async def is_in(self, channel: str) -> bool:
        """Whether we can post there. True also when Slack cannot say just now: the answer is not
        worth a form that somebody filled in."""
        try:
            answer = await self._call("conversations.info", channel=channel)
        except errors.Gone:
            return False
        except errors.SlackError:
            return True
        return bool(answer["channel"].get("is_member"))

    async def channel_name(self, channel: str) -> str:
        """ "" where Slack does not tell us."""
        try:
            answer = await self._call("conversations.info", channel=channel)
        except errors.SlackError:
            return ""
        return str(answer["channel"].get("name") or "")

    async def create_private_channel(self, name: str) -> str:
        """Returns the id of the new channel, or of ours by that name if an earlier try made it."""
        try:
            answer = await self._call("conversations.create", name=name, is_private=True)
        except errors.OurFault as error:
            if error.code != "name_taken":
                raise
            return await self._own_private_channel(name)
        return str(answer["channel"]["id"])

    async def open_group_dm(self, slack_user_ids: Sequence[str]) -> str:
        """Returns the id of the one group DM of these people and us, however often it is asked."""
        answer = await self._call("conversations.open", users=",".join(slack_user_ids))
        return str(answer["channel"]["id"])

    async def invite(self, channel: str, slack_user_ids: Sequence[str]) -> None:
        """Slack takes all or nobody, so that one who is there already keeps the others out: then
        each is asked alone."""
        try:
            await self._call(
                "conversations.invite", channel=channel, users=",".join(slack_user_ids)
            )
        except errors.OurFault as error:
            if error.code != "already_in_channel":
                raise
            for one in slack_user_ids if len(slack_user_ids) > 1 else ():
                await self.invite(channel, [one])

    async def _own_private_channel(self, name: str) -> str:
        """A bot sees the private channels it is in. One that somebody else made and asked it into
        is not ours, whatever its name: whoever made it would read along."""
        us, cursor = (await self.identify()).bot_user_id, ""
        while True:
            page = await self._call(
                "conversations.list", types="private_channel", limit=200, cursor=cursor
            )
            for channel in page["channels"]:
                if channel["name"] == name and channel.get("creator") == us:
                    return str(channel["id"])
            cursor = page.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                raise errors.OurFault("name_taken")

    async def _call(self, method: str, **arguments: Any) -> dict[str, Any]:
        answer, _ = await self._call_for_headers(method, **arguments)
        return answer

    async def _call_for_headers(
        self, method: str, **arguments: Any
    ) -> tuple[dict[str, Any], Mapping[str, str]]:
        assert method in SCOPES, f"{method} is not a method this app may call"
        send = getattr(self._client, method.replace(".", "_"))
        try:
            response: AsyncSlackResponse = await send(**arguments)
        except SlackApiError as error:
            raise _named(error) from None
        except ClientConnectorError:
            raise errors.TryLater(errors.NOT_CONNECTED, 10.0) from None
        except (ClientError, TimeoutError, OSError):
            raise errors.InDoubt(errors.CONNECTION_BROKE) from None
        except (AttributeError, ValueError):  # the SDK stumbles over what is not a JSON object
            raise errors.InDoubt(errors.UNREADABLE) from None
        assert isinstance(response.data, dict), "the SDK lets nothing else pass as ok"
        return response.data, response.headers


def profile_of(user: Mapping[str, Any]) -> Profile:
    """A user object, from an answer or an event."""
    profile = user.get("profile", {})
    return Profile(
        slack_user_id=user["id"],
        name=profile.get("real_name") or user.get("real_name") or user.get("name", ""),
        email=_confirmed_email(user),
        time_zone=user.get("tz") or "",
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        can_take_part=user["id"] != SLACKBOT and not any(user.get(flag) for flag in NOT_OURS),
        locale=user.get("locale") or "",
        updated=int(user.get("updated") or 0),
    )


def _confirmed_email(user: Mapping[str, Any]) -> str | None:
    """In small letters. One that Slack says is not confirmed may be anybody's."""
    if user.get("is_email_confirmed") is False:
        return None
    return (user.get("profile", {}).get("email") or "").lower() or None


def _named(error: SlackApiError) -> errors.SlackError:
    """An answer that says JSON and is not leaves the SDK with aiohttp's response, not its own."""
    response = error.response
    retry_after = response.headers.get("Retry-After")
    if not isinstance(response, AsyncSlackResponse):
        return errors.named(response.status, None, retry_after)
    data = response.data if isinstance(response.data, dict) else {}
    return errors.named(response.status_code, data.get("error"), retry_after)
