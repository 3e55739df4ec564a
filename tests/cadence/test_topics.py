from hypothesis import given
from hypothesis import strategies as st

from bot.cadence.topics import usable
from models import Enrollment, Program
from prompts.library import load_library

LIBRARY = load_library()
SOME = st.lists(st.sampled_from([*LIBRARY.topics, "retired"]), unique=True)


def joined(**topics: list[str]) -> Enrollment:
    return Enrollment(**{"refused_topics": [], "identity_topics": []} | topics)


def program(*topics: str) -> Program:
    return Program(topics=list(topics))


class TestUsable:
    def test_are_theirs_and_the_programs(self) -> None:
        enrolled = joined(topics=["digital-tools", "sustainability"])
        found = usable(LIBRARY, program("digital-tools", "social-media"), enrolled)
        assert found == {"digital-tools"}

    def test_not_one_that_they_refuse(self) -> None:
        enrolled = joined(topics=["digital-tools"], refused_topics=["digital-tools"])
        assert usable(LIBRARY, program("digital-tools"), enrolled) == frozenset()

    def test_one_that_touches_who_people_are_only_with_their_yes(self) -> None:
        about = program("inclusion", "accessibility")
        topics = ["inclusion", "accessibility"]
        assert usable(LIBRARY, about, joined(topics=topics)) == frozenset()
        said_yes = joined(topics=topics, identity_topics=["inclusion"])
        assert usable(LIBRARY, about, said_yes) == {"inclusion"}

    def test_a_yes_alone_is_no_wish(self) -> None:
        enrolled = joined(topics=[], identity_topics=["inclusion"])
        assert usable(LIBRARY, program("inclusion"), enrolled) == frozenset()

    @given(SOME, SOME, SOME, SOME)
    def test_never_without_every_consent(
        self, topics: list[str], refused: list[str], yes: list[str], offered: list[str]
    ) -> None:
        enrolled = joined(topics=topics, refused_topics=refused, identity_topics=yes)
        for topic in usable(LIBRARY, program(*offered), enrolled):
            assert topic in topics
            assert topic in offered
            assert topic not in refused
            assert topic in yes or topic not in LIBRARY.identity_topics
