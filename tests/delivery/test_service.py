import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from aiohttp import web
from sqlalchemy import update

from bot.app import CALL_SECONDS
from bot.delivery import service as delivery
from bot.delivery.service import DOUBT_WAIT, FRESH, LEASE, MOST_DOUBTS
from bot.runtime import Runtime
from bot.vault import Vault
from models import Delivery, DeliveryState, IfInDoubt
from sandbox.faults import Fault
from sandbox.server import Sandbox
from tests.bad_day import BadDay
from tests.conftest import Clock
from tests.delivery.conftest import Outbox

NOBODY_LISTENS = "http://127.0.0.1:1/slack/events"
ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MARK = "a marked value that nobody else writes"


def list_files(folder: Path) -> list[Path]:
    """The database's files, its write-ahead log with it."""
    return list(folder.glob("turnabout.db*"))


def refusal(code: str) -> web.Response:
    return web.json_response({"ok": False, "error": code})


async def confirm(outbox: Outbox, row: Delivery, event_id: str = "E1", ts: str = "1.1") -> None:
    async with outbox.runtime.database.transaction(outbox.company.workspace_id) as session:
        await delivery.confirm(session, outbox.runtime, event_id, row.key, ts)


class TestQueue:
    async def test_writes_a_message_down_that_is_due_now(
        self, outbox: Outbox, clock: Clock
    ) -> None:
        await outbox.queue(outbox.note())
        row = await outbox.row()
        assert (row.state, row.not_before) == (DeliveryState.DUE, clock.now)
        assert (row.kind, row.recipient, row.attempts) == ("note", outbox.channel, 0)
        assert not outbox.said()

    async def test_leaves_out_what_is_there_already(self, outbox: Outbox) -> None:
        await outbox.queue(outbox.note("a"), outbox.note("a"), outbox.note("b"))
        await outbox.queue(outbox.note("a", "Hello again"))
        assert [row.dedupe_key for row in await outbox.rows()] == ["a", "b"]

    async def test_leaves_out_what_has_been_sent_already(self, outbox: Outbox) -> None:
        await outbox.queue(outbox.note())
        await delivery.send_due(outbox.runtime)
        await outbox.queue(outbox.note())
        assert await delivery.send_due(outbox.runtime) == 0
        assert outbox.said() == ["Hello"]

    async def test_of_nothing_does_nothing(self, outbox: Outbox) -> None:
        await outbox.queue()
        assert not await outbox.rows()

    async def test_gives_every_message_a_key_that_says_nothing(self, outbox: Outbox) -> None:
        await outbox.queue(outbox.note("a"), outbox.note("b"))
        one, other = await outbox.rows()
        assert one.key != other.key
        assert len(one.key) == 24
        int(one.key, 16)

    async def test_is_undone_with_the_transaction_it_belongs_to(self, outbox: Outbox) -> None:
        async def fail_after_queueing() -> None:
            async with outbox.runtime.database.transaction(outbox.company.workspace_id) as session:
                await delivery.queue(session, outbox.runtime, [outbox.note()])
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail_after_queueing()
        assert not await outbox.rows()


class TestIsQueued:
    async def test_knows_what_is_there_whatever_became_of_it(self, outbox: Outbox) -> None:
        async def known(workspace_id: int) -> list[bool]:
            async with outbox.runtime.database.transaction(workspace_id) as session:
                return [await delivery.is_queued(session, key) for key in ("note:1", "note:2")]

        workspace_id = outbox.company.workspace_id
        assert await known(workspace_id) == [False, False]
        await outbox.queue(outbox.note())
        assert await known(workspace_id) == [True, False]
        await delivery.send_due(outbox.runtime)
        assert await known(workspace_id) == [True, False]
        assert await known(workspace_id + 1) == [False, False]


