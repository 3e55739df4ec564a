"""The way through, thin: one program from its first modal to the manager's status."""

from datetime import date

from bot.cadence import service as cadence
from bot.delivery import service as delivery
from bot.matching import runs_service as matching
from bot.pairs import service as pairs
from tests.conftest import Clock
from tests.factories import Company


async def test_a_program_from_its_first_modal_to_its_status(company: Company, clock: Clock) -> None:
    runtime, sandbox = company.runtime, company.sandbox
    manager = await company.person("Robin Vega", level=3, is_admin=True)
    leader = await company.person("Lena Boss", level=6)
    junior = await company.person("Jo Young", level=1)
    admin_channel = sandbox.add_channel(
        "mentoring-team", [manager.slack_user_id or ""], private=True, app=True
    )

    robin = company.member(manager)
    await robin.command("/mentoring", "program new", admin_channel)
    assert not (await robin.submit({"template": "digital-skills"})).errors
    submitted = await robin.submit(
        {
            "name": "Fresh Eyes",
            "purpose": "See with fresh eyes",
            "topics": ["digital-tools"],
            "mentee_from_level": "4",
            "starts_on": date(2026, 1, 12).isoformat(),
            "join_by": date(2026, 1, 9).isoformat(),
        }
    )
    assert not submitted.errors
    assert not (await robin.submit()).errors
    for person in (leader, junior):
        member = company.member(person)
        await member.command("/mentoring", "join")
        assert not (
            await member.submit({"topics": ["digital-tools"], "ground_rules": ["agree"]})
        ).errors

    await robin.command("/mentoring", "match", admin_channel)
    assert await matching.work_off(runtime) == 1
    await delivery.send_due(runtime)
    await robin.click(robin.messages(admin_channel)[-1], "publish_match")
    assert await pairs.open_spaces(runtime) == 1
    await delivery.send_due(runtime)

    clock.forward(days=7, hours=1)
    await cadence.queue_due(runtime)
    await delivery.send_due(runtime)
    lena = company.member(leader)
    [channel] = [found["id"] for found in lena.channels if found["kind"] == "private"]
    nudge = lena.messages(channel)[-1]
    await lena.click(nudge, "we_met")
    await lena.command("/mentoring", "goals", channel)
    parts = ("relevant", "experimental", "aspirational", "learning")
    assert not (await lena.submit({part: f"a {part} sentence" for part in parts})).errors

    status = await robin.command("/mentoring", "status", admin_channel)
    assert status.body["response_type"] == "in_channel"
    fields = str(status.body["blocks"])
    assert "1 mentor" in fields
