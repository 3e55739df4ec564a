"""The command line, as an operator uses it: words in, sentences and an exit code out."""

import asyncio
import re
import shutil
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import schema
from bot.config import Settings
from bot.database import make_engine
from bot.vault import new_key
from prompts.library import BUILT_IN
from tests.command_line import Turnabout, assert_one_sentence, execute

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-hush-hush",
    "SLACK_APP_TOKEN": "xapp-hush-hush",
    "SLACK_SIGNING_SECRET": "hush-hush-signing",
}
NOBODY_LISTENS = "postgresql://turnabout:hush-hush@127.0.0.1:1/turnabout"
ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def copied_texts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUILT_IN / "en", tmp_path / "en"))


class TestHelp:
    @pytest.mark.parametrize(
        ("words", "says"),
        [
            ([], ["run", "demo", "db", "people", "prompts", "doctor"]),
            (["run"], ["--http", "--port", "Socket Mode", "SLACK_BOT_TOKEN"]),
            (["demo"], ["--headless", "--port", "--people", "--map", "--weeks", "--seed", "--out"]),
            (["db"], ["upgrade", "current", "check", "new-key"]),
            (["people"], ["import", "sync"]),
            (["people", "import"], ["--map", "level=JobLevel", "--workspace", "CSV", "--dry-run"]),
            (["people", "sync"], ["--map", "--dry-run", "TURNABOUT_SCIM_URL", "SCIM 2.0"]),
            (["prompts"], ["check"]),
            (["doctor"], ["what to do"]),
        ],
    )
    def test_says_what_there_is(
        self, turnabout: Turnabout, words: Sequence[str], says: Sequence[str]
    ) -> None:
        ended = turnabout(*words, "--help")
        assert ended.code == 0
        assert [word for word in says if word not in " ".join(ended.out.split())] == []

    def test_a_command_nobody_knows_is_refused(self, turnabout: Turnabout) -> None:
        ended = turnabout("matchmake")
        assert ended.code == 2
        assert "matchmake" in ended.err


class TestDemo:
    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (["--headless", "--port", "0"], ["--port", "--headless"]),
            (["--weeks", "4"], ["--weeks", "--headless"]),
            (["--map", "id=Number"], ["--map", "--people"]),
            (["--people", "nobody.csv"], ["nobody.csv"]),
        ],
    )
    def test_words_that_do_not_go_together(
        self, turnabout: Turnabout, words: Sequence[str], says: Sequence[str]
    ) -> None:
        assert_one_sentence(turnabout("demo", *words), *says)

    def test_a_port_that_is_taken(self, turnabout: Turnabout) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            assert_one_sentence(turnabout("demo", "--port", port), port, "--port")

    def test_no_such_port(self, turnabout: Turnabout) -> None:
        ended = turnabout("demo", "--port", "70000")
        assert ended.code == 2
        assert "65535" in ended.err


