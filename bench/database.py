"""A SQLite database to measure with, and the settings of an app that uses it."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot import schema
from bot.config import Settings
from bot.database import make_engine
from bot.vault import new_key


def settings_for(database: Path, **more: Any) -> Settings:
    """Nothing of these comes from the environment."""
    given: dict[str, Any] = {
        "database_url": f"sqlite:///{database}",
        "encryption_key": SecretStr(new_key()),
        "bot_token": None,
        "app_token": None,
        "signing_secret": None,
        "slack_api_url": "http://127.0.0.1/nowhere/",
    }
    return Settings.model_validate(given | more)


async def migrate(database: Path) -> None:
    engine = make_engine(settings_for(database).database_url)
    await schema.upgrade(engine)
    await engine.dispose()
