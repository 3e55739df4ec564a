"""The command line, as an operator uses it: words in, sentences and an exit code out."""

import asyncio
import codecs
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import schema
from bot.__main__ import main
from bot.config import Settings
from bot.database import make_engine
from bot.vault import new_key

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-hush-hush",
    "SLACK_APP_TOKEN": "xapp-hush-hush",
    "SLACK_SIGNING_SECRET": "hush-hush-signing",
}
NOBODY_LISTENS = "postgresql://turnabout:hush-hush@127.0.0.1:1/turnabout"
ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


Turnabout = Callable[..., Ended]


@pytest.fixture
def turnabout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Turnabout:
    """Runs `turnabout` with these words, in an empty folder, with these settings only."""
    for name in ("TURNABOUT_DATABASE_URL", "TURNABOUT_ENCRYPTION_KEY", "SLACK_API_URL", *SECRETS):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(*words: str | Path, **settings: str) -> Ended:
        with monkeypatch.context() as patched:
            for name, value in settings.items():
                patched.setenv(name, value)
            patched.setattr(sys, "argv", ["turnabout", *map(str, words)])
            with pytest.raises(SystemExit) as ended:
                main()
        said = capsys.readouterr()
        return Ended(int(ended.value.code or 0), said.out, said.err)

    return run


def assert_one_sentence(ended: Ended, *words: str) -> None:
    """Refused with one line on stderr, no traceback and no secret in it."""
    assert ended.code == 1
    [line] = ended.err.splitlines()
    assert line.endswith((".", "?"))
    assert all(word in line for word in words), line
    assert "Traceback" not in ended.out + ended.err
    assert "hush" not in ended.out + ended.err


