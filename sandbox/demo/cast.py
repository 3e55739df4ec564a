"""The demo's cast: employees with habits, and the program manager; who does what, and when.

Every act is done as a person does it, through their Slack client; when, and whether at all, is
drawn by chance from a seed. Most join, some late, some never; a few step out again, take a break
or stop reading; most pairs meet, some forget. Where people are asked before they become a pair,
most say yes; of those who have a partner, a few would like another. Whoever is let down by Slack
tries again.

What somebody does depends on who they are and not on what was drawn before, so that a message that
comes a little later changes nobody's mind.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from sandbox.client import Answer, Member
from sandbox.demo import employees, manager
from sandbox.demo.agenda import Act, Agenda
from sandbox.demo.hands import COMMAND, Hands, buttons
from sandbox.demo.manager import Desk
from sandbox.server import Sandbox
from sandbox.web_api.api import Call

VISITS = range(1, 10)
"""The days after the announcement on which the manager looks at who has applied."""
MATCH_AFTER = timedelta(days=10)
READING = timedelta(hours=2)
"""So long after noon the proposal of that day is published."""
ACCOUNT_CLOSED_AFTER = timedelta(weeks=7)
MATCH_AGAIN_AFTER = timedelta(days=8)
"""So long after the first people were asked, those of whom no pair came get another chance."""
SUPPORT_AFTER = timedelta(days=15)
"""So long after the first nudge, some pairs know that they are none."""
PAIRS_TO_AN_END = 25
"""Of so many pairs, one has somebody who would like another partner."""
NO_NEW_PAIRS_AFTER = timedelta(weeks=5)
"""After the first nudge: a pair that begins later than that would outlive the demo."""


@dataclass(frozen=True)
class Scene:
    """Who plays, where and when. `employee_ids` are everybody but the program manager; `levels` is
    what they would say of themselves; `seats` how many may take part, None for as many as come.
    `asks` says whether people are asked before they become a pair."""

    manager_id: str
    employee_ids: Sequence[str]
    admin_channel: str
    starts_on: date
    weeks: int
    levels: Mapping[str, int] = field(default_factory=dict)
    seats: int | None = None
    asks: bool = False


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
        self._act = Hands(sandbox)
        self._manager = sandbox.member(scene.manager_id)
        self._employees = [sandbox.member(employee_id) for employee_id in scene.employee_ids]
        self._desk = Desk(
            self._manager,
            self._act,
            scene.admin_channel,
            scene.seats,
            lambda user_id: self._chance("vetting", sandbox.workspace.users[user_id].name),
            self._contact(),
            scene.asks,
        )
        self._talked: set[str] = set()
        self._nudges: Counter[str] = Counter()
        self._goals: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()
        self._quiet: Counter[str] = Counter()
        self._announced = False
        self._looked_through = False
        self._no_new_pairs_from: datetime | None = None
        self._last_pair_channel: str | None = None
        self.acting = True
        self.taken: set[str] = set()
        self.hands: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.report: Answer | None = None
        self.first_pair_channel: str | None = None

    def plan_manager(self, begin: datetime, end: datetime) -> None:
        """The program manager opens a program at `begin` and reads its report at `end`."""
        self._add(begin, self._manager, self._open_program)
        self._add(begin + timedelta(minutes=10), self._manager, self._match_too_early)
        self._add(begin + MATCH_AFTER, self._manager, partial(manager.weigh, self._desk))
        self._add(begin + MATCH_AFTER, self._manager, partial(manager.ask_for_match, self._desk))
        for week in range(4, self.scene.weeks, 4):
            at = begin + timedelta(weeks=week + 2)
            self._add(at, self._manager, self._look_at_status)
        self._add(end, self._manager, self._read_report)
        self.agenda.add(begin + ACCOUNT_CLOSED_AFTER, self._close_an_account)

    def notice(self, call: Call) -> None:
        """Hears of every call to Slack: people react to what they see."""
        self._act.notice(call)
        if call.method != "chat.postMessage" or not call.ok:
            return
        pressable = buttons(call.args.get("blocks") or [])
        if "join" in pressable and not self._announced:
            self._announced = True
            self._plan_joining(call.at)
        if manager.PUBLISH in pressable and call.args["channel"] == self.scene.admin_channel:
            self._plan_decision(call.at)
        if employees.ACCEPT in pressable:
            self._plan_answer(str(call.args["channel"]), call.at)
        if employees.STILL_TOGETHER in pressable:
            self._plan_quiet_answer(str(call.args["channel"]), call.at)
        if "open_lesson" in pressable:
            self._plan_taking_part(str(call.args["channel"]), call.at)
        if "end_pair" in pressable and call.args["channel"] == self.scene.manager_id:
            end = partial(manager.end_pairs, self._desk)
            self._add(_noon(call.at) + timedelta(days=1), self._manager, end)
        if "we_met" in pressable:
            self._plan_meeting(str(call.args["channel"]), call.at)

    def _plan_joining(self, announced_at: datetime) -> None:
        day = _noon(announced_at)
        for member in self._employees:
            if member.id == self._desk.contact:
                continue
            chance = self._chance("joins", member.user.name)
            at = self._at_work(member, day + timedelta(days=chance.randint(1, 7)), chance)
            fate = self._fate(member)
            join = partial(self._join, member, chance)
            if fate < 0.72:
                self._add(at, member, join)
            elif fate < 0.77:  # too late
                self._add(at + timedelta(days=9), member, join)
            elif fate < 0.87:
                think_better = partial(employees.think_better_of_it, self._act, member)
                self._add(at, member, think_better)
        for days in VISITS:
            look = partial(manager.visit_queue, self._desk, self._talked)
            at = day + timedelta(days=days, hours=6)
            self._add(at, self._manager, partial(employees.look_at_home, self._manager))
            self._add(at, self._manager, look)
        meddler = self._employees[0]
        self._add(day + timedelta(days=9), meddler, partial(self._meddle, meddler))

    def _plan_taking_part(self, user_id: str, admitted_at: datetime) -> None:
        """Somebody is in: most read their lesson, some in two sittings, and a few step out."""
        if user_id not in self.scene.employee_ids:
            return
        member, day = self._sandbox.member(user_id), _noon(admitted_at)
        chance = self._chance("lesson", member.user.name)
        at = self._at_work(member, day + timedelta(days=chance.choice((0, 0, 1))), chance)
        diligence, steadiness, curiosity = (chance.random() for _ in range(3))
        if curiosity < 0.2:
            self._add(at, member, partial(employees.look_at_home, member))
        if diligence < 0.2:
            self._add(at, member, partial(employees.read_lesson, self._act, member, 2))
        if diligence < 0.95:
            self._add(
                at + timedelta(hours=3), member, partial(employees.read_lesson, self._act, member)
            )
        if steadiness < 0.04:
            self._add(at + timedelta(hours=5), member, partial(employees.leave, self._act, member))
        elif steadiness < 0.06:
            self._add(at + timedelta(hours=5), member, partial(employees.skip, self._act, member))

    def _plan_decision(self, proposed_at: datetime) -> None:
        """The manager looks at the channel in the afternoon of each working day. Whoever asked for
        the match, it waits there; the first one they look through."""
        if not self._may_be_paired(proposed_at):
            return
        at = _noon(proposed_at) + READING
        at += timedelta(days=1) if at < proposed_at else timedelta()
        at += timedelta(days=max(0, 7 - at.weekday()) if at.weekday() >= 5 else 0)
        self._add(at, self._manager, self._decide_on_match)

    def _plan_answer(self, user_id: str, asked_at: datetime) -> None:
        """Somebody is asked whether they would like this partner: most would, some would rather
        not, and some never answer."""
        if not self._asked:
            again = partial(manager.ask_for_match, self._desk)
            self._add(_noon(asked_at) + MATCH_AGAIN_AFTER, self._manager, again)
        member = self._sandbox.member(user_id)
        self._asked[user_id] += 1
        chance = self._chance("answers", member.user.name, str(self._asked[user_id]))
        at = self._at_work(member, _noon(asked_at) + timedelta(days=chance.randint(0, 2)), chance)
        mood = chance.random()
        if mood < 0.92:
            answer = partial(employees.answer_proposal, self._act, member, yes=mood < 0.85)
            self._add(at, member, answer)

    def _plan_quiet_answer(self, user_id: str, asked_at: datetime) -> None:
        """Somebody whose pair was not heard of is asked about it: most are fine, some only forget
        to answer."""
        member = self._sandbox.member(user_id)
        self._quiet[user_id] += 1
        chance = self._chance("quiet", member.user.name, str(self._quiet[user_id]))
        at = self._at_work(member, _noon(asked_at) + timedelta(days=1), chance)
        mood = chance.random()
        if mood < 0.6:
            self._add(at, member, partial(employees.say_still_together, self._act, member))
        elif mood < 0.7:
            wish = employees.PARTNER if self._may_be_paired(at) else employees.WORRY
            self._plan_support(member, at, wish)
        elif mood < 0.8:
            self._plan_support(member, at, employees.WORRY)

    def _plan_support(self, member: Member, at: datetime, wish: str) -> None:
        self._add(at, member, partial(employees.seek_support, self._act, member, wish))

    def _plan_meeting(self, channel: str, nudged_at: datetime) -> None:
        """A pair sees a nudge come in, and some days later one of them presses a button."""
        if self.first_pair_channel is None:
            self.first_pair_channel = channel
            self._no_new_pairs_from = _noon(nudged_at) + NO_NEW_PAIRS_AFTER
            self.agenda.add(_noon(nudged_at) + SUPPORT_AFTER, self._seek_support)
        self._last_pair_channel = channel
        members, names = self._pair(channel)
        self._nudges[channel] += 1
        chance = self._chance("meets", *names, str(self._nudges[channel]))
        member = self._sandbox.member(chance.choice(members))
        habit = self._chance("habit", *names).choice((0.95, 0.8, 0.5, 0.0))
        day, later = _noon(nudged_at), timedelta(days=chance.uniform(1, 6))
        if chance.random() < habit:
            met_at = self._at_work(member, day + later, chance)
            self._add(met_at, member, partial(employees.say_we_met, self._act, member, channel))
        if habit and chance.random() < 0.1:
            goal_at = self._at_work(member, day + later / 2, chance)
            self._add(goal_at, member, partial(self._set_goal, member, channel))
        self._plan_break(member, day + later, chance.random())

    def _plan_break(self, member: Member, at: datetime, fate: float) -> None:
        """Now and then somebody is away, has no time this once, or stops altogether."""
        if fate < 0.02:
            until = (at + timedelta(days=12)).date()
            self._add(at, member, partial(employees.pause, self._act, member, until))
        elif fate < 0.04:
            self._add(at, member, partial(employees.skip, self._act, member))
        elif fate < 0.045:
            self._add(at, member, partial(employees.leave, self._act, member))

    # The program manager

    async def _open_program(self) -> None:
        soonest = _monday_after(self._clock().date() + timedelta(days=10))
        starts_on = max(self.scene.starts_on, soonest)
        await manager.open_program(self._desk, self.scene.weeks, starts_on)

    async def _match_too_early(self) -> None:
        await self._manager.command(COMMAND, "match", self.scene.admin_channel)

    async def _decide_on_match(self) -> None:
        thoroughly, self._looked_through = not self._looked_through, True
        await manager.decide_on_match(self._desk, thoroughly=thoroughly)

    async def _look_at_status(self) -> None:
        await manager.status(self._desk)

    async def _read_report(self) -> None:
        self.report = await manager.status(self._desk)

    # The employees

    async def _join(self, member: Member, chance: Random) -> None:
        level = self.scene.levels.get(member.id, 1)
        joined = await employees.join(self._act, member, level, chance)
        if joined and chance.random() < 0.05:
            later = self._clock() + timedelta(hours=20)
            self._add(later, member, partial(employees.change_topics, self._act, member, chance))

    async def _meddle(self, member: Member) -> None:
        """Somebody tries what only a program manager may do."""
        for text in ("match", "queue", "program close", "status"):
            await member.command(COMMAND, text)

    async def _set_goal(self, member: Member, channel: str) -> None:
        number = self._goals[channel]
        if number < len(employees.GOALS):
            self._goals[channel] += await employees.set_goal(self._act, member, channel, number)

    async def _close_an_account(self) -> None:
        """Somebody who has a partner leaves the company, and Slack is told before HR is."""
        channel = self._last_pair_channel
        if channel is None or channel == self.first_pair_channel:
            return
        members, _ = self._pair(channel)
        if members and members[0] not in self.taken:
            self._sandbox.deactivate(members[0])

    async def _seek_support(self) -> None:
        """In a few pairs, but not the one whose story is told, somebody would like another partner;
        in as many others, somebody would rather talk to the contact."""
        assert self.first_pair_channel is not None, "this comes after the first pair's first nudge"
        others = sorted(self._nudges.keys() - {self.first_pair_channel}, key=self._names)
        self._chance("support").shuffle(others)
        count = -(-len(others) // PAIRS_TO_AN_END)
        afraid = [*others[count:], self.first_pair_channel][: max(1, count)]
        wishes = dict.fromkeys(others[:count], employees.PARTNER)
        for channel, wish in (wishes | dict.fromkeys(afraid, employees.WORRY)).items():
            members, names = self._pair(channel)
            if members:
                chance = self._chance("support", *names)
                member = self._sandbox.member(chance.choice(members))
                self._plan_support(member, self._at_work(member, self._clock(), chance), wish)

    def _pair(self, channel: str) -> tuple[list[str], list[str]]:
        """The ids and the names of those who are in a pair's channel."""
        workspace = self._sandbox.workspace
        members = sorted(workspace.conversations[channel].members.keys() - {workspace.bot.id})
        return members, [workspace.users[member].name for member in members]

    def _names(self, channel: str) -> list[str]:
        return self._pair(channel)[1]

    def _contact(self) -> str:
        """Whoever is least likely to come; they stay out of the program."""
        return max(self._employees, key=self._fate).id

    def _fate(self, member: Member) -> float:
        return self._chance("fate", member.user.name).random()

    def _may_be_paired(self, at: datetime) -> bool:
        return self._no_new_pairs_from is None or at <= self._no_new_pairs_from

    # When they act

    def _add(self, at: datetime, member: Member, act: Act) -> None:
        """Puts an act on the agenda, to be done unless somebody else plays this person by then."""

        async def act_if_free() -> None:
            if member.id in self.taken or member.user.deleted:
                return
            if self.acting:
                async with self.hands[member.id]:
                    await act()
            else:
                self._add(self._clock() + timedelta(days=1), member, act)

        self.agenda.add(at, act_if_free)

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
