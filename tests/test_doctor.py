from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import Settings
from bot.doctor import Finding, examine
from bot.slack.gateway import OTHER_SCOPES, SCOPES
from bot.vault import new_key
from sandbox.server import Sandbox

SUBJECTS = {
    "configuration",
    "encryption key",
    "database",
    "migrations",
    "prompt library",
    "token",
    "scopes",
    "app token",
}
EMPTY_SQLITE = "sqlite:///{folder}/turnabout.db"
NOBODY_LISTENS = "postgresql://turnabout:hush-hush@127.0.0.1:1/turnabout"


def changed(settings: Settings, **changes: object) -> Settings:
    return settings.model_copy(update=changes)


async def findings(settings: Settings) -> dict[str, Finding]:
    return {finding.subject: finding async for finding in examine(settings)}


def wanting(found: dict[str, Finding]) -> set[str]:
    return {subject for subject, finding in found.items() if not finding.ok}


@pytest.fixture
async def few_scopes() -> AsyncIterator[Sandbox]:
    async with Sandbox(scopes=["chat:write", "commands"]) as sandbox:
        yield sandbox


class TestExamine:
    async def test_all_is_well(self, settings: Settings) -> None:
        found = await findings(settings)
        assert found.keys() == SUBJECTS
        assert wanting(found) == set()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestExamineWhatIsWanting:
    async def test_goes_on_after_something_was_found(self, settings: Settings) -> None:
        found = await findings(
            changed(settings, bot_token=None, database_url="sqlite+aiosqlite:////no/folder/x.db")
        )
        assert found.keys() == SUBJECTS - {"migrations", "scopes", "app token"}
        assert wanting(found) == {"configuration", "database", "token"}

    @pytest.mark.parametrize(
        ("lacks", "says"),
        [
            (["bot_token"], ["SLACK_BOT_TOKEN"]),
            (["app_token", "signing_secret"], ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"]),
        ],
    )
    async def test_a_missing_setting_is_named(
        self, settings: Settings, lacks: list[str], says: list[str]
    ) -> None:
        finding = (await findings(changed(settings, **dict.fromkeys(lacks))))["configuration"]
        assert not finding.ok
        assert all(name in finding.advice for name in says)

    @pytest.mark.parametrize(
        ("lacks", "transport"), [("app_token", "HTTP"), ("signing_secret", "Socket Mode")]
    )
    async def test_one_transport_is_enough(
        self, settings: Settings, lacks: str, transport: str
    ) -> None:
        finding = (await findings(changed(settings, **{lacks: None})))["configuration"]
        assert finding == Finding("configuration", True, f"ready for {transport}")

    async def test_looking_leaves_nothing_behind(self, settings: Settings, tmp_path: Path) -> None:
        folder = tmp_path / "elsewhere"
        folder.mkdir()
        url = f"sqlite+aiosqlite:///{folder}/turnabout.db"
        found = await findings(changed(settings, database_url=url, encryption_key=None))
        assert list(folder.iterdir()) == []
        assert wanting(found) == {"migrations"}
        assert "turnabout db upgrade" in found["migrations"].advice
        assert str(folder / "turnabout.key") in found["encryption key"].advice

    async def test_a_key_file_that_is_there_is_read(
        self, settings: Settings, database_url: str
    ) -> None:
        file = Path(database_url.removeprefix("sqlite:///")).with_suffix(".key")
        settings = changed(settings, encryption_key=None)
        file.write_text(new_key())
        file.chmod(0o644)
        assert wanting(await findings(settings)) == {"encryption key"}
        file.chmod(0o600)
        assert (await findings(settings))["encryption key"].ok
        file.write_text("no key")
        assert wanting(await findings(settings)) == {"encryption key"}

    @pytest.mark.parametrize("key", [None, SecretStr("no key")])
    async def test_postgresql_needs_a_key_of_its_own(
        self, settings: Settings, key: SecretStr | None
    ) -> None:
        url = NOBODY_LISTENS.replace("postgresql", "postgresql+psycopg")
        found = await findings(changed(settings, encryption_key=key, database_url=url))
        assert wanting(found) == {"encryption key", "database"}
        assert "new-key" in found["encryption key"].advice
        assert "hush-hush" not in str(found)

    async def test_a_token_slack_does_not_take_is_told(self, settings: Settings) -> None:
        found = await findings(changed(settings, bot_token=SecretStr("xoxb-wrong")))
        assert wanting(found) == {"token"}
        assert "invalid_auth" in found["token"].advice
        assert "xoxb-wrong" not in str(found)

    async def test_slack_that_cannot_be_reached_is_told(self, settings: Settings) -> None:
        found = await findings(changed(settings, slack_api_url="http://127.0.0.1:1/api/"))
        assert wanting(found) == {"token"}

    async def test_missing_scopes_are_named(self, settings: Settings, few_scopes: Sandbox) -> None:
        found = await findings(changed(settings, slack_api_url=few_scopes.api_url))
        assert wanting(found) == {"scopes"}
        missing = OTHER_SCOPES.union(*SCOPES.values()) - {"chat:write", "commands"}
        assert all(scope in found["scopes"].advice for scope in missing)
