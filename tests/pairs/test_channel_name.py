import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pairs.channel_name import of_pair
from sandbox.workspace import check_channel_name

pair_ids = st.integers(1, 2**63)


class TestOfPair:
    @given(program=st.text(max_size=80), pair_id=pair_ids)
    def test_is_a_name_slack_takes(self, program: str, pair_id: int) -> None:
        name = of_pair(program, pair_id)
        check_channel_name(name)
        assert re.fullmatch(r"mentoring(-[a-z0-9]+)+", name)

    @given(
        program=st.text(max_size=80), other=st.text(max_size=80), ids=st.sets(pair_ids, min_size=2)
    )
    def test_is_of_one_pair_only(self, program: str, other: str, ids: set[int]) -> None:
        one, two, *_ = ids
        assert of_pair(program, one) != of_pair(program, two)
        assert of_pair(program, one) != of_pair(other, two)

    @given(program=st.text(max_size=80), pair_id=pair_ids)
    def test_is_the_same_at_every_try(self, program: str, pair_id: int) -> None:
        assert of_pair(program, pair_id) == of_pair(program, pair_id)

    @pytest.mark.parametrize(
        ("program", "name"),
        [
            ("Fresh Eyes", "mentoring-fresh-eyes-7"),
            ("  Résumé & Größe! ", "mentoring-resume-groe-7"),
            ("師弟", "mentoring-7"),
            ("", "mentoring-7"),
            ("x" * 80, f"mentoring-{'x' * 40}-7"),
        ],
    )
    def test_reads_well(self, program: str, name: str) -> None:
        assert of_pair(program, 7) == name