class TestPrivacy:
    @ONE_ENGINE
    async def test_the_payload_is_sealed_and_blanked_once_it_has_left(self, outbox: Outbox) -> None:
        await outbox.queue(outbox.note(text=MARK))
        sealed = (await outbox.row()).payload
        assert sealed is not None
        assert MARK.encode() not in sealed
        await delivery.send_due(outbox.runtime)
        assert (await outbox.row()).payload is None
        assert outbox.said() == [MARK]

    @ONE_ENGINE
    async def test_the_database_file_never_holds_the_text(
        self, outbox: Outbox, tmp_path: Path
    ) -> None:
        await outbox.queue(outbox.note(text=MARK))
        await delivery.send_due(outbox.runtime)
        files = [path.read_bytes() for path in list_files(tmp_path)]
        assert any(outbox.channel.encode() in file for file in files)
        assert not any(MARK.encode() in file for file in files)

    @ONE_ENGINE
    async def test_slack_is_told_an_opaque_id_only(self, outbox: Outbox, sandbox: Sandbox) -> None:
        await outbox.queue(outbox.note())
        await delivery.send_due(outbox.runtime)
        row = await outbox.row()
        assert sandbox.calls[-1].args["metadata"]["event_payload"] == {"id": row.key}


class TestSendDue:
    async def test_sends_and_writes_down_the_ts(self, outbox: Outbox) -> None:
        await outbox.queue(outbox.note())
        assert await delivery.send_due(outbox.runtime) == 1
        row = await outbox.row()
        assert row.state is DeliveryState.SENT
        [message] = outbox.company.sandbox.workspace.conversations[outbox.channel].messages
        assert row.slack_ts == message
        assert row.lease_until is None

    async def test_again_sends_nothing_twice(self, outbox: Outbox) -> None:
        await outbox.queue(outbox.note())
        await delivery.send_due(outbox.runtime)
        assert await delivery.send_due(outbox.runtime) == 0
        assert outbox.said() == ["Hello"]

    async def test_waits_for_the_time_of_a_message(self, outbox: Outbox, clock: Clock) -> None:
        await outbox.queue(outbox.note(not_before=clock.now + timedelta(minutes=1)))
        clock.forward(seconds=59)
        assert await delivery.send_due(outbox.runtime) == 0
        clock.forward(seconds=1)
        assert await delivery.send_due(outbox.runtime) == 1

    async def test_sends_what_is_due_longest_first(self, outbox: Outbox, clock: Clock) -> None:
        early, now = clock.now - timedelta(hours=1), clock.now
        await outbox.queue(
            outbox.note("a", "second", not_before=now), outbox.note("b", "first", not_before=early)
        )
        await delivery.send_due(outbox.runtime)
        assert outbox.said() == ["first", "second"]

    async def test_sends_everything_that_is_due(self, outbox: Outbox) -> None:
        channels = outbox.more_channels(10)
        await outbox.queue(
            *(
                outbox.note(f"note:{number}", recipient=channels[number % 10])
                for number in range(40)
            )
        )
        assert await delivery.send_due(outbox.runtime) == 40
        assert set(await outbox.states()) == {DeliveryState.SENT}

    async def test_of_several_copies_at_once_sends_each_message_once(self, outbox: Outbox) -> None:
        numbers = [str(number) for number in range(60)]
        channels = outbox.more_channels(20)
        await outbox.queue(
            *(
                outbox.note(f"note:{number}", number, recipient=channel)
                for number, channel in zip(numbers, channels * 3, strict=True)
            )
        )
        sent = await asyncio.gather(*(delivery.send_due(outbox.runtime) for _ in range(4)))
        assert sum(sent) == len(numbers)
        said = [text for channel in channels for text in outbox.said(channel)]
        assert Counter(said) == Counter(numbers)

    async def test_holds_no_transaction_while_slack_is_called(
        self, outbox: Outbox, troubled: Runtime, bad_day: BadDay, sandbox: Sandbox
    ) -> None:
        """SQLite has one connection: an open transaction would keep `rows` waiting for ever."""
        bad_day.slack, bad_day.meanwhile = sandbox.api_url, outbox.rows
        await outbox.queue(outbox.note())
        assert await delivery.send_due(troubled) == 1

    async def test_keeps_a_claim_longer_than_a_call_can_take(self) -> None:
        assert LEASE.total_seconds() > 2 * CALL_SECONDS

    async def test_claims_no_more_than_it_sends(
        self, outbox: Outbox, troubled: Runtime, bad_day: BadDay, sandbox: Sandbox
    ) -> None:
        seen: list[list[DeliveryState]] = []

        async def look() -> None:
            seen.append(await outbox.states())

        sandbox.deliver_over_socket_mode()  # nobody listens there: no event is faster than we are
        bad_day.slack, bad_day.meanwhile = sandbox.api_url, look
        await outbox.queue(outbox.note("a"), outbox.note("b"), outbox.note("c"))
        assert await delivery.send_due(troubled) == 3
        due, claimed, sent = DeliveryState.DUE, DeliveryState.CLAIMED, DeliveryState.SENT
        assert seen == [[claimed, due, due], [sent, claimed, due], [sent, sent, claimed]]

    async def test_cancelled_in_the_middle_leaves_the_others_due(
        self, outbox: Outbox, troubled: Runtime, bad_day: BadDay, sandbox: Sandbox
    ) -> None:
        async def cancel() -> None:
            round_.cancel()

        bad_day.slack, bad_day.meanwhile = sandbox.api_url, cancel
        await outbox.queue(outbox.note("a"), outbox.note("b"))
        round_ = asyncio.create_task(delivery.send_due(troubled))
        with pytest.raises(asyncio.CancelledError):
            await round_
        assert (await outbox.states())[1] is DeliveryState.DUE
        assert await delivery.send_due(outbox.runtime) == 1

    async def test_of_an_unforeseen_error_leaves_the_others_due(self, outbox: Outbox) -> None:
        await outbox.queue(outbox.note("a"), outbox.note("b"))
        workspace_id = outbox.company.workspace_id
        no_message = outbox.runtime.vault.seal("no JSON", f"delivery:{workspace_id}")
        async with outbox.runtime.database.transaction(workspace_id) as session:
            await session.execute(
                update(Delivery).where(Delivery.dedupe_key == "a").values(payload=no_message)
            )
        with pytest.raises(ValueError, match="Expecting value"):
            await delivery.send_due(outbox.runtime)
        assert await outbox.states() == [DeliveryState.CLAIMED, DeliveryState.DUE]
        assert await delivery.send_due(outbox.runtime) == 1

    async def test_after_an_outage_sends_no_old_message_that_may_be_let_go(
        self, outbox: Outbox, clock: Clock
    ) -> None:
        await outbox.queue(
            outbox.note("nudge:1", "old", if_in_doubt=IfInDoubt.LET_GO),
            outbox.note("agreement", "kept", if_in_doubt=IfInDoubt.SEND_AGAIN),
        )
        clock.now += FRESH + timedelta(seconds=1)
        await outbox.queue(outbox.note("nudge:2", "new", if_in_doubt=IfInDoubt.LET_GO))
        assert await delivery.send_due(outbox.runtime) == 2
        assert outbox.said() == ["kept", "new"]

    async def test_counts_the_age_of_a_message_from_when_it_was_to_be_sent(
        self, outbox: Outbox, troubled: Runtime, bad_day: BadDay, clock: Clock
    ) -> None:
        later = clock.now + timedelta(days=30)
        await outbox.queue(outbox.note(if_in_doubt=IfInDoubt.LET_GO, not_before=later))
        clock.now = later
        bad_day.answer = lambda: web.Response(status=429)
        assert await delivery.send_due(troubled) == 0
        clock.now = later + FRESH
        assert await delivery.settle(outbox.runtime) == 0
        assert await delivery.send_due(outbox.runtime) == 1

    async def test_sends_a_message_queued_late(self, outbox: Outbox, clock: Clock) -> None:
        early = clock.now - timedelta(days=30)
        await outbox.queue(outbox.note(if_in_doubt=IfInDoubt.LET_GO, not_before=early))
        assert await delivery.settle(outbox.runtime) == 0
        assert await delivery.send_due(outbox.runtime) == 1


