"""api.*, apps.*, auth.*: the app itself, and its token."""

from sandbox.blocks import Json
from sandbox.errors import SlackError
from sandbox.web_api.context import Context


def api_test(context: Context, args: Json) -> Json:
    """Says what it was given back, and fails with the error it is told."""
    said = {"args": args} if args else {}
    if "error" in args:
        raise SlackError(str(args["error"]), **said)
    return said


def auth_test(context: Context, args: Json) -> Json:
    workspace = context.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def auth_test_of_app(context: Context) -> Json:
    """What auth.test says to an app-level token, which belongs to no user."""
    workspace = context.workspace
    return {"app_name": workspace.bot.real_name, "app_id": workspace.app_id}


def auth_revoke(context: Context, args: Json) -> Json:
    revoked = not args.get("test", False)
    if revoked:
        context.workspace.remove_app("revoked")
    return {"revoked": revoked}


def apps_connections_open(context: Context, args: Json) -> Json:
    return {"url": context.new_link()}


def apps_uninstall(context: Context, args: Json) -> Json:
    client_id, client_secret = context.client_secrets
    if args["client_id"] != client_id:
        raise SlackError("invalid_client_id")
    if args["client_secret"] != client_secret:
        raise SlackError("bad_client_secret")
    context.workspace.remove_app("uninstalled")
    return {}
