"""What holds of every program that the demo plays, read from what it leaves behind."""

import json
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.people.reporting_lines import in_line
from bot.slack.gateway import SCOPES
from prompts.library import load_library
from tests.sandbox.demo.conftest import WEEKS, Play, Row

WORK = range(9, 17)
OVERTAKEN = {("enrollment_over", "let_go"), ("pair_rests", "let_go")}
"""What waits for the morning, and is not said any more when the pairs are made, or one ends, before
it."""
KEYS = ["at", "workspace", "method", "args", "ok", "error"]


class TestDemo:
    def test_ends_well_and_says_where_to_look(self, play: Play) -> None:
        assert play.code == 0, play.said
        assert "Traceback" not in play.said
        for name in ("turnabout.db", "transcript.jsonl", "report.md"):
            assert name in play.said
            assert (play.out / name).stat().st_size > 0

    def test_says_how_far_it_is_in_plain_lines(self, play: Play) -> None:
        progress = [line for line in play.said.splitlines() if "calls to Slack so far" in line]
        assert 5 <= len(progress) <= 10
        assert "\x1b" not in play.said

    def test_the_report_is_what_status_says_at_the_end(self, play: Play) -> None:
        report = (play.out / "report.md").read_text(encoding="utf-8")
        assert "Fresh Eyes: finished" in report
        [pairs] = play.rows("SELECT count(*) AS made FROM pair WHERE state = 'completed'")
        assert f"{pairs['made']} completed" in report

    def test_the_story_has_names_and_no_ids(self, play: Play) -> None:
        story = (play.out / "story.md").read_text(encoding="utf-8")
        assert "Robin Vega" in story
        assert "<@" not in story
        assert "<#" not in story

    def test_the_log_names_nobody(self, play: Play) -> None:
        log = (play.out / "turnabout.log").read_text(encoding="utf-8")
        assert all(isinstance(json.loads(line), dict) for line in log.splitlines())
        people = play.rows("SELECT name, email FROM person")
        assert [one for one in people if one["name"] in log or (one["email"] or "-@-") in log] == []


class TestSeed:
    def test_the_same_says_the_same(self, plays: dict[str, Play]) -> None:
        assert plays["again"].code == 0
        assert plays["again"].transcript == plays["first"].transcript
        for name in ("report.md", "story.md", "people.csv"):
            assert (plays["again"].out / name).read_bytes() == (
                plays["first"].out / name
            ).read_bytes()

    @pytest.mark.campaign
    def test_another_says_something_else(self, play: Play, other: Play) -> None:
        assert other.code == 0
        assert other.transcript != play.transcript


class TestFaults:
    def test_change_nothing_that_a_manager_sees(self, plays: dict[str, Play]) -> None:
        assert plays["troubled"].code == 0, plays["troubled"].said
        troubled, first = (_report(plays[name]) for name in ("troubled", "first"))
        assert troubled == first

    def test_are_told_of(self, plays: dict[str, Play]) -> None:
        said = plays["troubled"].said
        assert "faults met" in said
        assert "chat.postMessage" in said
        assert "faults met" not in plays["first"].said

    def test_say_nothing_twice_and_lose_nothing(self, plays: dict[str, Play]) -> None:
        said = [
            Counter(
                (found["kind"], found["recipient"], found["state"])
                for found in one.deliveries
                if not _may_be_left_out(found)
            )
            for one in (plays["troubled"], plays["first"])
        ]
        assert said[0] == said[1]
        taken = [
            call["args"]["metadata"]["event_payload"]["id"]
            for call in plays["troubled"].calls
            if call["method"] == "chat.postMessage" and call["ok"]
        ]
        sent = [found for found in plays["troubled"].deliveries if found["state"] == "sent"]
        assert sorted(taken) == sorted(found["key"] for found in sent)

    def test_make_some_calls_fail(self, plays: dict[str, Play]) -> None:
        assert [call for call in plays["troubled"].calls if not call["ok"]]


class TestTranscript:
    def test_every_line_has_the_same_keys(self, play: Play) -> None:
        assert {tuple(call) for call in play.calls} == {tuple(KEYS)}

    def test_times_only_go_forward(self, play: Play) -> None:
        times = [datetime.fromisoformat(call["at"]) for call in play.calls]
        assert times == sorted(times)
        assert all(at.utcoffset() == timedelta(0) for at in times)

    def test_blocks_views_and_metadata_are_json(self, play: Play) -> None:
        types = {"blocks": list, "view": dict, "metadata": dict}
        seen = Counter(
            (name, type(call["args"][name]))
            for call in play.calls
            for name in types.keys() & call["args"].keys()
        )
        assert seen.keys() == set(types.items())

    def test_has_no_token(self, play: Play) -> None:
        for mark in ("xoxb-", "xapp-", "Bearer", '"token"', "signing-secret"):
            assert mark not in play.transcript

    def test_every_call_is_one_the_app_may_make_and_slack_took(self, play: Play) -> None:
        assert {call["method"] for call in play.calls} <= SCOPES.keys()
        assert [call for call in play.calls if not call["ok"]] == []
        assert {call["error"] for call in play.calls} == {None}

    def test_every_channel_is_private(self, play: Play) -> None:
        made = [call for call in play.calls if call["method"] == "conversations.create"]
        assert made
        assert {call["args"]["is_private"] for call in made} <= {"1", "true", True}


