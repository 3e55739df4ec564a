"""A server that answers as Slack, or what stands before it, does on a bad day."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import ClientSession, ClientTimeout, web
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.gateway import Gateway

PATIENCE = ClientTimeout(total=5)


class BadDay:
    """Gives every call its `answer`, or cuts the connection when there is none.

    With `slack` set, to the address of a working Web API, the call takes effect there first; then
    `meanwhile` happens. Without an `answer` of our own, Slack's passes, unless `cut` is set.
    """

    def __init__(self) -> None:
        self.answer: Callable[[], web.Response] | None = None
        self.slack = ""
        self.cut = False
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self.calls = 0
        self.api_url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.calls += 1
        answer = self.answer() if self.answer else None
        if self.slack:
            passed = await self._pass_on(request)
            answer = answer or (None if self.cut else passed)
        if self.meanwhile:
            await self.meanwhile()
        if answer is None:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        return answer

    async def _pass_on(self, request: web.Request) -> web.Response:
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type")}
        url = f"{self.slack}{request.match_info['method']}?{request.query_string}"
        body = await request.read()
        async with (
            ClientSession() as session,
            session.post(url, data=body, headers=headers) as answer,
        ):
            return web.json_response(await answer.json())


@asynccontextmanager
async def serving() -> AsyncIterator[BadDay]:
    day = BadDay()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", day.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    day.api_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield day
    finally:
        await runner.cleanup()


def gateway_to(api_url: str, token: str, session: ClientSession) -> Gateway:
    return Gateway(AsyncWebClient(token, base_url=api_url, session=session, retry_handlers=[]))