@ONE_ENGINE
class TestAFailedSend:
    async def test_being_told_to_wait_is_obeyed_until_it_succeeds(
        self, outbox: Outbox, troubled: Runtime, bad_day: BadDay, clock: Clock
    ) -> None:
        await outbox.queue(outbox.note())
        bad_day.answer = lambda: web.Response(status=429, headers={"Retry-After": "30"})
        for _ in range(20):
            assert await delivery.send_due(troubled) == 0
            row = await outbox.row()
            assert (row.state, row.error) == (DeliveryState.DUE, "ratelimited")
            assert row.not_before == clock.now + timedelta(seconds=30)
            clock.forward(seconds=30)
        assert await delivery.send_due(outbox.runtime) == 1
        assert outbox.said() == ["Hello"]

    async def test_being_told_to_wait_stops_the_round(
        self, outbox: Outbox, troubled: Runtime, bad_day: BadDay
    ) -> None:
        await outbox.queue(outbox.note("a"), outbox.note("b"))
        bad_day.answer = lambda: web.Response(status=429, headers={"Retry-After": "30"})
        await delivery.send_due(troubled)
        assert bad_day.calls == 1
        assert await outbox.states() == [DeliveryState.DUE, DeliveryState.DUE]

    async def test_being_told_to_wait_makes_no_old_message_young(
        self, outbox: Outbox, troubled: Runtime, bad_day: BadDay, clock: Clock
    ) -> None:
        await outbox.queue(outbox.note(if_in_doubt=IfInDoubt.LET_GO))
        bad_day.answer = lambda: web.Response(status=429, headers={"Retry-After": "3600"})
        for _ in range(25):
            await delivery.send_due(troubled)
            clock.forward(hours=1)
        assert bad_day.calls == 25
        assert await delivery.send_due(outbox.runtime) == 0
        assert await delivery.settle(outbox.runtime) == 1
        row = await outbox.row()
        assert (row.state, row.payload) == (DeliveryState.LET_GO, None)

    async def test_being_told_to_wait_does_not_count_as_a_doubt(
        self, outbox: Outbox, troubled: Runtime, bad_day: BadDay, clock: Clock
    ) -> None:
        await outbox.queue(outbox.note())
        bad_day.answer = lambda: web.Response(status=429, headers={"Retry-After": "30"})
        for _ in range(MOST_DOUBTS):
            await delivery.send_due(troubled)
            clock.forward(seconds=30)
        bad_day.answer = None
        await delivery.send_due(troubled)
        clock.now += DOUBT_WAIT
        await delivery.settle(outbox.runtime)
        assert await outbox.states() == [DeliveryState.DUE]

    async def test_is_not_tried_again_before_slack_said(
        self, outbox: Outbox, troubled: Runtime, bad_day: BadDay, clock: Clock
    ) -> None:
        await outbox.queue(outbox.note())
        bad_day.answer = lambda: web.Response(status=429, headers={"Retry-After": "30"})
        await delivery.send_due(troubled)
        clock.forward(seconds=29)
        await delivery.send_due(troubled)
        assert bad_day.calls == 1

    async def test_nobody_there_ends_it_and_blanks_the_payload(
        self, outbox: Outbox, clock: Clock
    ) -> None:
        outbox.company.sandbox.workspace.archive(outbox.channel)
        await outbox.queue(outbox.note())
        assert await delivery.send_due(outbox.runtime) == 0
        row = await outbox.row()
        assert (row.state, row.error) == (DeliveryState.GONE, "is_archived")
        assert row.payload is None
        clock.forward(days=1)
        assert await delivery.settle(outbox.runtime) == 0
        assert await delivery.send_due(outbox.runtime) == 0

    async def test_our_fault_is_kept_for_an_operator(
        self, outbox: Outbox, troubled: Runtime, bad_day: BadDay, clock: Clock
    ) -> None:
        bad_day.answer = lambda: refusal("invalid_blocks")
        await outbox.queue(outbox.note())
        assert await delivery.send_due(troubled) == 0
        row = await outbox.row()
        assert (row.state, row.error) == (DeliveryState.FAILED, "invalid_blocks")
        assert row.payload is not None
        clock.forward(days=1)
        assert await delivery.send_due(troubled) == 0
        assert bad_day.calls == 1

    async def test_a_cut_connection_leaves_a_doubt_that_is_not_sent_again_at_once(
        self, outbox: Outbox, troubled: Runtime, clock: Clock
    ) -> None:
        await outbox.queue(outbox.note())
        assert await delivery.send_due(troubled) == 0
        row = await outbox.row()
        assert (row.state, row.error) == (DeliveryState.IN_DOUBT, "connection_broke")
        assert row.lease_until == clock.now + DOUBT_WAIT
        assert await delivery.send_due(outbox.runtime) == 0

    async def test_does_not_keep_the_others_from_leaving(self, outbox: Outbox) -> None:
        await outbox.queue(outbox.note("a", recipient="C404"), outbox.note("b"))
        assert await delivery.send_due(outbox.runtime) == 1
        assert await outbox.states() == [DeliveryState.GONE, DeliveryState.SENT]

    async def test_a_payload_that_does_not_open_does_not_keep_the_others_from_leaving(
        self, outbox: Outbox
    ) -> None:
        other_key = replace(outbox.runtime, vault=Vault(bytes(32)), random=Random(7))
        workspace_id = outbox.company.workspace_id
        async with outbox.runtime.database.transaction(workspace_id) as session:
            await delivery.queue(session, other_key, [outbox.note("a")])
        await outbox.queue(outbox.note("b"))
        assert await delivery.send_due(outbox.runtime) == 1
        assert await outbox.states() == [DeliveryState.FAILED, DeliveryState.SENT]
        assert (await outbox.rows())[0].error == "sealed_with_another_key"


