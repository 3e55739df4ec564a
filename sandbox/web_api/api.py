"""One Web API call, from the token to the answer, with a record of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sandbox.blocks import Json
from sandbox.errors import SlackError
from sandbox.limits import Limits, RateLimited
from sandbox.web_api.arguments import checked, decoded
from sandbox.web_api.context import Context
from sandbox.web_api.contract import Method
from sandbox.web_api.methods import HANDLERS
from sandbox.web_api.methods.basic import auth_test_of_app
from sandbox.web_api.scopes import require_any

LOST_TOKEN = {"revoked": "token_revoked", "uninstalled": "account_inactive"}
"""What Slack answers to the token of an app that is not installed any more."""
SECRETS = frozenset({"token", "client_secret"})


@dataclass(frozen=True)
class Call:
    """A Web API call as Slack saw it; never with a secret. `at` is in UTC.

    Only who watches is told the `answer`: to keep all of them would fill the memory.
    """

    at: datetime
    workspace: str
    method: str
    args: Json
    ok: bool
    error: str | None
    answer: Json | None = field(default=None, compare=False)

    def as_json(self) -> Json:
        return {
            "at": self.at.isoformat(),
            "workspace": self.workspace,
            "method": self.method,
            "args": self.args,
            "ok": self.ok,
            "error": self.error,
        }


@dataclass(frozen=True)
class Request:
    """What travelled over HTTP, without the token: `given` in the query string or a form, and
    `json_body`, which only some methods read.

    `fault` is the error code for a body that could not be read; `refusal` what somebody asked the
    sandbox to answer instead, as it is (see faults.py).
    """

    method: str
    token: str | None
    given: Json
    posted: bool = True
    json_body: Json | None = None
    fault: str | None = None
    refusal: SlackError | None = None


@dataclass(frozen=True)
class Reply:
    """What goes back: `retry_after` seconds where the app has called too often."""

    body: Json
    retry_after: int | None = None


class Api:
    """`limits` are None where none shall be kept."""

    def __init__(
        self,
        context: Context,
        *,
        bot_token: str,
        app_token: str,
        limits: Limits | None = None,
        on_call: Callable[[Call], None] | None = None,
    ) -> None:
        self._context = context
        self._limits = limits
        self._bot_token = bot_token
        self._app_token = app_token
        self._on_call = on_call
        self.calls: list[Call] = []

    @property
    def scopes(self) -> tuple[str, ...]:
        return self._context.scopes

    def answer(self, request: Request) -> Reply:
        """Slack's answer, always with `ok`. Every call is recorded, refused ones too."""
        method = self._context.contract.get(request.method)
        reads_json = method is None or method.json
        given = request.given | (request.json_body or {} if reads_json else {})
        args = decoded(method, given) if method else given
        retry_after = None
        try:
            answer = {"ok": True, **self._run(method, request, args)}
            error = None
        except SlackError as refusal:
            answer = {"ok": False, "error": refusal.code, **refusal.details}
            error = refusal.code
            if isinstance(refusal, RateLimited):
                retry_after = refusal.seconds
        self._record(request.method, args, error, answer)
        return Reply(answer, retry_after)

    def _run(self, method: Method | None, request: Request, args: Json) -> Json:
        if request.refusal is not None:
            raise request.refusal
        if method is None:
            raise SlackError("unknown_method", req_method=request.method)
        if request.fault is not None:
            raise SlackError(request.fault)
        if request.method == "apps.connections.open" and not request.posted:
            raise SlackError("insecure_request")
        if request.method == "api.test":  # needs no token, and takes whatever it is given
            return HANDLERS[request.method](self._context, args)
        if self._is_app_token(request) and request.method == "auth.test":
            return auth_test_of_app(self._context)
        require_any(method, self._context.scopes)
        if self._limits is not None:
            channel = self._context.workspace.one_name(str(args.get("channel", "")))
            self._limits.count(request.method, method.tier, channel, self._context.now())
        return HANDLERS[request.method](self._context, checked(request.method, method, args))

    def _is_app_token(self, request: Request) -> bool:
        """Raises what Slack answers to a token that is missing, wrong or of the wrong type."""
        if not request.token:
            raise SlackError("not_authed")
        if request.token not in (self._bot_token, self._app_token):
            raise SlackError("invalid_auth")
        of_app = request.token == self._app_token
        if not of_app and (lost := LOST_TOKEN.get(self._context.workspace.app_state)):
            raise SlackError(lost)
        needs_app = request.method == "apps.connections.open"
        if of_app != needs_app and request.method != "auth.test":
            raise SlackError("not_allowed_token_type")
        return of_app

    def _record(self, method: str, args: Json, error: str | None, answer: Json) -> None:
        call = Call(
            at=self._context.now().astimezone(UTC),
            workspace=self._context.workspace.team_id,
            method=method,
            args={name: value for name, value in args.items() if name not in SECRETS},
            ok=error is None,
            error=error,
        )
        self.calls.append(call)
        if self._on_call is not None:
            self._on_call(replace(call, answer=answer))
