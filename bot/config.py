"""Settings, read once at the start from the environment and `.env`."""

import re
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import OperatorError

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
SQLITE_FILE = re.compile(r"/(?!:memory:)[^?]*[^?/]")


class Settings(BaseSettings):
    """Everything that can be set from outside. Secrets do not show in its repr."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_prefix="TURNABOUT_",  # else populate_by_name takes a bare DATABASE_URL for ours
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
    )

    database_url: str = Field(
        "sqlite:///turnabout.db", validation_alias="TURNABOUT_DATABASE_URL", repr=False
    )
    encryption_key: SecretStr | None = Field(None, validation_alias="TURNABOUT_ENCRYPTION_KEY")
    bot_token: SecretStr | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    app_token: SecretStr | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    signing_secret: SecretStr | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    slack_api_url: str = Field("https://slack.com/api/", validation_alias="SLACK_API_URL")

    scim_url: str | None = Field(default=None, validation_alias="TURNABOUT_SCIM_URL", repr=False)
    scim_token: SecretStr | None = Field(default=None, validation_alias="TURNABOUT_SCIM_TOKEN")

    @field_validator("database_url")
    @classmethod
    def _with_async_driver(cls, url: str) -> str:
        scheme, separator, rest = url.partition("://")
        driver = DRIVERS.get(scheme, scheme)
        if not separator or driver not in DRIVERS.values():
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if driver == DRIVERS["sqlite"] and not SQLITE_FILE.fullmatch(rest):
            raise ValueError("must name a file after sqlite:///")
        return f"{driver}://{rest}"

    @field_validator("bot_token")
    @classmethod
    def _is_a_bot_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not token.get_secret_value().startswith(("xoxb-", "xoxe.xoxb-")):
            raise ValueError("is not a bot token: those begin with xoxb-")
        return token

    @field_validator("app_token")
    @classmethod
    def _is_an_app_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not token.get_secret_value().startswith("xapp-"):
            raise ValueError("is not an app-level token: those begin with xapp-")
        return token

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_a_slash(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return url.rstrip("/") + "/"

    @field_validator(
        "encryption_key",
        "bot_token",
        "app_token",
        "signing_secret",
        "scim_url",
        "scim_token",
        mode="before",
    )
    @classmethod
    def _blank_is_nothing(cls, secret: object) -> object:
        return None if isinstance(secret, str) and not secret.strip() else secret

    @property
    def sqlite_file(self) -> Path | None:
        """The database file; None for PostgreSQL."""
        scheme, _, path = self.database_url.partition(":///")
        return Path(path) if scheme.startswith("sqlite") else None


def load_settings() -> Settings:
    """Reads the settings; raises OperatorError naming the first wrong one, never its value."""
    try:
        return Settings()  # type: ignore[call-arg]  # filled from the environment
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0])
        raise OperatorError(f"{name} {first['msg'].removeprefix('Value error, ')}.") from None
    except (OSError, UnicodeDecodeError):
        raise OperatorError("The file .env cannot be read: it must be text in UTF-8.") from None


def required(secret: SecretStr | None, name: str, hint: str) -> str:
    """The secret's value; raises OperatorError naming the missing setting and where to find it."""
    if secret is None:
        raise OperatorError(f"{name} is not set. {hint}")
    return secret.get_secret_value()