async def abandon(outbox: Outbox, *, if_in_doubt: IfInDoubt) -> None:
    """A copy claims a message and dies."""
    await outbox.queue(outbox.note(if_in_doubt=if_in_doubt))
    assert await delivery._next(outbox.runtime, None)


async def hear_a_confirmation(outbox: Outbox, sandbox: Sandbox, name: str = "heard") -> None:
    await outbox.queue(outbox.note(name, "Heard"))
    assert await delivery.send_due(outbox.runtime)
    await sandbox.settle()


class TestSettle:
    async def test_leaves_a_claim_alone_that_has_not_run_out(
        self, outbox: Outbox, clock: Clock
    ) -> None:
        await abandon(outbox, if_in_doubt=IfInDoubt.SEND_AGAIN)
        clock.now += LEASE - timedelta(seconds=1)
        assert await delivery.settle(outbox.runtime) == 0
        assert await outbox.states() == [DeliveryState.CLAIMED]

    async def test_a_claim_that_ran_out_is_in_doubt_and_waits_for_slack(
        self, outbox: Outbox, clock: Clock
    ) -> None:
        await abandon(outbox, if_in_doubt=IfInDoubt.SEND_AGAIN)
        clock.now += LEASE
        assert await delivery.settle(outbox.runtime) == 1
        assert await outbox.states() == [DeliveryState.IN_DOUBT]
        assert await delivery.settle(outbox.runtime) == 0
        assert await delivery.send_due(outbox.runtime) == 0

    async def test_an_event_settles_the_doubt(self, outbox: Outbox, clock: Clock) -> None:
        await abandon(outbox, if_in_doubt=IfInDoubt.SEND_AGAIN)
        clock.now += LEASE
        await delivery.settle(outbox.runtime)
        await confirm(outbox, await outbox.row(), ts="12.34")
        row = await outbox.row()
        assert (row.state, row.slack_ts, row.payload) == (DeliveryState.SENT, "12.34", None)
        clock.forward(days=1)
        assert await delivery.settle(outbox.runtime) == 0
        assert await delivery.send_due(outbox.runtime) == 0

    async def test_without_an_event_it_is_sent_again(self, outbox: Outbox, clock: Clock) -> None:
        await abandon(outbox, if_in_doubt=IfInDoubt.SEND_AGAIN)
        clock.now += LEASE
        await delivery.settle(outbox.runtime)
        clock.now += DOUBT_WAIT
        assert await delivery.settle(outbox.runtime) == 1
        assert await delivery.send_due(outbox.runtime) == 1
        assert outbox.said() == ["Hello"]
        assert await outbox.states() == [DeliveryState.SENT]

    async def test_without_an_event_it_is_not_sent_again_for_ever(
        self, outbox: Outbox, sandbox: Sandbox, clock: Clock
    ) -> None:
        sandbox.faults.add(Fault("drop_before", method="chat.postMessage", times=99))
        await outbox.queue(outbox.note())
        for _ in range(MOST_DOUBTS):
            await delivery.send_due(outbox.runtime)
            clock.now += DOUBT_WAIT
            await delivery.settle(outbox.runtime)
        row = await outbox.row()
        assert (row.state, row.error) == (DeliveryState.FAILED, "in_doubt_too_often")
        assert row.lease_until is None
        clock.forward(days=1)
        assert await delivery.settle(outbox.runtime) == 0
        assert await delivery.send_due(outbox.runtime) == 0
        assert len(sandbox.faults.met) == MOST_DOUBTS

    async def test_lets_go_of_what_is_stale(self, outbox: Outbox, clock: Clock) -> None:
        await outbox.queue(
            outbox.note("a", if_in_doubt=IfInDoubt.LET_GO),
            outbox.note("b", if_in_doubt=IfInDoubt.SEND_AGAIN),
        )
        clock.now += FRESH
        assert await delivery.settle(outbox.runtime) == 0
        clock.forward(seconds=1)
        assert await delivery.settle(outbox.runtime) == 1
        nudge, agreement = await outbox.rows()
        assert (nudge.state, nudge.payload) == (DeliveryState.LET_GO, None)
        assert agreement.state is DeliveryState.DUE

    async def test_without_an_event_it_is_let_go(self, outbox: Outbox, clock: Clock) -> None:
        await abandon(outbox, if_in_doubt=IfInDoubt.LET_GO)
        clock.now += LEASE
        await delivery.settle(outbox.runtime)
        clock.now += DOUBT_WAIT
        assert await delivery.settle(outbox.runtime) == 1
        row = await outbox.row()
        assert (row.state, row.payload) == (DeliveryState.LET_GO, None)
        assert await delivery.send_due(outbox.runtime) == 0
        assert not outbox.said()

    @pytest.mark.parametrize("kind", ["status", "error", "drop_before"])
    async def test_what_would_have_been_heard_of_is_sent_again(
        self, outbox: Outbox, sandbox: Sandbox, clock: Clock, kind: str
    ) -> None:
        await hear_a_confirmation(outbox, sandbox)
        clock.forward(days=1)
        sandbox.faults.add(Fault(kind, method="chat.postMessage"))
        await outbox.queue(outbox.note(if_in_doubt=IfInDoubt.LET_GO))
        await delivery.send_due(outbox.runtime)
        clock.now += DOUBT_WAIT
        assert await delivery.settle(outbox.runtime) == 1
        assert await delivery.send_due(outbox.runtime) == 1
        assert outbox.said() == ["Heard", "Hello"]
        assert await outbox.states() == [DeliveryState.SENT] * 2

    @ONE_ENGINE
    async def test_a_confirmation_that_comes_meanwhile_changes_nothing(
        self, outbox: Outbox, sandbox: Sandbox, clock: Clock
    ) -> None:
        await hear_a_confirmation(outbox, sandbox)
        clock.forward(days=1)
        sandbox.faults.add(Fault("drop_before", method="chat.postMessage"))
        await outbox.queue(outbox.note(if_in_doubt=IfInDoubt.LET_GO))
        await delivery.send_due(outbox.runtime)
        clock.forward(seconds=1)
        await hear_a_confirmation(outbox, sandbox, "again")
        clock.now += DOUBT_WAIT
        await delivery.settle(outbox.runtime)
        assert DeliveryState.DUE in await outbox.states()

    @ONE_ENGINE
    async def test_what_other_workspaces_hear_says_nothing(
        self, outbox: Outbox, sandbox: Sandbox, clock: Clock
    ) -> None:
        elsewhere = outbox.company.workspace_id + 1
        outbox.runtime.hearing_since[elsewhere] = clock()
        sandbox.faults.add(Fault("drop_before", method="chat.postMessage"))
        await outbox.queue(outbox.note(if_in_doubt=IfInDoubt.LET_GO))
        await delivery.send_due(outbox.runtime)
        clock.now += DOUBT_WAIT
        await delivery.settle(outbox.runtime)
        assert await outbox.states() == [DeliveryState.LET_GO]

    async def test_what_was_due_before_we_listened_is_let_go(
        self, outbox: Outbox, sandbox: Sandbox, clock: Clock
    ) -> None:
        sandbox.faults.add(Fault("drop_before", method="chat.postMessage"))
        await outbox.queue(outbox.note(if_in_doubt=IfInDoubt.LET_GO))
        await delivery.send_due(outbox.runtime)
        clock.forward(seconds=1)
        await hear_a_confirmation(outbox, sandbox)
        clock.now += DOUBT_WAIT
        await delivery.settle(outbox.runtime)
        assert await outbox.states() == [DeliveryState.LET_GO, DeliveryState.SENT]

    async def test_in_an_outage_that_takes_answer_and_event_it_is_let_go(
        self, outbox: Outbox, sandbox: Sandbox, clock: Clock
    ) -> None:
        await hear_a_confirmation(outbox, sandbox)
        sandbox.deliver_over_http(NOBODY_LISTENS)
        sandbox.faults.add(Fault("drop_after", method="chat.postMessage"))
        sandbox.faults.add(Fault("drop_before", method="auth.test", times=2))
        await outbox.queue(outbox.note(if_in_doubt=IfInDoubt.LET_GO))
        await delivery.send_due(outbox.runtime)
        clock.now += DOUBT_WAIT
        await delivery.settle(outbox.runtime)
        await delivery.send_due(outbox.runtime)
        assert outbox.said() == ["Heard", "Hello"]
        assert await outbox.states() == [DeliveryState.SENT, DeliveryState.LET_GO]

    async def test_a_copy_that_died_says_nothing_of_the_connection(
        self, outbox: Outbox, sandbox: Sandbox, clock: Clock
    ) -> None:
        await hear_a_confirmation(outbox, sandbox)
        await abandon(outbox, if_in_doubt=IfInDoubt.LET_GO)
        for wait in (LEASE, DOUBT_WAIT):
            clock.now += wait
            assert await delivery.settle(outbox.runtime) == 1
        assert await outbox.states() == [DeliveryState.SENT, DeliveryState.LET_GO]

    async def test_what_is_never_heard_of_is_let_go_after_some_tries(
        self, outbox: Outbox, sandbox: Sandbox, clock: Clock
    ) -> None:
        await hear_a_confirmation(outbox, sandbox)
        sandbox.faults.add(Fault("status", method="chat.postMessage", times=MOST_DOUBTS))
        await outbox.queue(outbox.note(if_in_doubt=IfInDoubt.LET_GO))
        for _ in range(MOST_DOUBTS):
            await delivery.send_due(outbox.runtime)
            clock.now += DOUBT_WAIT
            await delivery.settle(outbox.runtime)
        _, lost = await outbox.rows()
        assert (lost.state, lost.payload) == (DeliveryState.LET_GO, None)
        assert len(sandbox.faults.met) == MOST_DOUBTS

    async def test_of_several_copies_at_once_settles_once(
        self, outbox: Outbox, clock: Clock
    ) -> None:
        await abandon(outbox, if_in_doubt=IfInDoubt.SEND_AGAIN)
        clock.now += LEASE
        settled = await asyncio.gather(*(delivery.settle(outbox.runtime) for _ in range(4)))
        assert sum(settled) == 1
        assert await outbox.states() == [DeliveryState.IN_DOUBT]


