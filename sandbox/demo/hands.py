"""How people act at their Slack: they type, fill in, press, and try again when Slack fails them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from sandbox.blocks import Json
from sandbox.client import Answer, Member
from sandbox.forms import Values, names_of
from sandbox.server import Sandbox
from sandbox.web_api.api import Call

COMMAND = "/mentoring"
PATIENCE = 5
"""So often somebody tries again when Slack fails them."""
LOOKS, BETWEEN_LOOKS = 250, 0.02
"""So often, and so many seconds apart, somebody looks whether what they wait for is there."""


class Hands:
    """Whoever acts through these tries again for as long as it has not worked and something went
    wrong at Slack meanwhile."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._failed_calls = 0

    def notice(self, call: Call) -> None:
        self._failed_calls += not call.ok

    async def open_form(self, member: Member, text: str, channel: str | None = None) -> bool:
        """Types a command that opens a form; False when the app had a reason not to."""

        async def type_it() -> None:
            await member.command(COMMAND, text, channel)

        await self._insist(type_it, lambda: member.modal is not None)
        return member.modal is not None

    async def press_for_form(self, member: Member, message: Json, action_id: str) -> bool:
        """Presses a button that opens a form; False when the app had a reason not to."""

        async def press() -> None:
            await member.click(message, action_id)

        await self._insist(press, lambda: member.modal is not None)
        return member.modal is not None

    async def send_form(self, member: Member, values: Values) -> bool:
        """Fills in what the form asks for and sends it. Afterwards the next form is there, if there
        is one; False when the app would not have it, and the form was closed."""
        sent = self._forms(member)[-1:]

        async def submit() -> None:
            await self._close_notices(member)
            if self._forms(member)[-1:] == sent:
                asked = {name: value for name, value in values.items() if name in fields(member)}
                await member.submit(asked)

        def is_sent() -> bool:
            return not set(sent) & set(self._forms(member))

        if sent:
            await self._insist(submit, is_sent)
        if not is_sent():
            await self._close_notices(member)
            await member.close(all_views=True)
            return False
        await self._close_notices(member)
        return bool(sent)

    async def press_until_gone(
        self, member: Member, message: Json, action_id: str, value: str | None = None
    ) -> None:
        async def press() -> None:
            await member.click(message, action_id, value)

        def is_gone() -> bool:
            [now] = [
                one for one in member.messages(message["channel"]) if one["ts"] == message["ts"]
            ]
            return action_id not in buttons(now["blocks"])

        await self._insist(press, is_gone)

    async def press_in_view(self, member: Member, action_id: str, value: str) -> None:
        """Presses a button of the form in front of somebody, until the form no longer has it."""

        async def press() -> None:
            await self._close_notices(member)
            if not is_gone():
                await member.click(member.modal or {}, action_id, value)

        def is_gone() -> bool:
            return member.modal is None or value not in values_of(member.modal["blocks"], action_id)

        await self._insist(press, is_gone)
        await self._close_notices(member)

    async def press_and_wait(self, member: Member, action_id: str, typed: Values) -> None:
        """Presses a button of the form in front of somebody, with this filled in, and waits until
        the answer is in the form: first a line that it is being worked on, and then more."""
        lines = len(member.modal["blocks"]) if member.modal else 0

        def is_there() -> bool:
            return member.modal is None or len(member.modal["blocks"]) > lines + 1

        async def press() -> None:
            await self._close_notices(member)
            if member.modal is not None:
                await member.click(member.modal, action_id, typed=typed)
            for _ in range(LOOKS):
                if is_there():
                    return
                await asyncio.sleep(BETWEEN_LOOKS)

        await self._insist(press, is_there)

    async def say(
        self,
        member: Member,
        text: str,
        has_worked: Callable[[Answer], bool],
        channel: str | None = None,
    ) -> None:
        """Types a command until its answer is the one hoped for."""
        answers: list[Answer] = []

        async def type_it() -> None:
            answers.append(await member.command(COMMAND, text, channel))

        await self._insist(type_it, lambda: bool(answers) and has_worked(answers[-1]))

    async def _insist(
        self, act: Callable[[], Awaitable[None]], has_worked: Callable[[], bool]
    ) -> None:
        for _ in range(PATIENCE):
            trouble_before = self._trouble
            await act()
            if has_worked() or self._trouble == trouble_before:
                return

    async def _close_notices(self, member: Member) -> None:
        """Those on top that only say something, such as why it did not work."""
        while member.modal is not None and not member.modal["callback_id"]:
            await member.close()

    def _forms(self, member: Member) -> list[tuple[str, str]]:
        """The forms in front of somebody, the topmost last; what they are about tells two of one
        kind apart."""
        return [
            (view.content["callback_id"], view.content.get("private_metadata", ""))
            for view in self._sandbox.views.stacks[member.id]
            if view.content.get("callback_id")
        ]

    @property
    def _trouble(self) -> int:
        """How often a call to Slack has failed; some break off before Slack knows of them."""
        return self._failed_calls + len(self._sandbox.faults.met)


def fields(member: Member) -> set[str]:
    """The names of everything that the form in front of somebody asks for."""
    blocks = member.modal["blocks"] if member.modal else []
    return {name for name in names_of(blocks) if isinstance(name, str)}


def offered(member: Member, field: str) -> list[str]:
    """What can be chosen in this field of the form in front of somebody."""
    blocks = member.modal["blocks"] if member.modal else []
    return [
        str(option["value"])
        for block in blocks
        if block["block_id"] == field
        for option in block["element"]["options"]
    ]


def buttons(blocks: Iterable[Json]) -> list[str]:
    """The action ids of the buttons in a message or a view."""
    return [str(element.get("action_id")) for element in _pressable(blocks)]


def values_of(blocks: Iterable[Json], action_id: str) -> list[str]:
    """The values of all buttons of this name, and of what can be chosen in its menus."""
    return [
        str(one.get("value"))
        for element in _pressable(blocks)
        if element.get("action_id") == action_id
        for one in element.get("options", [element])
    ]


def _pressable(blocks: Iterable[Json]) -> Iterable[Json]:
    for block in blocks:
        yield from block["elements"] if block["type"] == "actions" else ()
        if "accessory" in block:
            yield block["accessory"]
