import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pairs.channel_name import of_pair
from sandbox.state.workspace import check_channel_name

tails = st.text("0123456789abcdef", min_size=1, max_size=24)


class TestOfPair:
    @given(program=st.text(max_size=80), tail=tails)
    def test_is_a_name_slack_takes(self, program: str, tail: str) -> None:
        name = of_pair(program, tail)
        check_channel_name(name)
        assert re.fullmatch(r"mentoring(-[a-z0-9]+)+", name)
        assert name.endswith(f"-{tail}")

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
        assert of_pair(program, "7") == name