class TestSettings:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("TURNABOUT_DATABASE_URL", "mysql://root:hush-hush@localhost/x"),
            ("TURNABOUT_DATABASE_URL", "hush-hush"),
            ("TURNABOUT_DATABASE_URL", "postgresql://me:hush-hush@localhost:port/x"),
            ("SLACK_BOT_TOKEN", "hush-hush"),
            ("SLACK_BOT_TOKEN", "xapp-hush-hush"),
            ("SLACK_APP_TOKEN", "xoxb-hush-hush"),
            ("SLACK_API_URL", "hush-hush"),
        ],
    )
    @pytest.mark.parametrize("words", [["run"], ["db", "current"]])
    def test_a_wrong_one_is_named_and_not_shown(
        self, turnabout: Turnabout, words: list[str], name: str, value: str
    ) -> None:
        settings = SECRETS | {"TURNABOUT_ENCRYPTION_KEY": new_key(), name: value}
        assert_one_sentence(turnabout(*words, **settings), name)

    @ONE_ENGINE
    def test_a_wrong_encryption_key_is_named(self, turnabout: Turnabout, database_url: str) -> None:
        more = {"TURNABOUT_DATABASE_URL": database_url, "TURNABOUT_ENCRYPTION_KEY": "hush-hush"}
        assert_one_sentence(turnabout("run", **SECRETS, **more), "TURNABOUT_ENCRYPTION_KEY")

    @ONE_ENGINE
    def test_another_encryption_key_than_before_is_told(
        self, turnabout: Turnabout, database_url: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "people.csv"
        file.write_text("id,level\n1,1\n")
        keys = [{"TURNABOUT_ENCRYPTION_KEY": new_key()} for _ in range(2)]
        url = {"TURNABOUT_DATABASE_URL": database_url}
        assert turnabout("people", "import", file, **url, **keys[0]).code == 0
        ended = turnabout("people", "import", file, **url, **keys[1])
        assert_one_sentence(ended, "another encryption key")

    def test_postgresql_without_an_encryption_key_is_told(self, turnabout: Turnabout) -> None:
        ended = turnabout("run", **SECRETS, TURNABOUT_DATABASE_URL=NOBODY_LISTENS)
        assert_one_sentence(ended, "TURNABOUT_ENCRYPTION_KEY", "new-key")

    @ONE_ENGINE
    def test_a_missing_bot_token_is_told(self, turnabout: Turnabout, database_url: str) -> None:
        more = {"TURNABOUT_DATABASE_URL": database_url, "SLACK_APP_TOKEN": "xapp-1"}
        assert_one_sentence(turnabout("run", **more), "SLACK_BOT_TOKEN is not set")

    @ONE_ENGINE
    def test_slack_that_cannot_be_reached_is_told(
        self, turnabout: Turnabout, database_url: str
    ) -> None:
        more = {"TURNABOUT_DATABASE_URL": database_url, "SLACK_API_URL": "http://127.0.0.1:1/api/"}
        assert_one_sentence(turnabout("run", **SECRETS, **more), "Slack")

    def test_are_read_from_a_file_too(self, turnabout: Turnabout) -> None:
        Path(".env").write_text("TURNABOUT_DATABASE_URL=sqlite:///from-dotenv.db\n")
        assert turnabout("db", "upgrade").code == 0
        assert Path("from-dotenv.db").exists()

    def test_the_environment_goes_before_the_file(self, turnabout: Turnabout) -> None:
        Path(".env").write_text("TURNABOUT_DATABASE_URL=sqlite:///from-dotenv.db\n")
        url = "sqlite:///from-environment.db"
        assert turnabout("db", "upgrade", TURNABOUT_DATABASE_URL=url).code == 0
        assert [path.name for path in Path().glob("*.db")] == ["from-environment.db"]

    def test_a_wrong_one_in_the_file_is_named_too(self, turnabout: Turnabout) -> None:
        Path(".env").write_text("SLACK_BOT_TOKEN=hush-hush\n")
        assert_one_sentence(turnabout("run"), "SLACK_BOT_TOKEN")


class TestDatabaseThatDoesNotAnswer:
    @pytest.mark.parametrize(
        "words",
        [
            ["run"],
            ["people", "import", "people.csv"],
            ["db", "upgrade"],
            ["db", "current"],
            ["db", "check"],
        ],
        ids=" ".join,
    )
    @pytest.mark.parametrize(
        "url", [NOBODY_LISTENS, "sqlite:////no/such/folder/x.db", "sqlite:///people.csv"]
    )
    def test_is_told(self, turnabout: Turnabout, words: list[str], url: str) -> None:
        Path("people.csv").write_text("id,level\n" + "1,1\n" * 100)
        key = {"TURNABOUT_ENCRYPTION_KEY": new_key()}
        ended = turnabout(*words, **SECRETS, **key, TURNABOUT_DATABASE_URL=url)
        assert_one_sentence(ended, "The database does not answer", "TURNABOUT_DATABASE_URL")

    def test_is_one_finding_of_the_doctor(self, turnabout: Turnabout) -> None:
        ended = turnabout("doctor", TURNABOUT_DATABASE_URL=NOBODY_LISTENS)
        assert ended.code == 1
        assert "does not answer" in ended.out
        assert "prompt library" in ended.out
        assert "hush" not in ended.out + ended.err


class TestDb:
    def test_from_nothing_to_what_this_version_expects(
        self, turnabout: Turnabout, database_url: str
    ) -> None:
        url = {"TURNABOUT_DATABASE_URL": database_url}
        asyncio.run(_downgrade(database_url))
        assert turnabout("db", "current", **url).out == "The database is empty.\n"
        assert_one_sentence(turnabout("db", "check", **url), "turnabout db upgrade")
        for _ in range(2):
            ended = turnabout("db", "upgrade", **url)
            assert (ended.code, str(schema.newest()) in ended.out) == (0, True)
        assert turnabout("db", "current", **url).out == f"{schema.newest()}\n"
        assert turnabout("db", "check", **url).code == 0

    @ONE_ENGINE
    def test_check_finds_what_differs(self, turnabout: Turnabout, database_url: str) -> None:
        execute(database_url, "ALTER TABLE person ADD COLUMN shoe_size INTEGER")
        ended = turnabout("db", "check", TURNABOUT_DATABASE_URL=database_url)
        assert ended.code == 1
        assert "shoe_size" in ended.err
        assert "Traceback" not in ended.err

    @ONE_ENGINE
    def test_check_knows_a_revision_of_another_version(
        self, turnabout: Turnabout, database_url: str
    ) -> None:
        execute(database_url, "UPDATE alembic_version SET version_num = 'from_the_future'")
        ended = turnabout("db", "check", TURNABOUT_DATABASE_URL=database_url)
        assert_one_sentence(ended, "from_the_future")

    def test_a_new_key_is_one_line_that_works(self, turnabout: Turnabout) -> None:
        [key] = turnabout("db", "new-key").out.splitlines()
        assert turnabout("db", "new-key").out.strip() != key
        ended = turnabout("doctor", TURNABOUT_ENCRYPTION_KEY=key)
        assert "ok  encryption key" in ended.out


class TestPromptsCheck:
    def test_says_what_there_is(self, turnabout: Turnabout) -> None:
        ended = turnabout("prompts", "check")
        assert ended.code == 0
        assert re.search(r"^  questions +\d+$", ended.out, re.MULTILINE)
        assert "How it reads" in ended.out

    def test_checks_a_copy_that_somebody_works_on(
        self, turnabout: Turnabout, copied_texts: Path
    ) -> None:
        assert turnabout("prompts", "check", copied_texts) == turnabout("prompts", "check")

    @pytest.mark.parametrize(
        ("file", "text", "entry", "reason"),
        [
            ("nudges.toml", "[[nudge]", None, "is not valid TOML"),
            ("nudges.toml", 'text = "Go with {boss}."', "go", "unknown placeholder {boss}"),
            ("reminders.toml", f'text = "{"Go. " * 70}"', "go", "240 are the most there"),
            ("reminders.toml", 'text = "Go."\nfor = "all"', "go", "“for” is not known here"),
            (
                "encouragements.toml",
                'text = "When your mentor has stopped speaking, count to five before a reply: what '
                'comes in the pause is often worth hearing."',
                "reminder-count-to-five",
                "says nearly the same as",
            ),
        ],
    )
    def test_ends_with_file_entry_and_reason_of_what_is_wrong(
        self,
        turnabout: Turnabout,
        copied_texts: Path,
        file: str,
        text: str,
        entry: str | None,
        reason: str,
    ) -> None:
        kind = file.removesuffix("s.toml")
        with (copied_texts / file).open("a", encoding="utf-8") as end:
            end.write(f'\n[[{kind}]]\nid = "go"\n{text}\n' if entry else f"\n{text}\n")
        ended = turnabout("prompts", "check", copied_texts)
        assert_one_sentence(ended, f"en/{file}", entry or "", reason)

    def test_says_that_there_is_no_such_folder(self, turnabout: Turnabout) -> None:
        assert_one_sentence(turnabout("prompts", "check", "tlh"), "tlh: there is no such folder")


class TestDoctor:
    def test_without_settings_says_what_to_do(self, turnabout: Turnabout) -> None:
        ended = turnabout("doctor")
        assert ended.code == 1
        found = dict(line[4:].split(": ", 1) for line in ended.out.splitlines())
        assert found["configuration"].startswith("Set SLACK_BOT_TOKEN")
        assert "turnabout db upgrade" in found["migrations"]
        assert list(Path().iterdir()) == []


def _engine(url: str) -> AsyncEngine:
    return make_engine(Settings(_env_file=None, database_url=url).database_url)


async def _downgrade(url: str) -> None:
    engine = _engine(url)
    await schema.downgrade(engine)
    await engine.dispose()
