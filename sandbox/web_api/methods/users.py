"""users.* and team.*: who is in the workspace."""

from sandbox.blocks import Json
from sandbox.errors import SlackError, invalid_arguments
from sandbox.state.profiles import user_json
from sandbox.state.records import User
from sandbox.web_api.arguments import page
from sandbox.web_api.context import Context


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


def lookup_by_email(context: Context, args: Json) -> Json:
    """Nobody who is deactivated."""
    wanted = args["email"].casefold()
    for user in context.workspace.users.values():
        if user.email is not None and user.email.casefold() == wanted and not user.deleted:
            return {"user": _shape(context, user, args)}
    raise SlackError("users_not_found")


def team_info(context: Context, args: Json) -> Json:
    """An app installed in one workspace knows of no other."""
    workspace = context.workspace
    if args.get("team", workspace.team_id) != workspace.team_id:
        raise SlackError("team_not_found")
    if args.get("domain", workspace.domain) != workspace.domain:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": workspace.team_id,
            "name": workspace.name,
            "domain": workspace.domain,
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }


def _shape(context: Context, user: User, args: Json) -> Json:
    return user_json(
        user,
        context.workspace.team_id,
        context.now(),
        email="users:read.email" in context.scopes,
        locale=args.get("include_locale", False),
    )
