"""`turnabout people`, as an operator uses it."""

import codecs
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import insert

from bot import terminal
from models import Cadence, Enrollment, Program, Role
from tests.command_line import Ended, Turnabout, assert_one_sentence, execute, ids, rows
from tests.scim_server import ENTERPRISE, ScimServer

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEY = {"TURNABOUT_ENCRYPTION_KEY": "k" * 43 + "="}


@pytest.fixture
def import_file(turnabout: Turnabout, database_url: str) -> Callable[..., Ended]:
    def bring_in(data: bytes | str, *words: str) -> Ended:
        given = data.encode() if isinstance(data, str) else data
        Path("people.csv").write_bytes(given)
        url = {"TURNABOUT_DATABASE_URL": database_url}
        return turnabout("people", "import", "people.csv", *words, **url, **KEY)

    return bring_in


class TestPeopleImport:
    def test_before_slack_is_connected_makes_the_workspace(
        self, import_file: Callable[..., Ended], database_url: str
    ) -> None:
        ended = import_file("id,name,level\n1,Lena Boss,6\n2,Jo Young,1\n")
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.splitlines() == [
            "Columns: id = id, name = name, level = level.",
            "2 people came in from 2 rows.",
            "2 new, 0 changed, 0 as before.",
        ]
        assert rows(database_url, "SELECT team_id FROM workspace") == [(None,)]
        assert import_file("id,level\n1,6\n2,2\n").out.splitlines() == [
            "Columns: id = id, level = level.",
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
        assert lines[1] == "4 people came in from 14 rows."
        named = [line.split(":")[0].strip() for line in lines if "Line " in line]
        refused, warned = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13], [3, 14, 15]
        assert named == [f"Line {number}" for number in [*refused, *warned]]
        assert ids(database_url) == {"1", "2", "13", "14"}
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
        assert rows(database_url, "SELECT employee_id, name FROM person") == [("1", "Zoë")]

    @pytest.mark.parametrize(
        ("data", "words", "says"),
        [
            (b"", [], "empty"),
            (b"id,level\n", [], "no rows"),
            (b"PK\x03\x04 and so on", [], "not a workbook"),
            (b"\xd0\xcf\x11\xe0 and so on", [], "XLSX"),
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
        assert ids(database_url) == set()

    @ONE_ENGINE
    def test_a_file_with_no_usable_row_changes_nothing(
        self, import_file: Callable[..., Ended], database_url: str
    ) -> None:
        ended = import_file("id,level\n1,\n2,high\n")
        assert_one_sentence(ended, "No row could be used")
        named = [line.split(":")[0].strip() for line in ended.out.splitlines()]
        assert named[2:] == ["Line 2", "Line 3"]
        assert ids(database_url) == set()

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
            execute(
                database_url,
                f"INSERT INTO workspace (team_id, created_at) VALUES ('{team}', '2026-01-01')",  # noqa: S608
            )
        assert_one_sentence(import_file("id,level\n1,1\n"), "--workspace")
        assert import_file("id,level\n1,1\n", "--workspace", "T2").code == 0
        assert rows(
            database_url,
            "SELECT team_id FROM workspace JOIN person ON workspace.id = person.workspace_id",
        ) == [("T2",)]


HR = "id,level,manager,email,left,end\n1,6,,lena@example.com,,\n2,1,,jo@example.com,,\n"


def everything(url: str) -> list[list[tuple[object, ...]]]:
    tables = ("workspace", "person", "hr_source", "delivery", "pair", "touchpoint")
    return [rows(url, f"SELECT * FROM {table} ORDER BY id") for table in tables]  # noqa: S608


class TestDryRun:
    def test_says_what_would_change_and_changes_nothing(
        self, import_file: Callable[..., Ended], database_url: str
    ) -> None:
        import_file(HR)
        before = everything(database_url)
        ended = import_file(
            "id,level,title,left\n1,6,Head,\n2,3,,\n3,1,,\n4,x,,\n1,1,,\n5,1,,yes\n",
            "--dry-run",
            "--map=id=id,level=level,title=title,left=left",
        )
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.splitlines()[1:] == [
            "Nothing was changed. This is what the import would do:",
            "4 people would come in from 6 rows.",
            "2 new, 2 changed, 0 as before.",
            "  Line 2: 1: title.",
            "  Line 3: 2: level 1 → 3.",
            "  Line 4: 3 is new.",
            "  Line 7: 5 is new.",
            "2 rows were not used:",
            "  Line 5: the level of 4 is not a whole number from 1 to 100 (column level).",
            "  Line 6: the id 1 is already on line 2; the first one was kept.",
        ]
        assert everything(database_url) == before

    def test_somebody_known_twice_is_one_change(
        self, import_file: Callable[..., Ended], database_url: str
    ) -> None:
        import_file("id,level\n3,1\n4,1\n")
        execute(
            database_url,
            "INSERT INTO person (workspace_id, slack_user_id, name, email, department, title,"
            " time_zone, reporting_path, active, locale, has_left, account_closed, slack_updated)"
            " SELECT id, 'U3', 'Jo', 'jo@example.com', '', '', 'UTC', '/9/', true, '', false,"
            " false, 0 FROM workspace",
        )
        before = everything(database_url)
        news = "id,level,email\n3,2,jo@example.com\n4,1,\n"
        said = import_file(news, "--dry-run").out
        assert "0 new, 1 changed, 1 as before." in said
        assert "  Line 2: 3: slack_user, name, email, level 1 → 2." in said
        assert everything(database_url) == before
        assert "0 new, 1 changed, 1 as before." in import_file(news).out
        people = rows(database_url, "SELECT slack_user_id, employee_id FROM person ORDER BY 2")
        assert people == [("U3", "3"), (None, "4")]

    def test_on_an_empty_database_leaves_it_empty(
        self, import_file: Callable[..., Ended], database_url: str
    ) -> None:
        ended = import_file(HR, "--dry-run")
        assert "2 new, 0 changed, 0 as before." in ended.out
        assert everything(database_url) == [[]] * 6

    @ONE_ENGINE
    def test_names_who_leaves_and_comes_back(self, import_file: Callable[..., Ended]) -> None:
        import_file(HR.replace("jo@example.com,", "jo@example.com,yes"))
        ended = import_file(
            HR.replace("lena@example.com,,", "lena@example.com,,2020-01-31"), "--dry-run"
        )
        assert ended.out.splitlines()[3:] == [
            "0 new, 2 changed, 0 as before.",
            "1 person takes no part any more.",
            "  Line 2: 1 takes no part any more.",
            "  Line 3: 2 takes part again.",
        ]

    @ONE_ENGINE
    def test_says_whose_confirmed_manager_stays(
        self, import_file: Callable[..., Ended], database_url: str
    ) -> None:
        import_file("id,level,manager\n1,6,\n2,1,1\n")
        [(boss,), (jo,)] = rows(database_url, "SELECT id FROM person ORDER BY employee_id")
        now = datetime(2026, 1, 5, tzinfo=UTC)
        about = {"starts_on": now.date(), "created_at": now, "topics": [], "weeks": 12}
        place = {"id": 1, "workspace_id": 1, "admin_channel_id": "C1", "cadence": Cadence.WEEKLY}
        name = {"name": "Fresh Eyes", "purpose": "", "mentee_from_level": 4}
        execute(database_url, insert(Program).values(**about, **place, **name))
        who = {"workspace_id": 1, "program_id": 1, "person_id": jo, "stated_manager_id": boss}
        said = {"role": Role.MENTOR, "topics": [], "joined_at": now}
        execute(database_url, insert(Enrollment).values(**who, **said))
        assert import_file("id,level,manager\n2,1,\n", "--dry-run").out.splitlines()[3:] == [
            "0 new, 0 changed, 1 as before.",
            "For 1 person a manager was confirmed in Slack, and none is given here."
            " The confirmed one stays until one is given.",
        ]

    @ONE_ENGINE
    def test_shows_the_first_changes_only(self, import_file: Callable[..., Ended]) -> None:
        many = "id,level\n" + "".join(f"{n},1\n" for n in range(50))
        ended = import_file(many, "--dry-run")
        assert ended.out.count("is new") == 20
        assert "…and 30 more." in ended.out

    @ONE_ENGINE
    def test_names_nobody(self, import_file: Callable[..., Ended]) -> None:
        import_file("id,level,name,email\n1,1,Marked Person,marked@example.com\n")
        ended = import_file("id,level,name,email\n1,1,Marker Son,other@example.com\n", "--dry-run")
        assert "Line 2: 1: name, email." in ended.out
        assert "Mark" not in ended.out + ended.err
        assert "@" not in ended.out + ended.err


class TestMapping:
    GRADES = "Person,Grade\n1,6\n2,1\n"
    MAP = "--map=id=Person,level=Grade"

    def test_is_remembered(self, import_file: Callable[..., Ended], database_url: str) -> None:
        said = import_file(self.GRADES, self.MAP).out.splitlines()[0]
        assert said == "Columns: id = Person, level = Grade."
        ended = import_file(self.GRADES)
        assert ended.out.splitlines() == [
            "Columns, as you said in an earlier import: id = Person, level = Grade.",
            "2 people came in from 2 rows.",
            "0 new, 0 changed, 2 as before.",
        ]

    @ONE_ENGINE
    def test_said_anew_takes_the_place_of_the_old_one(
        self, import_file: Callable[..., Ended]
    ) -> None:
        import_file(self.GRADES, self.MAP)
        import_file("Person,Band\n1,5\n", "--map=id=Person,level=Band")
        assert "level = Band" in import_file("Person,Band\n1,5\n").out

    @ONE_ENGINE
    def test_in_a_dry_run_is_not_remembered(self, import_file: Callable[..., Ended]) -> None:
        import_file(HR)
        import_file(self.GRADES, self.MAP, "--dry-run")
        assert_one_sentence(import_file(self.GRADES), "--map id=")

    @ONE_ENGINE
    def test_that_does_not_fit_any_more_is_told_and_can_be_forgotten(
        self, import_file: Callable[..., Ended]
    ) -> None:
        import_file(self.GRADES, self.MAP)
        assert_one_sentence(import_file(HR), "Person", "earlier import", "--map ''")
        assert import_file(HR, "--map", "").code == 0
        assert import_file(HR).code == 0


def workbook(table: list[list[object]]) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("People")
        for number, row in enumerate(table):
            sheet.write_row(number, 0, row)
    return data.getvalue()


class TestWorkbook:
    def test_comes_in_as_a_text_would(
        self, import_file: Callable[..., Ended], database_url: str
    ) -> None:
        head: list[object] = [
            "Employee ID",
            "Name",
            "Level",
            "Manager ID",
            "Start date",
            "End date",
        ]
        lena: list[object] = [17, "Lena", 6, None, date(2020, 1, 31), None]
        jo: list[object] = [18, "Jo", 1, 17, None, date(2030, 1, 31)]
        ended = import_file(workbook([head, lena, jo]))
        assert ended.out.splitlines()[1:] == [
            "2 people came in from 2 rows.",
            "2 new, 0 changed, 0 as before.",
        ]
        days = rows(database_url, "SELECT employee_id, starts_on, ends_on FROM person ORDER BY 1")
        assert [tuple(str(one) for one in row) for row in days] == [
            ("17", "2020-01-31", "None"),
            ("18", "None", "2030-01-31"),
        ]
        text = "Employee ID,Name,Level,Manager ID,Start date,End date\n"
        text += "17,Lena,6,,2020-01-31,\n18,Jo,1,17,,31.01.2030\n"
        assert "0 new, 0 changed, 2 as before." in import_file(text).out


class TestSync:
    @pytest.fixture
    def sync(
        self, turnabout: Turnabout, database_url: str, scim_server: ScimServer
    ) -> Callable[..., Ended]:
        def bring_in(*words: str, **settings: str) -> Ended:
            given = {
                "TURNABOUT_DATABASE_URL": database_url,
                "TURNABOUT_SCIM_URL": scim_server.url,
                "TURNABOUT_SCIM_TOKEN": scim_server.token,
            }
            return turnabout("people", "sync", *words, **{**KEY, **given, **settings})

        return bring_in

    def test_brings_everybody_in_and_twice_changes_nothing(
        self, sync: Callable[..., Ended], scim_server: ScimServer, database_url: str
    ) -> None:
        lena = scim_server.add("1", "Lena Boss", title="6")
        scim_server.add("2", "Jo Young", title="1", manager=lena)
        ended = sync("--map=level=title")
        assert ended.code == 0, ended.err
        assert ended.out.splitlines()[1:] == [
            "2 people came in from 2 rows.",
            "2 new, 0 changed, 0 as before.",
        ]
        assert rows(database_url, "SELECT employee_id, level FROM person ORDER BY 1") == [
            ("1", 6),
            ("2", 1),
        ]
        before = everything(database_url)
        again = sync()
        assert "as you said in an earlier import" in again.out
        assert "level = title" in again.out
        assert "0 new, 0 changed, 2 as before." in again.out
        assert everything(database_url) == before

    def test_a_dry_run_changes_nothing(
        self, sync: Callable[..., Ended], scim_server: ScimServer, database_url: str
    ) -> None:
        scim_server.add("1", "Lena Boss")
        assert "User 1: 1 is new." in sync("--dry-run").out
        assert everything(database_url) == [[]] * 6

    @ONE_ENGINE
    def test_a_mapping_of_a_file_is_not_one_of_a_server(
        self, sync: Callable[..., Ended], import_file: Callable[..., Ended], scim_server: ScimServer
    ) -> None:
        import_file("Person,Grade\n1,6\n", "--map=id=Person,level=Grade")
        scim_server.add("1", "Lena Boss")
        assert "0 new, 1 changed, 0 as before." in sync().out
        assert sync("--map=level=nothing").code == 1

    @ONE_ENGINE
    @pytest.mark.parametrize(
        ("settings", "says"),
        [
            ({"TURNABOUT_SCIM_TOKEN": "hush-hush"}, "TURNABOUT_SCIM_TOKEN"),
            ({"TURNABOUT_SCIM_TOKEN": ""}, "TURNABOUT_SCIM_TOKEN is not set"),
            ({"TURNABOUT_SCIM_URL": ""}, "TURNABOUT_SCIM_URL is not set"),
            ({"TURNABOUT_SCIM_URL": "http://127.0.0.1:1/v2"}, "does not answer"),
            ({"TURNABOUT_SCIM_URL": "http://hr.example.com/v2"}, "https://"),
            ({"TURNABOUT_SCIM_URL": "hush-hush"}, "https://"),
        ],
    )
    def test_what_goes_wrong_is_one_sentence(
        self,
        sync: Callable[..., Ended],
        scim_server: ScimServer,
        database_url: str,
        settings: dict[str, str],
        says: str,
    ) -> None:
        scim_server.add("1", "Lena Boss")
        assert_one_sentence(sync(**settings), says)
        assert ids(database_url) == set()

    @ONE_ENGINE
    def test_somebody_without_a_number_is_named_by_their_place(
        self, sync: Callable[..., Ended], scim_server: ScimServer
    ) -> None:
        scim_server.add("1", "Lena Boss")
        scim_server.add("", "Service Account")
        ended = sync()
        assert re.search("User [12]: there is nothing in the column", ended.out)
        assert ENTERPRISE in ended.out


class TestProgress:
    @ONE_ENGINE
    def test_what_takes_a_while_says_how_far_it_is(
        self, import_file: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(terminal, "PATIENCE_SECONDS", 0.0)
        many = "id,level\n" + "".join(f"{n},1\n" for n in range(6_000))
        ended = import_file(many)
        assert ended.err.splitlines() == [
            "Reading: 5,000 of 6,001",
            "Adding new people: 5,000 of 6,000",
            "Adding new people: 6,000 of 6,000",
            "Writing: 5,000 of 6,000",
            "Writing: 6,000 of 6,000",
        ]
