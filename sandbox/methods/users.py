"""users.*: who is in the workspace."""

from sandbox.arguments import page
from sandbox.blocks import Json
from sandbox.context import Context
from sandbox.errors import invalid_arguments
from sandbox.shapes import user_json
from sandbox.workspace import User


def info(context: Context, args: Json) -> Json:
    return {"user": _shape(context, context.workspace.user(args["user"]), args)}


def list_(context: Context, args: Json) -> Json:
    """Everybody, deactivated people, bots and Slackbot too; without a limit all at once."""
    if args.get("limit", 0) < 0:
        raise invalid_arguments("must be a positive number [json-pointer:/limit]")
    everybody = list(context.workspace.users.values())
    part, metadata = page(everybody, args, default=len(everybody))
    return {
        "members": [_shape(context, user, args) for user in part],
        "cache_ts": int(context.now().timestamp()),
        "response_metadata": metadata,
    }


def _shape(context: Context, user: User, args: Json) -> Json:
    return user_json(
        user,
        context.workspace.team_id,
        context.now(),
        email="users:read.email" in context.scopes,
        locale=args.get("include_locale", False),
    )
