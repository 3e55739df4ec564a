"""The demo's cast: employees with habits, who type commands, fill in forms and press buttons.

Every act is done as a person does it, through their Slack client; when, and whether at all, is
drawn by chance from a seed. Most join, some late, some never; some open the form and think better
of it; most pairs meet, some forget.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from sandbox.api import Call
from sandbox.blocks import Json
from sandbox.client import Answer, Member
from sandbox.demo.agenda import Agenda
from sandbox.server import Sandbox

COMMAND = "/mentoring"
PROGRAM = "Fresh Eyes"
PURPOSE = "Leaders see our work as people in their first years here see it"
TOPICS = ("digital-tools", "social-media", "younger-customers", "ways-of-working", "inclusion")
GOALS = (
    (
        "My team decides about tools I have never used myself",
        "For two weeks I do my own bookings in the new system and note where I get stuck",
        "I choose our next tool together with those who will use it all day",
        "How people learn a tool that nobody explains to them",
    ),
    (
        "Half of our new customers are younger than our product",
        "I answer ten customer messages a week myself, in the channel they came from",
        "Our plans begin with something a young customer said that week",
        "What makes somebody of twenty trust a company, or leave it",
    ),
    (
        "People early in their career leave us before we know why",
        "I ask one open question in every team meeting and say nothing for a minute",
        "Newcomers tell me what is wrong before they think of leaving",
        "What it costs to disagree with me in a meeting",
    ),
)
"""Relevant, experimental, aspirational, learning."""


@dataclass(frozen=True)
class Scene:
    """Who plays, where and when. `employee_ids` are everybody but the program manager."""

    manager_id: str
    employee_ids: Sequence[str]
    admin_channel: str
    starts_on: date
    weeks: int


class Cast:
    def __init__(
        self,
        sandbox: Sandbox,
        agenda: Agenda,
        scene: Scene,
        clock: Callable[[], datetime],
        random: Random,
    ) -> None:
        self._sandbox = sandbox
        self.agenda = agenda
        self.scene = scene
        self._clock = clock
        self._random = random
        self._manager = sandbox.member(scene.manager_id)
        self._employees = [sandbox.member(employee_id) for employee_id in scene.employee_ids]
        self._habits: dict[str, float] = {}
        self._goals: Counter[str] = Counter()
        self.report: Answer | None = None
        self.first_pair_channel: str | None = None

    def plan(self, begin: datetime, end: datetime) -> None:
        """The program's weeks of enrollment, from `begin` on, and its report at `end`."""
        random, add = self._random, self.agenda.add
        add(begin, self._open_program)
        add(begin + timedelta(minutes=10), self._match_too_early)
        for member in self._employees:
            at = self._at_work(member, begin + timedelta(days=random.randint(1, 7)))
            fate = random.random()
            if fate < 0.72:
                add(at, partial(self._join, member))
            elif fate < 0.77:
                add(at + timedelta(days=9), partial(self._join, member))  # after the match
            elif fate < 0.87:
                add(at, partial(self._think_better_of_it, member))
        add(begin + timedelta(days=9), self._meddle)
        add(begin + timedelta(days=10), self._match_and_publish)
        for week in range(4, self.scene.weeks, 4):
            add(begin + timedelta(weeks=week + 2), self._look_at_status)
        add(end, self._read_report)

    def notice(self, call: Call) -> None:
        """A pair sees a nudge come in, and some days later one of them presses a button."""
        if call.method != "chat.postMessage" or not call.ok:
            return
        buttons = _buttons(call.args.get("blocks") or [])
        channel = str(call.args["channel"])
        if "we_met" not in buttons or channel not in self._sandbox.workspace.conversations:
            return
        self.first_pair_channel = self.first_pair_channel or channel
        workspace = self._sandbox.workspace
        members = sorted(workspace.conversations[channel].members.keys() - {workspace.bot.id})
        member = self._sandbox.member(self._random.choice(members))
        habit = self._habits.setdefault(channel, self._random.choice((0.95, 0.8, 0.5, 0.0)))
        later = timedelta(days=self._random.uniform(1, 6))
        if self._random.random() < habit:
            met_at = self._at_work(member, call.at + later)
            self.agenda.add(met_at, partial(self._say_we_met, member, channel))
        if habit and self._random.random() < 0.1:
            goal_at = self._at_work(member, call.at + later / 2)
            self.agenda.add(goal_at, partial(self._set_goal, member, channel))

    # The program manager

    async def _open_program(self) -> None:
        await self._manager.command(COMMAND, "program new", self.scene.admin_channel)
        await self._manager.submit(
            {
                "name": PROGRAM,
                "purpose": PURPOSE,
                "topics": list(TOPICS),
                "weeks": str(self.scene.weeks),
                "starts_on": self.scene.starts_on.isoformat(),
            }
        )

    async def _match_too_early(self) -> None:
        await self._manager.command(COMMAND, "match", self.scene.admin_channel)

    async def _match_and_publish(self) -> None:
        answer = await self._manager.command(COMMAND, "match", self.scene.admin_channel)
        if answer.message and "publish_match" in _buttons(answer.message.get("blocks") or []):
            await self._manager.click(answer.message, "publish_match")

    async def _look_at_status(self) -> None:
        await self._manager.command(COMMAND, "status", self.scene.admin_channel)

    async def _read_report(self) -> None:
        self.report = await self._manager.command(COMMAND, "status", self.scene.admin_channel)

    # The employees

    async def _join(self, member: Member) -> None:
        if self._random.random() < 0.05:
            await member.command(COMMAND, "jion")
        await member.command(COMMAND, "join")
        if member.modal is None:
            return
        await member.submit({"topics": self._random.sample(TOPICS, self._random.randint(1, 3))})
        if self._random.random() < 0.05:
            self.agenda.add(
                self._clock() + timedelta(hours=20), partial(self._change_topics, member)
            )

    async def _change_topics(self, member: Member) -> None:
        await member.command(COMMAND, "join")
        if member.modal is not None:
            await member.submit({"topics": self._random.sample(TOPICS, 2)})

    async def _think_better_of_it(self, member: Member) -> None:
        await member.command(COMMAND, "join")
        if member.modal is not None:
            await member.close()

    async def _meddle(self) -> None:
        """Somebody tries what only a program manager may do."""
        await self._employees[0].command(COMMAND, "match")
        await self._employees[0].command(COMMAND, "status")

    async def _say_we_met(self, member: Member, channel: str) -> None:
        """Presses the button under the newest nudge, if nobody has yet."""
        for message in reversed(member.messages(channel)):
            if "we_met" in _buttons(message["blocks"]):
                await member.click(message, "we_met")
                return

    async def _set_goal(self, member: Member, channel: str) -> None:
        if self._goals[channel] == len(GOALS):
            return
        await member.command(COMMAND, "goals", channel)
        if member.modal is None:
            return
        parts = ("relevant", "experimental", "aspirational", "learning")
        await member.submit(dict(zip(parts, GOALS[self._goals[channel]], strict=True)))
        self._goals[channel] += 1

    def _at_work(self, member: Member, about: datetime) -> datetime:
        """A working hour of the person's own on that day, or on the Monday after a weekend."""
        local = about.astimezone(ZoneInfo(member.user.tz))
        local += timedelta(days=max(0, 7 - local.weekday()) if local.weekday() >= 5 else 0)
        return local.replace(hour=self._random.randint(9, 16), minute=0).astimezone(UTC)


def _buttons(blocks: Iterable[Json]) -> list[str]:
    """The action ids of a message's buttons."""
    return [
        str(element.get("action_id"))
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]
