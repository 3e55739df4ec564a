"""Who may speak to a server that listens on loopback: programs on this machine, and its own page.

Any website open in a browser here could try to, too: under a name that it has pointed at 127.0.0.1
(so the Host is checked), by posting from elsewhere (so the Origin is), or with no more than an
image or a link, for which browsers name no origin but say where they come from (Sec-Fetch-Site).
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.loopback import HOST

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def own_machine_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    if problem := stranger(request):
        return web.json_response({"error": problem}, status=403)
    return await handler(request)


def stranger(request: web.Request, front_page: str | None = None) -> str | None:
    """The sentence for whoever may not ask this; None for everybody else. A link elsewhere may lead
    to the front page, and to nothing else."""
    _, port = request.get_extra_info("sockname", (HOST, 0))  # nothing once they have hung up
    if request.host not in (f"{HOST}:{port}", f"localhost:{port}"):
        return f"This answers only as {HOST}:{port} or localhost:{port}."
    sent = request.headers
    elsewhere = sent.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
    followed = request.path == front_page and sent.get("Sec-Fetch-Dest") == "document"
    if sent.get("Origin", f"http://{request.host}") != f"http://{request.host}" or (
        elsewhere and not followed
    ):
        return "This takes no requests of other pages."
    return None