class TestHelp:
    @pytest.mark.parametrize(
        ("words", "says"),
        [
            ([], ["run", "demo", "db", "people", "prompts", "doctor"]),
            (["run"], ["--http", "--port", "Socket Mode", "SLACK_BOT_TOKEN"]),
            (["demo"], ["--headless", "--port", "--people", "--map", "--weeks", "--seed", "--out"]),
            (["db"], ["upgrade", "current", "check", "new-key"]),
            (["people", "import"], ["--map", "level=JobLevel", "--workspace", "CSV"]),
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
        _execute(database_url, "ALTER TABLE person ADD COLUMN shoe_size INTEGER")
        ended = turnabout("db", "check", TURNABOUT_DATABASE_URL=database_url)
        assert ended.code == 1
        assert "shoe_size" in ended.err
        assert "Traceback" not in ended.err

    @ONE_ENGINE
    def test_check_knows_a_revision_of_another_version(
        self, turnabout: Turnabout, database_url: str
    ) -> None:
        _execute(database_url, "UPDATE alembic_version SET version_num = 'from_the_future'")
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
        assert "question" in ended.out


class TestDoctor:
    def test_without_settings_says_what_to_do(self, turnabout: Turnabout) -> None:
        ended = turnabout("doctor")
        assert ended.code == 1
        found = dict(line[4:].split(": ", 1) for line in ended.out.splitlines())
        assert found["configuration"].startswith("Set SLACK_BOT_TOKEN")
        assert "turnabout db upgrade" in found["migrations"]
        assert list(Path().iterdir()) == []


class TestPeopleImport:
    @pytest.fixture
    def import_file(self, turnabout: Turnabout, database_url: str) -> Callable[..., Ended]:
        def bring_in(data: bytes | str, *words: str) -> Ended:
            given = data.encode() if isinstance(data, str) else data
            Path("people.csv").write_bytes(given)
            key = {"TURNABOUT_ENCRYPTION_KEY": "k" * 43 + "="}
            url = {"TURNABOUT_DATABASE_URL": database_url}
            return turnabout("people", "import", "people.csv", *words, **url, **key)

        return bring_in

    def test_before_slack_is_connected_makes_the_workspace(
        self, import_file: Callable[..., Ended], database_url: str
    ) -> None:
        ended = import_file("id,name,level\n1,Lena Boss,6\n2,Jo Young,1\n")
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.splitlines() == [
            "2 people came in from 2 rows.",
            "2 new, 0 changed, 0 as before.",
        ]
        assert _rows(database_url, "SELECT team_id FROM workspace") == [(None,)]
        assert import_file("id,level\n1,6\n2,2\n").out.splitlines() == [
            "2 people came in from 2 rows.",
            "0 new, 1 changed, 1 as before.",
        ]

    @ONE_ENGINE
    def test_every_usable_row_comes_in_and_every_other_is_named(
        self, import_file: Callable[..., Ended], database_url: str
    ) -> None:
        ended = import_file(
            "Employee ID,Name,E-mail,Level,Manager ID,Time zone\n"  # 1
            "1,Lena,lena@example.com,6,,Europe/Berlin\n"
            "2,Max,max@example.com,3,1,Mars/Base\n"
            "2,Twin,twin@example.com,3,1,\n"  # 4: duplicate
            ",Nobody,,1,,\n"
            "5,Empty,,,1,\n"
            "6,Words,,senior,1,\n"
            "7,Half,,3.5,1,\n"
            "8,Mail,no address,1,1,\n"
            "9,Wide,,1,1,,and more\n"
            "10,Round,,2,11,\n"
            "11,About,,2,10,\n"
            "12,Self,,2,12,\n"
            "13,Lost,,1,404,\n"
            "14,Below,,1,10,\n"
        )
        assert ended.code == 0
        lines = ended.out.splitlines()
        assert lines[0] == "4 people came in from 14 rows."
        named = [line.split(":")[0].strip() for line in lines if "Line " in line]
        refused, warned = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13], [3, 14, 15]
        assert named == [f"Line {number}" for number in [*refused, *warned]]
        assert _ids(database_url) == {"1", "2", "13", "14"}
        for name in ("Twin", "Words", "Round", "Self", "no address", "404"):
            assert name not in ended.out, "a problem names ids and columns, never a person"

    @ONE_ENGINE
    def test_a_long_reason_stays_on_its_line(self, import_file: Callable[..., Ended]) -> None:
        wide = "Level according to the annual review of the board in steps"
        ended = import_file(f"id,{wide}\n1,1\n2,high\n", f"--map=id=id,level={wide}")
        [line] = [line for line in ended.out.splitlines() if "Line 3" in line]
        assert wide in line
        assert len(line) > 100

    @pytest.mark.parametrize(
        "data",
        [
            codecs.BOM_UTF8 + "id,name,level\n1,Zoë,1\n".encode(),
            "id,name,level\r\n1,Zoë,1\r\n".encode(),
            "id;name;level\n1;Zoë;1\n".encode("latin-1"),
            "id\tname\tlevel\n1\tZoë\t1\n".encode("utf-16"),
        ],
        ids=["byte order mark", "Windows line ends", "Latin-1", "UTF-16"],
    )
    @ONE_ENGINE
    def test_takes_what_spreadsheets_write(
        self, import_file: Callable[..., Ended], database_url: str, data: bytes
    ) -> None:
        assert import_file(data).code == 0
        assert _rows(database_url, "SELECT employee_id, name FROM person") == [("1", "Zoë")]

    @pytest.mark.parametrize(
        ("data", "words", "says"),
        [
            (b"", [], "empty"),
            (b"id,level\n", [], "no rows"),
            (b"PK\x03\x04 and so on", [], "workbook"),
            (b"\x00\x01\x02\x03", [], "not text"),
            (b"who,what\n1,2\n", [], "--map id="),
            (b"id,level\n1,1\n", ["--map", "id=id,level=Grade"], "Grade"),
            (b"id,level\n1,1\n", ["--map", "id=id,age=Age"], "age"),
            (b"id,level\n1,1\n", ["--map", "nonsense"], "nonsense"),
            (b"id,level\n1,1\n", ["--workspace", "T404"], "T404"),
        ],
    )
    @ONE_ENGINE
    def test_a_file_that_cannot_be_read_changes_nothing(
        self,
        import_file: Callable[..., Ended],
        database_url: str,
        data: bytes,
        words: list[str],
        says: str,
    ) -> None:
        assert_one_sentence(import_file(data, *words), says)
        assert _ids(database_url) == set()

    @ONE_ENGINE
    def test_a_file_with_no_usable_row_changes_nothing(
        self, import_file: Callable[..., Ended], database_url: str
    ) -> None:
        ended = import_file("id,level\n1,\n2,high\n")
        assert_one_sentence(ended, "No row could be used")
        named = [line.split(":")[0].strip() for line in ended.out.splitlines()]
        assert named[1:] == ["Line 2", "Line 3"]
        assert _ids(database_url) == set()

    def test_a_file_that_is_not_there_is_named(self, turnabout: Turnabout) -> None:
        assert_one_sentence(turnabout("people", "import", "nowhere.csv"), "nowhere.csv")

    def test_a_database_that_is_empty_is_told(self, turnabout: Turnabout) -> None:
        Path("people.csv").write_text("id,level\n1,1\n")
        assert_one_sentence(turnabout("people", "import", "people.csv"), "turnabout db upgrade")

    @ONE_ENGINE
    def test_of_several_workspaces_one_must_be_named(
        self, import_file: Callable[..., Ended], database_url: str
    ) -> None:
        for team in ("T1", "T2"):
            _execute(
                database_url,
                f"INSERT INTO workspace (team_id, created_at) VALUES ('{team}', '2026-01-01')",  # noqa: S608
            )
        assert_one_sentence(import_file("id,level\n1,1\n"), "--workspace")
        assert import_file("id,level\n1,1\n", "--workspace", "T2").code == 0
        assert _rows(
            database_url,
            "SELECT team_id FROM workspace JOIN person ON workspace.id = person.workspace_id",
        ) == [("T2",)]


def _engine(url: str) -> AsyncEngine:
    return make_engine(Settings(_env_file=None, database_url=url).database_url)


async def _downgrade(url: str) -> None:
    engine = _engine(url)
    await schema.downgrade(engine)
    await engine.dispose()


def _connect(url: str) -> Connection:
    return create_engine(url.replace("postgresql", "postgresql+psycopg", 1)).connect()


def _execute(url: str, statement: str) -> None:
    with _connect(url) as connection:
        connection.execute(text(statement))
        connection.commit()
        connection.engine.dispose()


def _rows(url: str, query: str) -> list[tuple[object, ...]]:
    with _connect(url) as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    connection.engine.dispose()
    return found


def _ids(url: str) -> set[object]:
    return {row[0] for row in _rows(url, "SELECT employee_id FROM person")}
