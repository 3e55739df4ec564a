"""The demo's cast: employees with habits, who type commands, fill in forms and press buttons.

Every act is done as a person does it, through their Slack client; when, and whether at all, is
drawn by chance from a seed. Most join, some late, some never; some open the form and think better
of it; most pairs meet, some forget. Whoever is let down by Slack tries again.

What somebody does depends on who they are and not on what was drawn before, so that a message that
comes a little later changes nobody's mind.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from sandbox.blocks import Json
from sandbox.client import Answer, Member
from sandbox.demo.agenda import Act, Agenda
from sandbox.forms import Values
from sandbox.server import Sandbox
from sandbox.web_api.api import Call

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


PATIENCE = 5
"""So often somebody tries again when Slack fails them."""


class Cast:
    """`acting` says whether they do anything; what comes up meanwhile they do a day later. `taken`
    are those whom somebody else plays, and `hands` who is in the middle of something."""

    def __init__(
        self,
        sandbox: Sandbox,
        agenda: Agenda,
        scene: Scene,
        clock: Callable[[], datetime],
        seed: int,
    ) -> None:
        self._sandbox = sandbox
        self.agenda = agenda
        self.scene = scene
        self._clock = clock
        self._seed = seed
        self._manager = sandbox.member(scene.manager_id)
        self._employees = [sandbox.member(employee_id) for employee_id in scene.employee_ids]
        self._nudges: Counter[str] = Counter()
        self._goals: Counter[str] = Counter()
        self._failed_calls = 0
        self.acting = True
        self.taken: set[str] = set()
        self.hands: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.report: Answer | None = None
        self.first_pair_channel: str | None = None

    def plan_manager(self, begin: datetime, end: datetime) -> None:
        """The program manager opens a program at `begin` and reads its report at `end`."""
        self._add(begin, self._manager, self._open_program)
        self._add(begin + timedelta(minutes=10), self._manager, self._match_too_early)
        self._add(begin + timedelta(days=10), self._manager, self._match_and_publish)
        for week in range(4, self.scene.weeks, 4):
            self._add(begin + timedelta(weeks=week + 2), self._manager, self._look_at_status)
        self._add(end, self._manager, self._read_report)

    def notice(self, call: Call) -> None:
        """Hears of every call to Slack: people react to what they see."""
        self._failed_calls += not call.ok
        if call.method != "chat.postMessage" or not call.ok:
            return
        buttons = _buttons(call.args.get("blocks") or [])
        if "join" in buttons:
            self._plan_joining(call.at)
        if "we_met" in buttons:
            self._plan_meeting(str(call.args["channel"]), call.at)

    def _plan_joining(self, announced_at: datetime) -> None:
        day = _noon(announced_at)
        for member in self._employees:
            chance = self._chance("joins", member.user.name)
            at = self._at_work(member, day + timedelta(days=chance.randint(1, 7)), chance)
            fate = chance.random()
            if fate < 0.72:
                self._add(at, member, partial(self._join, member, chance))
            elif fate < 0.77:  # after the match
                self._add(at + timedelta(days=9), member, partial(self._join, member, chance))
            elif fate < 0.87:
                self._add(at, member, partial(self._think_better_of_it, member))
        meddler = self._employees[0]
        self._add(day + timedelta(days=9), meddler, partial(self._meddle, meddler))

    def _plan_meeting(self, channel: str, nudged_at: datetime) -> None:
        """A pair sees a nudge come in, and some days later one of them presses a button."""
        self.first_pair_channel = self.first_pair_channel or channel
        workspace = self._sandbox.workspace
        members = sorted(workspace.conversations[channel].members.keys() - {workspace.bot.id})
        names = [workspace.users[member].name for member in members]
        self._nudges[channel] += 1
        chance = self._chance("meets", *names, str(self._nudges[channel]))
        member = self._sandbox.member(chance.choice(members))
        habit = self._chance("habit", *names).choice((0.95, 0.8, 0.5, 0.0))
        day, later = _noon(nudged_at), timedelta(days=chance.uniform(1, 6))
        if chance.random() < habit:
            met_at = self._at_work(member, day + later, chance)
            self._add(met_at, member, partial(self._say_we_met, member, channel))
        if habit and chance.random() < 0.1:
            goal_at = self._at_work(member, day + later / 2, chance)
            self._add(goal_at, member, partial(self._set_goal, member, channel))

    # The program manager

    async def _open_program(self) -> None:
        soonest = _monday_after(self._clock().date() + timedelta(days=7))
        form = {
            "name": PROGRAM,
            "purpose": PURPOSE,
            "topics": list(TOPICS),
            "weeks": str(self.scene.weeks),
            "starts_on": max(self.scene.starts_on, soonest).isoformat(),
        }
        await self._open_form(self._manager, "program new", self.scene.admin_channel)
        await self._send_form(self._manager, form)

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

    async def _join(self, member: Member, chance: Random) -> None:
        if chance.random() < 0.05:
            await member.command(COMMAND, "jion")
        await self._open_form(member, "join")
        await self._send_form(
            member, {"topics": _some_topics(member, chance, chance.randint(1, 3))}
        )
        if chance.random() < 0.05:
            later = self._clock() + timedelta(hours=20)
            self._add(later, member, partial(self._change_topics, member, chance))

    async def _change_topics(self, member: Member, chance: Random) -> None:
        await self._open_form(member, "join")
        await self._send_form(member, {"topics": _some_topics(member, chance, 2)})

    async def _think_better_of_it(self, member: Member) -> None:
        await self._open_form(member, "join")
        if member.modal is not None:
            await member.close()

    async def _meddle(self, member: Member) -> None:
        """Somebody tries what only a program manager may do."""
        await member.command(COMMAND, "match")
        await member.command(COMMAND, "status")

    async def _say_we_met(self, member: Member, channel: str) -> None:
        """Presses the button under the newest nudge, if nobody has yet."""
        for message in reversed(member.messages(channel)):
            if "we_met" in _buttons(message["blocks"]):
                await self._press_until_gone(member, message, "we_met")
                return

    async def _set_goal(self, member: Member, channel: str) -> None:
        if self._goals[channel] == len(GOALS):
            return
        await self._open_form(member, "goals", channel)
        if member.modal is None:
            return
        parts = ("relevant", "experimental", "aspirational", "learning")
        await self._send_form(member, dict(zip(parts, GOALS[self._goals[channel]], strict=True)))
        self._goals[channel] += 1

    # How they act

    def _add(self, at: datetime, member: Member, act: Act) -> None:
        """Puts an act on the agenda, to be done unless somebody else plays this person by then."""

        async def act_if_free() -> None:
            if member.id in self.taken:
                return
            if self.acting:
                async with self.hands[member.id]:
                    await act()
            else:
                self._add(self._clock() + timedelta(days=1), member, act)

        self.agenda.add(at, act_if_free)

    async def _open_form(self, member: Member, text: str, channel: str | None = None) -> None:
        """Afterwards a form is open, unless the app had a reason not to."""

        async def type_it() -> None:
            await member.command(COMMAND, text, channel)

        await self._insist(type_it, lambda: member.modal is not None)

    async def _send_form(self, member: Member, values: Values) -> None:
        async def submit() -> None:
            while member.modal and not member.modal["submit"]:  # says why it did not work
                await member.close()
            await member.submit(values)

        if member.modal is not None:
            await self._insist(submit, lambda: member.modal is None)
        if member.modal is not None:  # the app would not have it
            await member.close(all_views=True)

    async def _press_until_gone(self, member: Member, message: Json, action_id: str) -> None:
        async def press() -> None:
            await member.click(message, action_id)

        def is_gone() -> bool:
            [now] = [
                one for one in member.messages(message["channel"]) if one["ts"] == message["ts"]
            ]
            return action_id not in _buttons(now["blocks"])

        await self._insist(press, is_gone)

    async def _insist(self, act: Act, has_worked: Callable[[], bool]) -> None:
        """Acts again for as long as it has not worked and something went wrong at Slack."""
        for _ in range(PATIENCE):
            trouble_before = self._trouble
            await act()
            if has_worked() or self._trouble == trouble_before:
                return

    @property
    def _trouble(self) -> int:
        """How often a call to Slack has failed; some break off before Slack knows of them."""
        return self._failed_calls + len(self._sandbox.faults.met)

    def _chance(self, *what: str) -> Random:
        return Random(" ".join(("cast", str(self._seed), *what)))

    def _at_work(self, member: Member, about: datetime, chance: Random) -> datetime:
        """A working hour of the person's own on that day, or on the Monday after a weekend."""
        local = about.astimezone(ZoneInfo(member.user.tz))
        local += timedelta(days=max(0, 7 - local.weekday()) if local.weekday() >= 5 else 0)
        return local.replace(hour=chance.randint(9, 16), minute=0).astimezone(UTC)


def _monday_after(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _noon(moment: datetime) -> datetime:
    """Of that day: what somebody does later on must not depend on minutes."""
    return moment.replace(hour=12, minute=0, second=0, microsecond=0)


def _some_topics(member: Member, chance: Random, most: int) -> list[str]:
    """Some of those that the form in front of the member offers."""
    blocks = member.modal["blocks"] if member.modal else []
    offered = [
        str(option["value"])
        for block in blocks
        if block["block_id"] == "topics"
        for option in block["element"]["options"]
    ]
    return chance.sample(offered, min(most, len(offered)))


def _buttons(blocks: Iterable[Json]) -> list[str]:
    """The action ids of a message's buttons."""
    return [
        str(element.get("action_id"))
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]