class TestALateSender:
    """A copy that slept past its lease wakes up: what it says is taken if it is certain."""

    async def run_out(self, outbox: Outbox, clock: Clock, *, again: bool) -> None:
        clock.now += LEASE
        await delivery.settle(outbox.runtime)
        if again:
            clock.now += DOUBT_WAIT
            await delivery.settle(outbox.runtime)
            assert await delivery._next(outbox.runtime, None)

    @pytest.mark.parametrize("again", [False, True])
    async def test_that_did_send_is_believed(
        self,
        again: bool,
        outbox: Outbox,
        troubled: Runtime,
        bad_day: BadDay,
        sandbox: Sandbox,
        clock: Clock,
    ) -> None:
        sandbox.deliver_over_socket_mode()  # nobody listens there: the event is lost
        bad_day.slack = sandbox.api_url
        bad_day.meanwhile = lambda: self.run_out(outbox, clock, again=again)
        await outbox.queue(outbox.note())
        await delivery.send_due(troubled)
        assert await outbox.states() == [DeliveryState.SENT]

    async def test_that_failed_does_not_undo_the_claim_of_another(
        self, outbox: Outbox, troubled: Runtime, bad_day: BadDay, clock: Clock
    ) -> None:
        bad_day.answer = lambda: web.Response(status=429)
        bad_day.meanwhile = lambda: self.run_out(outbox, clock, again=True)
        await outbox.queue(outbox.note())
        await delivery.send_due(troubled)
        row = await outbox.row()
        assert (row.state, row.attempts) == (DeliveryState.CLAIMED, 2)


