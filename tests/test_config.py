from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import Settings, load_settings, required
from bot.errors import OperatorError

NAMES = (
    "TURNABOUT_DATABASE_URL",
    "TURNABOUT_ENCRYPTION_KEY",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_API_URL",
)
SECRET = "hunter2"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine, and no .env, reaches these tests."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


class TestLoadSettings:
    def test_with_nothing_set(self) -> None:
        settings = load_settings()
        assert settings.database_url == "sqlite+aiosqlite:///turnabout.db"
        assert settings.sqlite_file
        assert settings.slack_api_url == "https://slack.com/api/"
        assert settings.bot_token is settings.app_token is settings.signing_secret is None

    def test_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
        monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
        monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api")
        settings = load_settings()
        assert settings.bot_token == SecretStr("xoxb-1")
        assert settings.app_token == SecretStr("xapp-1")
        assert settings.slack_api_url == "http://127.0.0.1:1/api/"

    def test_from_the_env_file_which_the_environment_overrules(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        lines = "SLACK_BOT_TOKEN=xoxb-file\nSLACK_SIGNING_SECRET=of-the-file\nOTHER=ignored\n"
        (tmp_path / ".env").write_text(lines)
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-environment")
        settings = load_settings()
        assert settings.bot_token == SecretStr("xoxb-environment")
        assert settings.signing_secret == SecretStr("of-the-file")

    def test_an_empty_setting_is_not_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SLACK_BOT_TOKEN", "")
        assert load_settings().bot_token is None

    def test_only_under_the_names_of_the_manual(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BOT_TOKEN", "xoxb-of-another-program")
        monkeypatch.setenv("DATABASE_URL", "postgresql://another/program")
        assert load_settings().bot_token is None
        assert load_settings().sqlite_file

    @pytest.mark.parametrize(
        ("given", "driver"),
        [
            ("sqlite:///a.db", "sqlite+aiosqlite:///a.db"),
            ("sqlite:////var/a.db", "sqlite+aiosqlite:////var/a.db"),
            ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
            (
                "postgresql://u:p@h/d?sslmode=require",
                "postgresql+psycopg://u:p@h/d?sslmode=require",
            ),
            ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ],
    )
    def test_a_database_gets_its_driver(
        self, given: str, driver: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TURNABOUT_DATABASE_URL", given)
        assert load_settings().database_url == driver

    @pytest.mark.parametrize(
        ("name", "value", "sentence"),
        [
            ("TURNABOUT_DATABASE_URL", f"mysql://{SECRET}@h/d", "must begin with"),
            ("TURNABOUT_DATABASE_URL", SECRET, "must begin with"),
            ("TURNABOUT_DATABASE_URL", "sqlite://", "must name a file"),
            ("TURNABOUT_DATABASE_URL", "sqlite:///", "must name a file"),
            ("TURNABOUT_DATABASE_URL", "sqlite:///:memory:", "must name a file"),
            ("TURNABOUT_DATABASE_URL", "sqlite:///folder/", "must name a file"),
            ("SLACK_BOT_TOKEN", SECRET, "is not a bot token"),
            ("SLACK_BOT_TOKEN", f"xapp-{SECRET}", "is not a bot token"),
            ("SLACK_APP_TOKEN", f"xoxb-{SECRET}", "is not an app-level token"),
            ("SLACK_API_URL", f"ftp://{SECRET}", "must begin with http"),
        ],
    )
    def test_a_wrong_one_is_named_without_its_value(
        self, name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(name, value)
        with pytest.raises(OperatorError, match=f"^{name} {sentence}") as refused:
            load_settings()
        assert SECRET not in str(refused.value)
        assert refused.value.__suppress_context__

    def test_an_env_file_that_is_not_text(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_bytes(b"SLACK_BOT_TOKEN=\xff\xfe")
        with pytest.raises(OperatorError, match=r"\.env"):
            load_settings()


class TestSettings:
    def test_show_no_secret(self) -> None:
        settings = Settings(
            _env_file=None,
            database_url=f"postgresql://u:{SECRET}@h/d",
            encryption_key=SecretStr(SECRET),
            bot_token=SecretStr(f"xoxb-{SECRET}"),
            app_token=SecretStr(f"xapp-{SECRET}"),
            signing_secret=SecretStr(SECRET),
        )
        assert SECRET not in f"{settings!r} {settings}"


class TestRequired:
    def test_gives_the_value(self) -> None:
        assert required(SecretStr("xoxb-1"), "SLACK_BOT_TOKEN", "") == "xoxb-1"

    def test_says_what_is_missing_and_where_to_find_it(self) -> None:
        with pytest.raises(OperatorError, match=r"SLACK_BOT_TOKEN is not set\. Look there\."):
            required(None, "SLACK_BOT_TOKEN", "Look there.")
