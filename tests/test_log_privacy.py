"""No name, address, free text, token or secret is ever logged, whatever succeeds or fails.

Everything that can log is set to its most talkative. Beside our own log, an unguarded one shows
what would have been said: without it, a log that says nothing would prove nothing.
"""

import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from bot import serve
from bot.app import App
from bot.cadence import service as cadence
from bot.config import Settings
from bot.delivery import service as delivery
from bot.matching import runs_service as matching
from bot.pairs import service as pairs
from bot.people import hr_service as people
from bot.people.hr_file import read_rows
from bot.roles import Actor
from bot.runtime import Runtime
from bot.scheduler import tick
from bot.views.modals.goal import PARTS
from models import Person
from sandbox.errors import NotAcknowledged
from sandbox.server import Sandbox
from tests.conftest import Clock
from tests.factories import Company
from tests.handlers.scene import events, logged

MANAGER, LEADER, JUNIOR, PROMOTED = "Manu Quexi", "Lord Blixo", "Jun Zwaphi", "Prom Yakkul"
NAMES = (MANAGER, LEADER, JUNIOR, PROMOTED, "Hera Rowqua")
PURPOSE, PROGRAM = "purpoxqs of ours", "Progqzam"
GOAL, TYPED, RAISED = "goalqzt of theirs", "typoqzd", "raisqzed with the text"
DEPARTMENT, TITLE, EMPLOYEE = "deparqzment", "titlqze", "hera.rowqua@x.example"


class Stage:
    def __init__(self, company: Company, clock: Clock, people_: list[Person]) -> None:
        self.company, self.clock = company, clock
        self.runtime, self.sandbox = company.runtime, company.sandbox
        self.manager, self.leader, self.junior, self.promoted = people_
        self.channel = self.sandbox.add_channel(
            "admins", [self.manager.slack_user_id or ""], private=True, app=True
        )

    async def command(self, person: Person, text: str, channel: str | None = None) -> Any:
        return await self.company.member(person).command("/mentoring", text, channel)

    async def submit(self, person: Person, **values: Any) -> dict[str, str]:
        return (await self.company.member(person).submit(values)).errors


@pytest.fixture
def unguarded() -> StringIO:
    """What all the libraries say, as they say it."""
    return StringIO()


@pytest.fixture(autouse=True)
def logs(unguarded: StringIO) -> Iterator[StringIO]:
    with logged() as stream:
        logging.getLogger().addHandler(logging.StreamHandler(unguarded))
        yield stream


@pytest.fixture
async def stage(company: Company, clock: Clock) -> Stage:
    levels = {MANAGER: 3, LEADER: 6, JUNIOR: 1, PROMOTED: 2}
    found = [
        await company.person(name, level=level, is_admin=name == MANAGER)
        for name, level in levels.items()
    ]
    return Stage(company, clock, found)


def marks(settings: Settings, sandbox: Sandbox) -> list[str]:
    assert settings.encryption_key is not None
    secrets = [sandbox.bot_token, sandbox.app_token, sandbox.signing_secret]
    names = [part for name in NAMES for part in (name, *name.split())]
    emails = [f"{name.lower().replace(' ', '.')}@" for name in NAMES]
    texts = [PURPOSE, PROGRAM, GOAL, TYPED, RAISED, DEPARTMENT, TITLE, EMPLOYEE]
    return [*secrets, settings.encryption_key.get_secret_value(), *names, *emails, *texts]


async def everything_goes_well(stage: Stage) -> None:
    runtime = stage.runtime
    await import_people(stage, 1)
    await stage.command(stage.manager, "program new", stage.channel)
    assert await stage.submit(stage.manager) == {}
    opened = await stage.submit(
        stage.manager, name=PROGRAM, purpose=PURPOSE, topics=["inclusion"], mentee_from_level="5"
    )
    assert opened == {}
    assert await stage.submit(stage.manager) == {}
    for person in (stage.leader, stage.junior, stage.promoted):
        await stage.command(person, "join")
        answers = {"identity_topics": ["inclusion"], "ground_rules": ["agree"]}
        assert await stage.submit(person, topics=["inclusion"], **answers) == {}
    await stage.command(stage.manager, "match", stage.channel)
    for job in (matching.work_off, delivery.send_due):
        await tick(job, runtime)
    manager = stage.company.member(stage.manager)
    await manager.click(manager.messages(stage.channel)[-1], "publish_match")
    await tick(pairs.open_spaces, runtime)
    await tick(delivery.send_due, runtime)
    stage.clock.forward(days=14, hours=1)
    for job in (cadence.queue_due, delivery.send_due, delivery.settle):
        await tick(job, runtime)
    await stage.sandbox.settle()
    paired = stage.junior if await paired_with(stage, stage.junior) else stage.promoted
    member = stage.company.member(paired)
    [channel] = [found["id"] for found in member.channels if found["kind"] == "private"]
    member.say(channel, GOAL)
    await member.click(member.messages(channel)[-2], "we_met")
    await stage.command(paired, "goals")
    assert await stage.submit(paired, **dict.fromkeys(PARTS, GOAL)) == {}
    await tick(delivery.send_due, runtime)
    for person in (stage.manager, paired):
        await stage.command(person, "status", stage.channel if person is stage.manager else None)


