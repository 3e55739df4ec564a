"""What somebody can be matched, introduced and asked about in a program."""

from models import Enrollment, Program
from prompts.library import Library


def usable(library: Library, program: Program, enrolled: Enrollment) -> frozenset[str]:
    """The program's topics that they offer or want and do not refuse, as they say now; those that
    touch who people are, only where they said yes to that."""
    theirs = frozenset(program.topics).intersection(enrolled.topics)
    needing_a_yes = library.identity_topics.difference(enrolled.identity_topics)
    return theirs.difference(enrolled.refused_topics, needing_a_yes)