@pytest.fixture(params=["play", pytest.param("other", marks=pytest.mark.campaign)])
def either(request: pytest.FixtureRequest) -> Play:
    """What must hold of a play, whatever the seed."""
    play: Play = request.getfixturevalue(request.param)
    return play


class TestPairs:
    def test_there_are_some_to_look_at(self, either: Play) -> None:
        [pairs] = either.rows("SELECT count(*) AS made FROM pair")
        assert pairs["made"] >= 2

    def test_the_mentor_is_junior_and_outside_the_reporting_line(self, either: Play) -> None:
        for pair in either.rows(
            """
            SELECT mentor.level AS below, mentee.level AS above,
                mentor.reporting_path AS one, mentee.reporting_path AS other
            FROM pair JOIN person AS mentor ON mentor.id = pair.mentor_id
            JOIN person AS mentee ON mentee.id = pair.mentee_id
            """
        ):
            assert pair["below"] < pair["above"]
            assert not in_line(pair["one"], pair["other"])

    def test_nobody_is_in_two_at_once(self, either: Play) -> None:
        lasting = "SELECT mentor_id, mentee_id FROM pair WHERE state <> 'ended'"
        people = Counter(person for pair in either.rows(lasting) for person in pair.values())
        assert set(people.values()) == {1}

    def test_no_two_are_a_pair_twice(self, either: Play) -> None:
        pairs = either.rows("SELECT mentor_id, mentee_id FROM pair")
        assert len({tuple(pair.values()) for pair in pairs}) == len(pairs)

    def test_a_leaver_takes_no_part(self, either: Play) -> None:
        assert either.rows("SELECT active FROM person WHERE name = 'Kay Gone'") == [{"active": 0}]
        assert "Kay Gone" not in either.transcript


class TestAsking:
    def test_an_odd_seed_asks_everybody_it_brings_together(self, play: Play) -> None:
        asked = Counter(_sent_with(play, "accept_match"))
        pairs = play.rows(
            """
            SELECT mentor.slack_user_id AS mentor, mentee.slack_user_id AS mentee
            FROM pair JOIN person AS mentor ON mentor.id = pair.mentor_id
            JOIN person AS mentee ON mentee.id = pair.mentee_id
            """
        )
        made = Counter(person for pair in pairs for person in pair.values())
        assert made
        assert made <= asked
        assert asked.total() > made.total(), "not everybody would like everybody"

    @pytest.mark.campaign
    def test_an_even_one_does_not(self, other: Play) -> None:
        assert _sent_with(other, "accept_match") == []


class TestSupport:
    def test_whose_pair_ends_has_another_partner_looked_for(self, either: Play) -> None:
        assert either.rows("SELECT id FROM pair WHERE state = 'ended'")
        assert either.rows("SELECT id FROM match_run WHERE requested_by_id IS NULL")

    def test_the_contact_alone_is_asked_to_write(self, either: Play) -> None:
        [program] = either.rows(
            """
            SELECT person.slack_user_id AS contact FROM program
            JOIN person ON person.id = program.support_contact_id
            """
        )
        talks = either.of_kind("support_talk")
        assert talks
        assert {talk["recipient"] for talk in talks} == {program["contact"]}


class TestManager:
    def test_weighs_before_the_match_and_looks_through_it(self, either: Play) -> None:
        shown = [
            call["args"]["view"]["callback_id"]
            for call in either.calls
            if call["method"] in ("views.open", "views.push")
        ]
        for form in ("weights", "match_run", "match_fairness", "match_decisions"):
            assert shown.count(form) == 1, form
        assert shown.index("weights") < shown.index("match_run")
        [program] = either.rows("SELECT weights FROM program")
        assert json.loads(program["weights"])["hours"] == 5

    def test_decides_on_every_match_they_asked_for(self, either: Play) -> None:
        states = either.rows("SELECT state FROM match_run WHERE requested_by_id IS NOT NULL")
        assert {"published"} <= {one["state"] for one in states} <= {"published", "dropped"}


