"""What every request to the page goes through.

The page listens on loopback, but any website open in the same browser could try to reach it: by a
name that it has pointed at 127.0.0.1 (so the Host is checked), or by posting from elsewhere (so the
Origin is, and the content type, which another site could not send without asking first).
"""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HOSTS = frozenset({"127.0.0.1", "localhost"})
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SENTENCES = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take that kind of request.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "That is too long.",
}


class Problem(Exception):
    """A request that cannot be done, with the sentence that says why."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal and every error becomes JSON with a sentence."""
    try:
        _check(request)
        return await handler(request)
    except Problem as problem:
        return refusal(problem.status, problem.sentence)
    except web.HTTPException as error:
        status = HTTPStatus(error.status)
        return refusal(status, SENTENCES.get(status, f"This cannot be done: {status.phrase}."))
    except (ConnectionError, TimeoutError):
        raise  # nobody is there any more to read a sentence
    except Exception:
        logging.getLogger(__name__).exception("%s %s", request.method, request.path)
        return refusal(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "Something went wrong in the demo itself. Its log says where.",
        )


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


def refusal(status: HTTPStatus, sentence: str) -> web.Response:
    return web.json_response({"ok": False, "problem": sentence}, status=status)


def _check(request: web.Request) -> None:
    """Raises Problem for a request that does not come from the page itself."""
    if request.host.rpartition(":")[0 if ":" in request.host else 2] not in HOSTS:
        raise Problem(HTTPStatus.FORBIDDEN, "The demo answers only as 127.0.0.1 or localhost.")
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        raise Problem(HTTPStatus.FORBIDDEN, "The demo takes requests only from its own page.")
    if request.method == "POST" and request.content_type != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The demo takes only JSON.")
