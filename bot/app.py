"""The only place where things are wired together."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random, SystemRandom
from typing import Any

from aiohttp import ClientSession, ClientTimeout
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot import schema
from bot.clock import Clock, system_clock
from bot.config import Settings, required
from bot.database import Database, make_engine
from bot.errors import OperatorError
from bot.runtime import Runtime
from bot.slack import installations
from bot.slack.errors import SlackError
from bot.slack.gateway import Gateway, Identity
from bot.vault import open_vault
from prompts.library import load_library

CALL_SECONDS = 20
"""How long one call to Slack may take before it is in doubt."""


@dataclass(frozen=True)
class App:
    """The app, wired and connected: what `run` serves and the ticker drives."""

    runtime: Runtime
    bolt: AsyncApp
    identity: Identity


@asynccontextmanager
async def open_runtime(
    settings: Settings, clock: Clock = system_clock, random: Random | None = None
) -> AsyncIterator[tuple[Runtime, AsyncWebClient]]:
    """The database, at the right revision, and the way to Slack, not yet used.

    Raises OperatorError when the database or the encryption key cannot be used, LibraryError when
    a text is wrong.
    """
    library, vault = load_library(), open_vault(settings)
    token = settings.bot_token.get_secret_value() if settings.bot_token else None
    engine = make_engine(settings.database_url)
    try:
        await schema.require_newest(engine)
        async with ClientSession(timeout=ClientTimeout(total=CALL_SECONDS)) as http:
            client = AsyncWebClient(
                token, base_url=settings.slack_api_url, session=http, retry_handlers=[]
            )
            runtime = Runtime(
                database=Database(engine),
                slack=Gateway(client),
                clock=clock,
                library=library,
                vault=vault,
                random=random or SystemRandom(),
            )
            try:
                yield runtime, client
            finally:
                await runtime.stop()
    finally:
        await engine.dispose()


@asynccontextmanager
async def open_app(
    settings: Settings, clock: Clock = system_clock, random: Random | None = None
) -> AsyncIterator[App]:
    """The runtime, connected: finds out who we are at Slack and registers the listeners.

    Raises OperatorError when a setting is missing, the token does not work, or the texts in the
    database were sealed with another key.
    """
    required(
        settings.bot_token, "SLACK_BOT_TOKEN", "It is on the app's “OAuth & Permissions” page."
    )
    async with open_runtime(settings, clock, random) as (runtime, client):
        identity = await _identify(runtime)
        yield App(runtime, _bolt(runtime, client, settings, identity), identity)


async def _identify(runtime: Runtime) -> Identity:
    """Who the token is, at Slack; its workspace is registered here if it is new."""
    try:
        identity = await runtime.slack.identify()
    except SlackError as error:
        raise OperatorError(
            f"Slack does not take SLACK_BOT_TOKEN ({error.code}): is it the bot token of an "
            "installed app, and can this machine reach Slack?"
        ) from None
    async with runtime.database.transaction_across_workspaces() as session:
        await installations.require_only(session, identity.team_id)
        workspace_id = await installations.register(session, identity.team_id, runtime.clock())
        await installations.check_key(session, workspace_id, runtime.vault.fingerprint)
    return identity


def _bolt(
    runtime: Runtime, client: AsyncWebClient, settings: Settings, identity: Identity
) -> AsyncApp:
    """Bolt answers when the listener is done (`process_before_response`): by default it polls for
    the acknowledgement every 10 ms. It may not drop our own events, which settle doubts."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=client.token,
            bot_id=identity.bot_id,
            bot_user_id=identity.bot_user_id,
        )

    secret = settings.signing_secret
    bolt = AsyncApp(
        name="slack_bolt.turnabout",
        client=client,
        authorize=authorize,
        signing_secret=secret.get_secret_value() if secret else "",
        request_verification_enabled=secret is not None,
        process_before_response=True,
        ignoring_self_events_enabled=False,
        raise_error_for_unhandled_request=False,
    )

    async def put_runtime_into_context(
        context: dict[str, Any], next_: Callable[[], Awaitable[None]]
    ) -> None:
        context["runtime"] = runtime
        await next_()

    bolt.use(put_runtime_into_context)
    handlers.register(bolt)
    return bolt