class TestMessages:
    def test_each_is_sent_once(self, either: Play) -> None:
        posted = [
            call["args"]["metadata"]["event_payload"]["id"]
            for call in either.calls
            if call["method"] == "chat.postMessage"
        ]
        assert len(set(posted)) == len(posted)
        sent = {found["key"] for found in either.deliveries if found["state"] == "sent"}
        assert set(posted) == sent
        others = [found for found in either.deliveries if found["key"] not in sent]
        assert {(found["kind"], found["state"]) for found in others} <= OVERTAKEN
        dedupe = Counter(found["dedupe_key"] for found in either.deliveries)
        assert set(dedupe.values()) == {1}

    def test_each_pair_has_every_prompt_of_every_week(self, either: Play) -> None:
        """A last reminder that would come after the farewell is left out."""
        completed = either.rows("SELECT id FROM pair WHERE state = 'completed'")
        pairs = [pair["id"] for pair in completed]
        last = {f"reminder:{pair}:{WEEKS}" for pair in pairs}
        for kind in ("nudge", "question", "reminder"):
            said = [found for found in either.of_kind(kind) if found["pair_id"] in pairs]
            keys = {found["dedupe_key"] for found in said}
            weeks = range(1, WEEKS + 1)
            every = {f"{kind}:{pair}:{week}" for pair in pairs for week in weeks}
            assert keys | last == every | last
        for kind in ("introduction", "farewell"):
            assert {found["pair_id"] for found in either.of_kind(kind)} >= set(pairs)

    def test_a_pairs_prompts_go_to_its_own_channel(self, either: Play) -> None:
        channels = {
            pair["id"]: pair["channel_id"]
            for pair in either.rows("SELECT id, channel_id FROM pair")
        }
        assert len(set(channels.values())) == len(channels)
        for kind in ("introduction", "nudge", "question", "farewell"):
            for found in either.of_kind(kind):
                call = either.posts[found["key"]]
                assert call["args"]["channel"] == channels[found["pair_id"]]

    def test_reminders_go_to_the_mentee_alone(self, either: Play) -> None:
        heading = load_library().label("pair.reminder_heading")
        reminders = {key for key, call in either.posts.items() if _heading(call) == heading}
        assert reminders == {found["key"] for found in either.of_kind("reminder")}
        mentors = {found["mentor"] for found in either.deliveries}
        for found in either.of_kind("reminder"):
            channel = either.posts[found["key"]]["args"]["channel"]
            assert channel == found["mentee"]
            assert channel not in mentors

    def test_reminders_come_in_the_mentees_working_hours(self, either: Play) -> None:
        for found in either.of_kind("reminder"):
            local = _at(either, found, "mentee_zone") - timedelta(minutes=15)  # the demo's step
            assert local.hour in range(8, 17)
            assert local.weekday() < 5

    def test_no_pair_has_a_question_twice(self, either: Play) -> None:
        asked = Counter(
            (found["pair_id"], either.posts[found["key"]]["args"]["text"])
            for found in either.of_kind("question")
        )
        assert set(asked.values()) == {1}
        kept = either.rows("SELECT pair_id, question_id FROM question_asked")
        assert len({tuple(row.values()) for row in kept}) == len(kept) == len(asked)

    @pytest.mark.parametrize("kind", ["nudge", "question", "farewell"])
    def test_both_are_at_work_when_a_message_comes_if_they_ever_are(
        self, either: Play, kind: str
    ) -> None:
        for found in either.of_kind(kind):
            local = [_at(either, found, zone) for zone in ("mentor_zone", "mentee_zone")]
            day = local[0].replace(hour=0, minute=0)
            hours = [(day + timedelta(hours=hour)) for hour in range(24)]
            possible = any(
                _works(hour) and _works(hour.astimezone(local[1].tzinfo)) for hour in hours
            )
            assert not possible or all(_works(one) for one in local), (local, found["dedupe_key"])


def _sent_with(play: Play, action_id: str) -> list[str]:
    """To whom messages with this button have been posted."""
    return [
        call["args"]["channel"]
        for call in play.posts.values()
        if action_id in str(call["args"].get("blocks"))
    ]


def _heading(call: Row) -> str:
    first = call["args"]["blocks"][0]
    return first["text"]["text"] if first["type"] == "header" else ""


def _at(play: Play, found: Row, zone: str) -> datetime:
    at = datetime.fromisoformat(play.posts[found["key"]]["at"])
    return at.astimezone(ZoneInfo(found[zone]))


def _report(play: Play) -> list[str]:
    """What the manager reads, but for the number of messages: see `_may_be_left_out`."""
    report = (play.out / "report.md").read_text(encoding="utf-8").splitlines()
    return [line for line in report if not line.startswith("- **Messages**")]


def _may_be_left_out(found: Row) -> bool:
    """A reminder's moment is drawn by chance, and where a break of the pair, or its end, comes
    before it, it would come after the farewell and is left out."""
    key = found["dedupe_key"]
    return key.startswith("reminder:") and (
        key.endswith(f":{WEEKS}") or found["pair_state"] == "ended"
    )


def _works(local: datetime) -> bool:
    return local.hour in WORK and local.weekday() < 5