async def everything_goes_wrong(stage: Stage) -> None:
    runtime, sandbox = stage.runtime, stage.sandbox
    await stage.command(stage.junior, TYPED)
    await stage.command(stage.junior, f"program {TYPED}")
    await stage.command(stage.manager, "program new", stage.channel)
    assert await stage.submit(stage.manager) == {}
    assert await stage.submit(stage.manager, name=PROGRAM, purpose=PURPOSE, topics=["inclusion"])
    await slack_refuses(stage)
    await import_people(stage, 9)  # makes the pair unsafe
    await tick(fails_with_a_text, runtime)
    await lose(stage, "delivery")
    later = stage.clock().date().isoformat()
    assert (
        await stage.submit(stage.manager, name=f"{PROGRAM} again", starts_on=later, join_by=later)
        == {}
    )
    await stage.submit(stage.manager)
    await tick(delivery.send_due, runtime)
    with pytest.raises(NotAcknowledged):
        await sandbox.send("event", {"type": "event_callback", "team_id": TYPED, "event": TYPED})
    await lose(stage, "person")
    await stage.command(stage.junior, "status")


async def slack_refuses(stage: Stage) -> None:
    """Messages to channels that are gone, a trigger that is too old, a view Slack cannot open."""
    workspace, runtime = stage.sandbox.workspace, stage.runtime
    for conversation in list(workspace.conversations.values()):
        conversation.archived = conversation.kind == "private"
    await tick(delivery.send_due, runtime)
    stage.clock.forward(days=7)
    await tick(cadence.queue_due, runtime)
    await tick(delivery.send_due, runtime)
    command = {
        "team_id": workspace.team_id,
        "user_id": stage.junior.slack_user_id,
        "channel_id": stage.company.member(stage.junior).direct(),
        "command": "/mentoring",
        "text": "join",
        "trigger_id": TYPED,
        "user_name": JUNIOR,
    }
    assert "text" in await stage.sandbox.send("command", command)


async def fails_with_a_text(runtime: Runtime) -> int:
    try:
        raise ValueError(f"{RAISED}: {JUNIOR}")
    except ValueError as error:
        raise RuntimeError(f"{RAISED}: {GOAL}") from error


async def import_people(stage: Stage, level: int) -> None:
    data = (
        "id,level,name,email,department,title\n"
        f"E99,2,{NAMES[-1]},{EMPLOYEE},{DEPARTMENT},{TITLE}\n"
        f"{stage.junior.employee_id},{level},{JUNIOR},,{DEPARTMENT},{TITLE}\n"
        f"{stage.promoted.employee_id},{level},{PROMOTED},,{DEPARTMENT},{TITLE}\n"
        f"{DEPARTMENT},none,{MANAGER},,,\n"
    )
    async with stage.runtime.database.transaction(stage.company.workspace_id) as session:
        file = read_rows(data.encode(), {})
        await people.import_people(session, stage.runtime, file, Actor.OPERATOR)


async def paired_with(stage: Stage, person: Person) -> bool:
    async with stage.runtime.database.transaction(stage.company.workspace_id) as session:
        found = await pairs.store.of_person(session, person.id)
        return bool(found)


async def lose(stage: Stage, table: str) -> None:
    async with stage.runtime.database.engine.begin() as connection:
        await connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_lost")


class TestLogs:
    async def test_over_http(
        self,
        stage: Stage,
        settings: Settings,
        logs: StringIO,
        unguarded: StringIO,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        await everything_goes_well(stage)
        await everything_goes_wrong(stage)
        self.check(logs, unguarded, marks(settings, stage.sandbox), capfd)

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    async def test_over_socket_mode(
        self,
        stage: Stage,
        app: App,
        settings: Settings,
        logs: StringIO,
        unguarded: StringIO,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        async with serve.socket_mode(app, stage.sandbox.app_token):
            stage.sandbox.deliver_over_socket_mode()
            await stage.sandbox.socket.connected()
            await everything_goes_well(stage)
            await everything_goes_wrong(stage)
        self.check(logs, unguarded, marks(settings, stage.sandbox), capfd)

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    async def test_a_request_that_is_not_slacks(
        self, stage: Stage, settings: Settings, logs: StringIO
    ) -> None:
        stage.sandbox.signing_secret = "not-the-secret"
        transport = stage.sandbox._transport
        stage.sandbox.deliver_over_http(transport._url)
        with pytest.raises(NotAcknowledged):
            await stage.command(stage.junior, TYPED)
        said = logs.getvalue()
        assert [mark for mark in (TYPED, *marks(settings, stage.sandbox)) if mark in said] == []

    def check(
        self,
        logs: StringIO,
        unguarded: StringIO,
        marked: list[str],
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        said, loose = logs.getvalue(), unguarded.getvalue()
        printed = "".join(capfd.readouterr())
        assert [mark for mark in marked if mark in said] == []
        assert [mark for mark in marked if mark in printed] == []
        for kind in ("listener_failed", "tick_failed", "delivery_failed", "pair_paused"):
            assert events(logs, kind), f"nothing failed as {kind}"
        assert [text for text in (GOAL, TYPED, RAISED, PURPOSE, PROGRAM) if text not in loose] == []

    def test_a_library_that_says_everything(
        self, logs: StringIO, unguarded: StringIO, capfd: pytest.CaptureFixture[str]
    ) -> None:
        secret = "xoxb-1-secret"
        library = logging.getLogger("library.that.talks")
        library.error("sent %s", secret, extra={"token": secret}, stack_info=True)
        try:
            raise ValueError(secret)
        except ValueError:
            library.exception("failed with %s", secret)
        assert secret in unguarded.getvalue()
        assert secret not in logs.getvalue() + "".join(capfd.readouterr())
        loggers = [line["logger"] for line in events(logs, "library_message")]
        assert loggers.count(library.name) == 2
