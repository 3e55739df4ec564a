"""What every request to the page goes through.

It has to come from this machine and from the page itself (see own_machine.py). What is posted has
to be JSON, too, which another site could not send without asking first.
"""

import logging
from http import HTTPStatus

from aiohttp import web

from sandbox.own_machine import Handler, stranger

FRONT_PAGE = "/"
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
    if sentence := stranger(request, FRONT_PAGE):
        raise Problem(HTTPStatus.FORBIDDEN, sentence)
    if request.method == "POST" and request.content_type != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The demo takes only JSON.")
