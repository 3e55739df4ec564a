"""The modal in which Robin looks at a match: Jo with Lena, and Olli left over."""

from models import Person, Proposal
from tests.handlers.scene import Json, Scene, texts


async def opened(scene: Scene) -> Person:
    """Robin has it open; returns Olli, who fits less well than Jo."""
    olli = await scene.company.person("Olli Other", level=1)
    await scene.enrol_all()
    await scene.company.enrol(scene.program, olli, ["social-media"])
    await scene.robin.click(await scene.proposal(), "review_match")
    return olli


def modal(scene: Scene) -> Json:
    """The one on top."""
    assert scene.robin.modal is not None
    return scene.robin.modal


def cards(scene: Scene) -> list[str]:
    """How each card begins."""
    found = [block for block in modal(scene)["blocks"] if block["type"] == "section"]
    lines = [str(block["text"]["text"]).splitlines()[0] for block in found]
    return [line for line in lines if line.startswith("<@")]


def head(mentor: Person, mentee: Person) -> str:
    """How the card of such a pair begins."""
    return f"<@{mentor.slack_user_id}> with <@{mentee.slack_user_id}>"


async def hold(scene: Scene, verb: str, mentor: Person | None = None) -> None:
    """Chooses it in the menu beside a pair with Lena."""
    two = f"{(mentor or scene.junior).id}:{scene.leader.id}"
    await scene.robin.click(modal(scene), "hold_pair", f"{verb}:{two}")


async def keep_apart(scene: Scene, mentor: Person | None = None) -> None:
    """For good, having read what it costs."""
    await hold(scene, "never", mentor)
    await scene.robin.submit()


async def proposed(scene: Scene) -> list[tuple[int, int]]:
    return [(one.mentor_id, one.mentee_id) for one in await scene.rows(Proposal)]


def said(scene: Scene) -> str:
    """Everything that is to be read."""
    return "\n".join(texts(modal(scene)))
