"""conversations.*: who is in a channel, comes in and goes out."""

from sandbox.blocks import Json
from sandbox.errors import SlackError, invalid_arguments
from sandbox.state import invitations
from sandbox.state.shapes import conversation_json
from sandbox.web_api.arguments import page
from sandbox.web_api.context import Context
from sandbox.web_api.methods import found
from sandbox.web_api.methods.conversations import check_limit

MOST_INVITED = 100


def members(context: Context, args: Json) -> Json:
    conversation = found.conversation(context, "conversations.members", args["channel"])
    check_limit(args)
    part, metadata = page(list(conversation.members), args, default=100)
    return {"members": part, "response_metadata": metadata}


def invite(context: Context, args: Json) -> Json:
    workspace = context.workspace
    channel = found.channel_of(context, "conversations.invite", args["channel"])
    users = found.ids(args["users"])
    if not users:
        raise SlackError("no_user")
    if len(users) > MOST_INVITED:
        raise invalid_arguments(f"no more than {MOST_INVITED} users [json-pointer:/users]")
    force = args.get("force", False)
    conversation = invitations.invite(workspace, channel.id, workspace.bot.id, users, force=force)
    return {"channel": conversation_json(conversation, workspace.bot.id)}


def join(context: Context, args: Json) -> Json:
    """Its one scope is for public channels, which are all that an app can join."""
    bot = context.workspace.bot.id
    channel = context.workspace.conversations.get(args["channel"])
    if channel is None or not context.workspace.sees(bot, channel):
        raise SlackError("channel_not_found")
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    answer: Json = {"channel": conversation_json(channel, bot)}
    if bot in channel.members:
        word = "already_in_channel"
        return answer | {"warning": word, "response_metadata": {"warnings": [word]}}
    context.workspace.join(channel, [bot])
    return {"channel": conversation_json(channel, bot)}


def kick(context: Context, args: Json) -> Json:
    workspace = context.workspace
    channel = found.channel_of(context, "conversations.kick", args["channel"])
    found.check_member(context, channel)
    user = workspace.user(args.get("user", ""))
    if user.id == workspace.bot.id:
        raise SlackError("cant_kick_self")
    if user.id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("not_supported")
    workspace.leave(channel.id, user.id)
    return {"errors": {}}


def leave(context: Context, args: Json) -> Json:
    """Leaving where the app is not is no error, Slack says so and no more."""
    bot = context.workspace.bot.id
    channel = found.channel_of(context, "conversations.leave", args["channel"])
    if channel.archived:
        raise SlackError("is_archived")
    if bot not in channel.members:
        return {"not_in_channel": True}
    if len(channel.members) == 1:
        raise SlackError("last_member")
    context.workspace.leave(channel.id, bot)
    return {}