class TestConfirm:
    async def test_slacks_event_before_our_record_is_one_message(
        self, outbox: Outbox, troubled: Runtime, bad_day: BadDay, sandbox: Sandbox
    ) -> None:
        bad_day.slack, bad_day.meanwhile = sandbox.api_url, sandbox.settle
        await outbox.queue(outbox.note())
        assert await delivery.send_due(troubled) == 1
        row = await outbox.row()
        assert (row.state, row.payload) == (DeliveryState.SENT, None)
        assert outbox.said() == ["Hello"]

    async def test_slacks_event_settles_a_connection_cut_after_the_message_was_taken(
        self,
        outbox: Outbox,
        troubled: Runtime,
        bad_day: BadDay,
        sandbox: Sandbox,
        clock: Clock,
    ) -> None:
        bad_day.slack, bad_day.cut = sandbox.api_url, True
        await outbox.queue(outbox.note())
        await delivery.send_due(troubled)
        await sandbox.settle()
        assert await outbox.states() == [DeliveryState.SENT]
        clock.forward(days=1)
        await delivery.settle(outbox.runtime)
        await delivery.send_due(outbox.runtime)
        assert outbox.said() == ["Hello"]

    async def test_after_our_record_changes_nothing(self, outbox: Outbox, sandbox: Sandbox) -> None:
        await outbox.queue(outbox.note())
        await delivery.send_due(outbox.runtime)
        ts = (await outbox.row()).slack_ts
        await sandbox.settle()
        await confirm(outbox, await outbox.row(), ts="99.99")
        assert (await outbox.row()).slack_ts == ts

    async def test_twice_by_the_same_event_is_once(self, outbox: Outbox, clock: Clock) -> None:
        await abandon(outbox, if_in_doubt=IfInDoubt.SEND_AGAIN)
        row = await outbox.row()
        await confirm(outbox, row, "E1", "1.1")
        await confirm(outbox, row, "E1", "2.2")
        assert (await outbox.row()).slack_ts == "1.1"

    async def test_of_a_key_nobody_knows_is_nothing(self, outbox: Outbox) -> None:
        await abandon(outbox, if_in_doubt=IfInDoubt.SEND_AGAIN)
        row = await outbox.row()
        row.key = "0" * 24
        await confirm(outbox, row)
        assert await outbox.states() == [DeliveryState.CLAIMED]

    async def test_of_what_was_let_go_says_it_was_sent_after_all(
        self, outbox: Outbox, clock: Clock
    ) -> None:
        await abandon(outbox, if_in_doubt=IfInDoubt.LET_GO)
        clock.now += LEASE
        await delivery.settle(outbox.runtime)
        clock.now += DOUBT_WAIT
        await delivery.settle(outbox.runtime)
        await confirm(outbox, await outbox.row())
        assert await outbox.states() == [DeliveryState.SENT]
