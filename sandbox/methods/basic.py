"""auth.test and apps.connections.open."""

from sandbox.blocks import Json
from sandbox.context import Context


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


def apps_connections_open(context: Context, args: Json) -> Json:
    return {"url": context.new_link()}
