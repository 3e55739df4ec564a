"""What does not come from the page itself is refused, and every refusal has a sentence."""

import asyncio
import io
import logging

import pytest

from sandbox.page import looks

CLOCK = "/demo/clock"
DAY = {"days": 1}
PATIENCE = 5.0


def port_of(visitor) -> str:
    return visitor.url.rpartition(":")[2]


class TestHost:
    @pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}"])
    async def test_this_machine(self, visitor, host) -> None:
        status, _ = await visitor.get("/demo/strip", Host=host.format(port=port_of(visitor)))
        assert status == 200

    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            "evil.example:{port}",
            "127.0.0.1.evil.example:{port}",
            "127.0.0.2:{port}",
            "[::1]:{port}",
            "localhost",
            "localhost:1",
        ],
    )
    @pytest.mark.parametrize("path", ["/", "/static/index.html", "/demo/workspace", "/nothing"])
    async def test_a_name_that_somebody_has_pointed_here(self, visitor, host, path) -> None:
        status, answer = await visitor.get(path, Host=host.format(port=port_of(visitor)))
        assert status == 403
        assert answer["ok"] is False
        assert "127.0.0.1" in answer["problem"]


class TestOrigin:
    async def test_the_page_itself(self, visitor, demo) -> None:
        status, _ = await visitor.post(CLOCK, DAY, Origin=visitor.url)
        assert status == 202
        assert demo.moved == [1]

    @pytest.mark.parametrize(
        "origin",
        ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}"],
    )
    async def test_somebody_elses_page(self, visitor, demo, origin) -> None:
        origin = origin.format(port=port_of(visitor))
        status, answer = await visitor.post(CLOCK, DAY, Origin=origin)
        assert (status, answer["ok"]) == (403, False)
        assert demo.moved == []


class TestFetchSite:
    """Browsers say where a request comes from, even where they name no origin."""

    PATHS = (
        "/static/main.js",
        "/demo/workspace",
        "/demo/strip",
        "/demo/stream",
        "/demo/people/{person}",
        "/demo/people/{person}/messages?channel={channel}",
        "/files/F0000001/a.png?as={person}",
    )

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    @pytest.mark.parametrize("path", PATHS)
    async def test_an_image_elsewhere(self, visitor, demo, people, site, path) -> None:
        channel = demo.sandbox.add_channel("general", [people.ada])
        demo.sandbox.member(people.ben).join(channel)
        demo.sandbox.member(people.ben).say(channel, "Hello")
        path = path.format(person=people.ada, channel=channel)
        async with asyncio.timeout(PATIENCE):  # the stream would never end
            status, answer = await visitor.get(path, **{"Sec-Fetch-Site": site})
        assert (status, answer["ok"]) == (403, False)
        _, found = await visitor.get("/demo/workspace")
        assert [one["unread"] for one in found["people"]] == [0, 1, 0]

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    async def test_an_act_elsewhere(self, visitor, demo, site) -> None:
        assert (await visitor.post(CLOCK, DAY, **{"Sec-Fetch-Site": site}))[0] == 403
        assert demo.moved == []

    @pytest.mark.parametrize("site", ["none", "same-origin"])
    async def test_the_page_itself(self, visitor, site) -> None:
        assert (await visitor.get("/demo/strip", **{"Sec-Fetch-Site": site}))[0] == 200

    @pytest.mark.parametrize(
        ("path", "kind", "expected"),
        [
            ("/", "document", 200),
            ("/", "iframe", 403),
            ("/", "image", 403),
            ("/demo/strip", "document", 403),
        ],
    )
    async def test_a_link_elsewhere_leads_to_the_page_alone(
        self, visitor, path, kind, expected
    ) -> None:
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": kind}
        async with visitor.session.get(visitor.url + path, headers=headers) as response:
            assert response.status == expected


class TestContentType:
    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
    )
    async def test_what_a_form_elsewhere_could_send(self, visitor, demo, kind) -> None:
        async with visitor.session.post(
            visitor.url + CLOCK, data=b'{"days": 1}', headers={"Content-Type": kind}
        ) as response:
            assert response.status == 415
            assert (await response.json())["ok"] is False
        assert demo.moved == []


class TestBody:
    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b'"days"', b"\xff", b"[" * 100_000, b'{"text": "\\ud800"}']
    )
    async def test_no_object(self, visitor, body) -> None:
        for path in (CLOCK, "/demo/cast", "/demo/people/U0000003/command"):
            async with visitor.session.post(
                visitor.url + path, data=body, headers={"Content-Type": "application/json"}
            ) as response:
                assert response.status == 400
                assert "JSON" in (await response.json())["problem"]

    async def test_too_large(self, visitor) -> None:
        async with visitor.session.post(
            visitor.url + "/demo/cast",
            data=io.BytesIO(b" " * 2_000_000),
            headers={"Content-Type": "application/json"},
        ) as response:
            assert response.status == 413
            assert (await response.json())["problem"] == "That is too long."


class TestAnswers:
    @pytest.mark.parametrize(
        "path",
        ["/", "/static/index.html", "/demo/workspace", "/demo/strip", "/demo/stream", "/nothing"],
    )
    async def test_every_one_keeps_the_browser_from_mischief(self, visitor, path) -> None:
        async with visitor.session.get(visitor.url + path) as response:
            headers = response.headers
        policy = headers["Content-Security-Policy"].split("; ")
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert not [rule for rule in policy if "unsafe" in rule or "*" in rule]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in headers

    @pytest.mark.parametrize(
        ("path", "status"),
        [("/nothing", 404), ("/demo/people", 404), ("/demo/clock", 405), ("/static/", 404)],
    )
    async def test_no_such_address(self, visitor, path, status) -> None:
        found, answer = await visitor.get(path)
        assert (found, answer["ok"]) == (status, False)
        assert answer["problem"].endswith(".")

    async def test_a_fault_of_the_page_is_said_and_logged(
        self, visitor, monkeypatch, caplog
    ) -> None:
        def fail(*_: object) -> None:
            raise RuntimeError("gone wrong")

        monkeypatch.setattr(looks, "modal_json", fail)
        with caplog.at_level(logging.ERROR):
            status, answer = await visitor.get("/demo/people/U0000003")
        assert status == 500
        assert answer["problem"].startswith("Something went wrong in the demo itself.")
        assert "RuntimeError" in caplog.text
