"""Jo and Lena's pair, paused by a slip in the staff records, for Robin to decide."""

from bot.pairs import service as pairs
from models import Pair, PairState, Person
from sandbox.client import Member
from tests.handlers.scene import Json, Scene


async def level_of_jo(scene: Scene, level: int) -> None:
    async with scene.company.transaction() as session:
        (await session.get_one(Person, scene.junior.id)).level = level
        await session.flush()
        await pairs.pause_unsafe(session, scene.runtime)


async def paused(scene: Scene, reader: Member | None = None) -> tuple[Pair, Json]:
    """The pair, and the message to a manager that asks to decide."""
    pair = await scene.open_pair()
    await level_of_jo(scene, 9)
    member = reader or scene.robin
    await scene.told(member)
    return pair, member.messages(member.direct())[-1]


async def state_of_pair(scene: Scene) -> PairState:
    [pair] = await scene.rows(Pair)
    state: PairState = pair.state
    return state


def shown(member: Member, message: Json) -> Json:
    """The message as it is now."""
    found = member.messages(message["channel"])
    return next(one for one in found if one["ts"] == message["ts"])
