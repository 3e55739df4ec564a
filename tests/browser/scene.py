"""The company that the browser tests play in, and what others do there behind the scene."""

import asyncio
from datetime import date

from sandbox.blocks import Json
from sandbox.client import Member
from sandbox.demo.company import Employee
from sandbox.demo.live import Live
from sandbox.demo.play import MANAGER

CHIEF, LEADER, JUNIOR, OTHER_JUNIOR = "Cleo Chief", "Lena Boss", "Jo Young", "Ivy Early"
PROGRAM, TOPIC = "Fresh Eyes", "digital-tools"
TEAM = "mentoring-team"
PATIENCE = 20
"""Seconds."""
COMPANY = [
    Employee(
        f"E{number}", name, f"e{number}@example.com", level, room, title, above, "Europe/Paris"
    )
    for number, name, level, room, title, above in (
        ("E1", CHIEF, 6, "Board", "Chief executive", ""),
        ("E2", LEADER, 5, "Sales", "Director", "E1"),
        ("E3", "Max Head", 5, "Care", "Director", "E1"),
        ("E4", JUNIOR, 1, "Care", "Trainee", "E3"),
        ("E5", OTHER_JUNIOR, 2, "Sales", "Specialist", "E2"),
        ("E6", "Tom Fresh", 1, "Sales", "Trainee", "E2"),
        ("E7", "Ann New", 1, "Care", "Trainee", "E3"),
    )
]
"""A third of them leaders; the leader and the junior may be a pair."""


class Scene:
    """A running demo, at `address`."""

    def __init__(self, demo: Live, address: str) -> None:
        self.demo = demo
        self.address = address

    def member(self, name: str) -> Member:
        workspace = self.demo.sandbox.workspace
        [user] = [user for user in workspace.users.values() if user.real_name == name]
        return self.demo.sandbox.member(user.id)

    async def open_program(self, **settings: object) -> None:
        """From the first template, with what the tests say of it; launched at once."""
        manager = self.member(MANAGER)
        form = {
            "name": PROGRAM,
            "purpose": "Leaders see our services as newcomers see them",
            "topics": [TOPIC, "social-media", "inclusion"],
            "mentee_from_level": "4",
            "starts_on": date(2026, 1, 12).isoformat(),
            "join_by": date(2026, 1, 12).isoformat(),
        }
        async with self.demo.taking(manager.id):
            await manager.command("/mentoring", "program new", self._team())
            for values in ({}, form | settings, {}):
                assert not (await manager.submit(values)).errors

    async def join(self, name: str) -> None:
        member = self.member(name)
        await member.command("/mentoring", "join")
        form = {"topics": [TOPIC], "ground_rules": ["agree"]}
        assert not (await member.submit(form)).errors

    async def match(self) -> None:
        manager = self.member(MANAGER)
        await manager.command("/mentoring", "match", self._team())
        await manager.click(await self._proposal(manager), "publish_match")

    async def _proposal(self, manager: Member) -> Json:
        """The app works it out beside everything else."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for message in manager.messages(self._team()):
                    if "publish_match" in str(message["blocks"]):
                        return message
                await asyncio.sleep(0.05)

    async def pair_up(self) -> None:
        """A program, and the leader and the junior in it as a pair."""
        await self.open_program()
        for name in (LEADER, JUNIOR):
            await self.join(name)
        await self.match()

    def _team(self) -> str:
        return self.demo.cast.scene.admin_channel
