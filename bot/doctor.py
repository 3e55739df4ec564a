"""`turnabout doctor`: each thing the app needs, and what to do where it is missing."""

import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot import schema
from bot.config import Settings
from bot.database import make_engine
from bot.errors import OperatorError
from bot.slack.errors import InDoubt, SlackError, TryLater
from bot.slack.gateway import OTHER_SCOPES, SCOPES, Gateway
from bot.vault import key_file, open_vault
from prompts.figures import figures
from prompts.library import LibraryError, load_library

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Finding:
    """`advice` says what was found or, when not `ok`, what to do."""

    subject: str
    ok: bool
    advice: str


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Looks at everything, also after something was found wanting, and leaves nothing behind: the
    key and the database are made by those who need them."""
    yield _configuration(settings)
    yield _key(settings)
    async for finding in _database(settings):
        yield finding
    yield _prompts()
    async for finding in _slack(settings):
        yield finding


def _configuration(settings: Settings) -> Finding:
    missing = []
    if settings.bot_token is None:
        missing.append("SLACK_BOT_TOKEN")
    if settings.app_token is None and settings.signing_secret is None:
        missing.append("SLACK_APP_TOKEN (for Socket Mode) or SLACK_SIGNING_SECRET (for HTTP)")
    if missing:
        return Finding("configuration", False, f"Set {' and '.join(missing)}.")
    transports = [
        name
        for name, secret in (
            ("Socket Mode", settings.app_token),
            ("HTTP", settings.signing_secret),
        )
        if secret is not None
    ]
    return Finding("configuration", True, f"ready for {' and '.join(transports)}")


def _key(settings: Settings) -> Finding:
    database = settings.sqlite_file
    if settings.encryption_key is None and database is not None:
        file = key_file(database)
        if not file.exists():
            advice = f"will be made at the first start, in {file}; keep a copy of it then"
            return Finding("encryption key", True, advice)
        if file.stat().st_mode & OTHERS:
            return Finding("encryption key", False, f"{file} can be read by others: chmod 600 it.")
    try:
        open_vault(settings)
    except OperatorError as error:
        return Finding("encryption key", False, str(error))
    place = (
        "TURNABOUT_ENCRYPTION_KEY" if settings.encryption_key else "the file beside the database"
    )
    return Finding("encryption key", True, f"from {place}; keep a copy of it")


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    file = settings.sqlite_file
    if file is not None and file.parent.is_dir() and not file.exists():
        yield Finding("database", True, f"will be made in {file}")
        yield _migrations(None)
        return
    try:
        engine = make_engine(settings.database_url)
    except OperatorError as error:
        yield Finding("database", False, str(error))
        return
    try:
        revision = await schema.current(engine)
        yield Finding("database", True, f"{engine.dialect.name} answers")
        yield _migrations(revision)
    except SQLAlchemyError:
        advice = "It does not answer: is TURNABOUT_DATABASE_URL right, and is the server running?"
        yield Finding("database", False, advice)
    finally:
        await engine.dispose()


def _migrations(revision: str | None) -> Finding:
    newest = schema.newest()
    advice = f"at revision {revision}" if revision else "nothing is there yet"
    if revision != newest:
        advice += f", this version needs {newest}: run `turnabout db upgrade`."
    return Finding("migrations", revision == newest, advice)


def _prompts() -> Finding:
    try:
        kinds = figures(load_library()).kinds
    except LibraryError as error:
        return Finding("prompt library", False, str(error))
    return Finding("prompt library", True, ", ".join(f"{n} {kind}" for kind, n in kinds.items()))


async def _slack(settings: Settings) -> AsyncIterator[Finding]:
    if settings.bot_token is None:
        yield Finding("token", False, "Set SLACK_BOT_TOKEN; then the token can be tried.")
        return
    token = settings.bot_token.get_secret_value()
    client = AsyncWebClient(token, base_url=settings.slack_api_url, retry_handlers=[])
    gateway = Gateway(client)
    try:
        identity = await gateway.identify()
    except (TryLater, InDoubt) as error:
        advice = f"This machine cannot reach Slack at {settings.slack_api_url} ({error.code})."
        yield Finding("token", False, advice)
        return
    except SlackError as error:
        advice = f"Slack does not take SLACK_BOT_TOKEN ({error.code}): install the app again?"
        yield Finding("token", False, advice)
        return
    yield Finding("token", True, f"workspace {identity.team_id}")
    missing = OTHER_SCOPES.union(*SCOPES.values()) - identity.scopes
    advice = "all there"
    if missing:
        advice = f"Add {', '.join(sorted(missing))} to the app and install it again."
    yield Finding("scopes", not missing, advice)
    if settings.app_token is not None:
        yield await _app_token(gateway, settings.app_token.get_secret_value())


async def _app_token(gateway: Gateway, app_token: str) -> Finding:
    try:
        await gateway.try_app_token(app_token)
    except SlackError as error:
        advice = f"Slack does not take SLACK_APP_TOKEN ({error.code}): has it connections:write?"
        return Finding("app token", False, advice)
    return Finding("app token", True, "opens a Socket Mode connection")
