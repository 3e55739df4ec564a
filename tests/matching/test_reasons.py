import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.candidates import Candidate
from bot.matching.explanations import Point
from bot.matching.parts import PARTS
from bot.matching.reasons import SAYS, WhyPair, why_pairs
from bot.matching.scores import DEFAULT_WEIGHTS, Weights, scores
from tests.matching.people import hours, only, person


def why_pair(mentor: Candidate, mentee: Candidate, weights: Weights = DEFAULT_WEIGHTS) -> WhyPair:
    (why,) = why_pairs([mentor], [mentee], [(mentor.person_id, mentee.person_id)], weights)
    return why


class TestWhyPairs:
    def test_every_part_has_its_words(self) -> None:
        assert list(SAYS) == list(PARTS)

    def test_the_strongest_reasons_and_what_counts_most_against_it(self) -> None:
        why = why_pair(person(1, 1, "ai data", "Legal"), person(2, 3, "ai data tools"))
        assert why.reasons == (
            Point("topics_shared", {"topics": ("ai", "data"), "wanted": 3}),
            Point("departments_differ", {"mentor": "Legal", "mentee": "Sales"}),
            Point("levels_apart", {"levels": 2}),
        )
        assert why.to_know == Point("topics_missing", {"topics": ("tools",)})
        assert why.shared_topics == ("ai", "data")

    def test_where_all_is_well_there_is_nothing_to_know(self) -> None:
        assert why_pair(person(1, 1, "ai", "Legal"), person(2, 5, "ai")).to_know is None

    def test_what_is_not_known_is_neither(self) -> None:
        weights = only(hours=9, meeting=9, learning=9, strengths=9, newness=9)
        why = why_pair(person(1), person(2, 5), weights)
        assert (why.reasons, why.to_know) == ((), None)

    def test_what_has_no_weight_is_neither(self) -> None:
        why = why_pair(person(1, 1, "tools"), person(2, 5, "ai"), only(level=1))
        assert [reason.key for reason in why.reasons] == ["levels_apart"]
        assert why.to_know is None

    @pytest.mark.parametrize(
        ("part", "mentor", "mentee", "reason", "to_know"),
        [
            (
                "topics",
                person(1, topics="ai data"),
                person(2, 5, "ai tools", main_topic="ai"),
                Point("topics_shared", {"topics": ("ai",), "wanted": 2}),
                Point("topics_missing", {"topics": ("tools",)}),
            ),
            (
                "topics",
                person(1),
                person(2, 5, "ai", main_topic="ai"),
                None,
                Point("no_topic_shared", {"topics": ("ai",)}),
            ),
            (
                "department",
                person(1),
                person(2, 5),
                None,
                Point("same_department", {"department": "Sales"}),
            ),
            ("department", person(1, department=""), person(2, 5), None, Point("no_department")),
            (
                "level",
                person(1),
                person(2, 2),
                Point("levels_apart", {"levels": 1}),
                Point("levels_close", {"levels": 1, "enough": 3}),
            ),
            (
                "hours",
                person(1, hours=hours(8, 16)),
                person(2, 5, hours=hours(13.5, 20)),
                Point("hours_shared", {"hours": 2.5}),
                None,
            ),
            (
                "hours",
                person(1, hours=hours(8, 16)),
                person(2, 5, hours=hours(15, 20)),
                None,
                Point("few_hours_shared", {"hours": 1.0}),
            ),
            (
                "meeting",
                person(1, means="walk video", frequency=2),
                person(2, 5, means="walk", frequency=4),
                Point("meeting_alike"),
                Point("meeting_unlike"),
            ),
            (
                "meeting",
                person(1, means="video"),
                person(2, 5, means="walk", frequency=4),
                None,
                Point("meeting_unlike"),
            ),
            (
                "meeting",
                person(1, frequency=2),
                person(2, 5, means="walk", frequency=2),
                Point("meeting_alike"),
                None,
            ),
            (
                "learning",
                person(1, style="doing", interests="chess art"),
                person(2, 5, style="doing", interests="chess"),
                Point("learning_alike"),
                Point("learning_unlike"),
            ),
            (
                "learning",
                person(1, style="doing"),
                person(2, 5, style="talking", interests="chess"),
                None,
                Point("learning_unlike"),
            ),
            (
                "strengths",
                person(1, strengths="a b c"),
                person(2, 5, strengths="b"),
                Point("strengths_new"),
                None,
            ),
            (
                "strengths",
                person(1, strengths="b"),
                person(2, 5, strengths="b c"),
                None,
                Point("strengths_alike"),
            ),
            (
                "newness",
                person(1, path="/7/1/"),
                person(2, 5, path="/8/2/"),
                Point("new_to_each_other"),
                None,
            ),
            (
                "newness",
                person(1, path="/9/8/7/1/"),
                person(2, 5, path="/9/8/2/"),
                None,
                Point("close_together", {"managers": 2}),
            ),
            ("newness", person(1, known={2}), person(2, 5), None, Point("were_a_pair")),
        ],
    )
    def test_each_part_in_its_words(
        self,
        part: str,
        mentor: Candidate,
        mentee: Candidate,
        reason: Point | None,
        to_know: Point | None,
    ) -> None:
        why = why_pair(mentor, mentee, only(**{part: 1}))
        assert why.reasons == (() if reason is None else (reason,))
        assert why.to_know == to_know

    def test_a_half_that_is_not_known_makes_no_reason_stronger(self) -> None:
        """Meeting is 0.75 of its weight, of which 0.25 only stand for what nobody said."""
        mentor = person(1, means="walk", strengths="a b c")
        mentee = person(2, 5, means="walk", strengths="c")
        why = why_pair(mentor, mentee, only(meeting=1, strengths=1))
        assert [point.key for point in why.reasons] == ["strengths_new", "meeting_alike"]

    def test_many_are_explained_as_each_alone(self) -> None:
        mentors = [person(i, 1 + i % 3, "ai" if i % 2 else "data") for i in range(1, 90)]
        mentees = [person(i, 5, "ai", "Legal") for i in range(100, 150)]
        pairs = [(m.person_id, mentees[m.person_id % 50].person_id) for m in mentors]
        by_id = {p.person_id: p for p in (*mentors, *mentees)}
        assert why_pairs(mentors, mentees, pairs) == [
            why_pair(by_id[one], by_id[two]) for one, two in pairs
        ]
        assert why_pairs(mentors, mentees, pairs)[3].score == scores([mentors[3]], [mentees[4]])

    @given(st.data())
    def test_hold_nothing_of_what_people_said_for_the_matching_alone(
        self, data: st.DataObject
    ) -> None:
        names = st.lists(st.sampled_from(["one", "two", "three"]), max_size=3).map(" ".join)

        def somebody(person_id: int, level: int) -> Candidate:
            told = {name: data.draw(names) for name in ("means", "interests", "strengths")}
            style = data.draw(st.sampled_from([None, "style-a", "style-b"]))
            weeks = data.draw(st.sampled_from([None, 1, 4]))
            topics = {"topics": "ai data", "main_topic": data.draw(st.sampled_from(["", "ai"]))}
            return person(person_id, level, style=style, frequency=weeks, **told, **topics)

        why = why_pair(
            somebody(1, 1), somebody(2, 5), only(meeting=1, learning=1, strengths=1, topics=1)
        )
        said = [point for point in (*why.reasons, why.to_know) if point]
        assert all(not point.values or "topics" in point.values for point in said)
        values = [value for point in said for value in point.values.values()]
        assert set(map(str, values)) <= {"('ai', 'data')", "2"}

    def test_points_survive_a_journey_through_json(self) -> None:
        why = why_pair(person(1, 1, "ai", "Legal"), person(2, 3, "ai"))
        assert json.loads(json.dumps(why.reasons[0].as_json())) == {
            "key": "topics_shared",
            "values": {"topics": ["ai"], "wanted": 1},
        }
