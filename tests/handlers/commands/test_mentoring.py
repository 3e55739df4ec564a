from hypothesis import given
from hypothesis import strategies as st

from handlers.commands.mentoring import SUB_COMMANDS, _unknown
from tests.handlers.scene import Scene, is_private, on_one_engine


@on_one_engine
class TestRoute:
    async def test_nothing_after_the_command_is_help(self, scene: Scene) -> None:
        answer = await scene.command(scene.jo, "")
        assert answer.text == scene.say("help.participant")

    async def test_case_and_blanks_do_not_matter(self, scene: Scene) -> None:
        for typed in ("HELP", "  help  ", "help me please", "Help\tnow"):
            answer = await scene.command(scene.jo, typed)
            assert answer.text == scene.say("help.participant"), typed

    async def test_the_nearest_command_is_suggested(self, scene: Scene) -> None:
        nearest = {"joni": "join", "goal": "goals", "STATS": "status", "programme new": "program"}
        for typed, suggestion in nearest.items():
            answer = await scene.command(scene.jo, typed)
            word = typed.split()[0]
            assert is_private(answer)
            wanted = scene.say("errors.unknown_command", word=word, suggestion=suggestion)
            assert answer.text == wanted

    async def test_what_is_like_nothing_is_pointed_to_help(self, scene: Scene) -> None:
        answer = await scene.command(scene.jo, "xyzzy")
        assert answer.text == scene.say("errors.unknown_command_plain", word="xyzzy")

    async def test_signs_of_slack_in_a_wrong_word_do_nothing(self, scene: Scene) -> None:
        answer = await scene.command(scene.jo, "`<!channel>&")
        assert answer.text == "I don't know `'&lt;!channel&gt;&amp;`. " + answer.text.split(". ")[1]

    async def test_a_very_long_word_is_shortened(self, scene: Scene) -> None:
        answer = await scene.command(scene.jo, "x" * 4000)
        assert answer.text == scene.say("errors.unknown_command_plain", word="x" * 40)


class TestUnknown:
    @given(st.text(min_size=1))
    def test_any_word_has_an_answer(self, word: str) -> None:
        error = _unknown(word)
        assert error.values.get("suggestion", "help") in SUB_COMMANDS
        assert "`" not in str(error.values["word"])
