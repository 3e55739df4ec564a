from tests.handlers.scene import Scene, is_private, on_one_engine


class TestListen:
    async def test_an_admin_gets_the_form(self, scene: Scene) -> None:
        answer = await scene.command(scene.robin, "program new", scene.channel)
        assert answer.message is None
        modal = scene.robin.modal
        assert modal is not None
        assert modal["title"]["text"] == scene.label("program.title")
        fields = {block["block_id"]: block["element"] for block in modal["blocks"]}
        assert fields["admin_channel_id"]["initial_conversation"] == scene.channel
        assert fields["starts_on"]["initial_date"] == "2026-01-19"

    async def test_a_program_manager_who_is_no_admin_may_open_another(self, scene: Scene) -> None:
        await scene.company.program(scene.junior, name="Another")
        await scene.command(scene.jo, "program new")
        assert scene.jo.modal is not None

    async def test_anybody_else_gets_a_polite_no(self, scene: Scene) -> None:
        answer = await scene.command(scene.lena, "program new")
        assert is_private(answer)
        assert answer.text == scene.say("errors.not_allowed")
        assert scene.lena.modal is None

    @on_one_engine
    async def test_a_direct_message_is_not_proposed_as_the_admin_channel(
        self, scene: Scene
    ) -> None:
        await scene.command(scene.robin, "program new")
        assert scene.robin.modal is not None
        [field] = [
            block["element"]
            for block in scene.robin.modal["blocks"]
            if block["block_id"] == "admin_channel_id"
        ]
        assert "initial_conversation" not in field

    @on_one_engine
    async def test_program_alone_says_what_is_missing(self, scene: Scene) -> None:
        answer = await scene.command(scene.robin, "program")
        assert answer.text == scene.say("errors.program_new_only")

    @on_one_engine
    async def test_another_word_is_named_and_new_suggested(self, scene: Scene) -> None:
        for typed in ("program nwe", "Program list all"):
            answer = await scene.command(scene.robin, typed)
            word = "program " + typed.partition(" ")[2]
            wanted = scene.say("errors.unknown_command", word=word, suggestion="program new")
            assert answer.text == wanted

    @on_one_engine
    async def test_more_than_one_blank_between_the_words(self, scene: Scene) -> None:
        await scene.command(scene.robin, "  program    NEW ")
        assert scene.robin.modal is not None
