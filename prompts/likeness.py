"""Which texts may say the same: those that share many of their words.

Two texts are as alike as the share of words they have in common among all the words of the two
(Jaccard), leaving out the small words of the language. That finds what was written twice, and
some that only sound alike; what means the same in other words it cannot find.
"""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from itertools import combinations

from prompts.texts import PLACEHOLDER

WORD = re.compile(r"[^\W\d_]+")
WORTH_A_LOOK = 0.3
TOO_ALIKE = 0.5
"""Two such texts are taken for one, and the library is refused."""


@dataclass(frozen=True)
class Alike:
    """Two texts by their ids, in the order they stand in; `share` is above 0 and at most 1."""

    share: float
    first: str
    second: str


def telling_words(text: str, small: Set[str]) -> frozenset[str]:
    """The words that say what a text is about; all of them, if it has only small ones."""
    words = frozenset(WORD.findall(PLACEHOLDER.sub(" ", text).lower()))
    return words - small or words


def alike(texts: Mapping[str, str], small: Set[str], least: float = WORTH_A_LOOK) -> list[Alike]:
    """The pairs of texts that share at least so much, the most alike first."""
    telling = [(id_, telling_words(text, small)) for id_, text in texts.items()]
    found = [
        Alike(common / (len(one) + len(other) - common), first, second)
        for (first, one), (second, other) in combinations(telling, 2)
        if (common := len(one & other)) >= least * max(len(one), len(other), 1)
    ]
    kept = [pair for pair in found if pair.share >= least]
    return sorted(kept, key=lambda pair: (-pair.share, pair.first, pair.second))
