"""conversations.*: making, opening, finding and listing them."""

from collections.abc import Iterable

from sandbox.blocks import Json
from sandbox.errors import SlackError
from sandbox.state.records import Conversation, Kind
from sandbox.state.shapes import conversation_json
from sandbox.web_api.arguments import page
from sandbox.web_api.context import Context
from sandbox.web_api.methods import found

KIND_OF_TYPE: dict[str, Kind] = {
    "public_channel": "public",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}
LARGEST_PAGE = 1_000


def create(context: Context, args: Json) -> Json:
    workspace = context.workspace
    private = args.get("is_private", False)
    found.require(context, "conversations.create", "private" if private else "public")
    made = workspace.create_channel(args["name"], workspace.bot.id, private=private)
    return {"channel": conversation_json(made, workspace.bot.id)}


def open_(context: Context, args: Json) -> Json:
    conversation, was_open = _opened(context, args)
    bot = context.workspace.bot.id
    full = args.get("return_im", False) or conversation.kind == "mpim"
    shape = conversation_json(conversation, bot) if full else {"id": conversation.id}
    already = {"no_op": True, "already_open": True} if was_open else {}
    return {"channel": shape, **already}


def _opened(context: Context, args: Json) -> tuple[Conversation, bool]:
    if "channel" in args:
        conversation = _direct(context, "conversations.open", args["channel"])
        was_open, conversation.closed = not conversation.closed, False
        return conversation, was_open
    users = found.ids(args.get("users", ""))
    if not users:
        raise SlackError("users_list_not_supplied")
    found.require(context, "conversations.open", "im" if len(users) == 1 else "mpim")
    create = not args.get("prevent_creation", False)
    return context.workspace.open_direct(context.workspace.bot.id, users, create=create)


def close(context: Context, args: Json) -> Json:
    conversation = _direct(context, "conversations.close", args["channel"])
    if conversation.closed:
        return {"no_op": True, "already_closed": True}
    conversation.closed = True
    return {}


def _direct(context: Context, method: str, channel: str) -> Conversation:
    conversation = context.workspace.conversations.get(channel)
    if conversation is not None and conversation.is_channel:
        raise SlackError("method_not_supported_for_channel_type")
    return found.conversation(context, method, channel)


def list_(context: Context, args: Json) -> Json:
    """Public channels, and of the other kinds those the app is in."""
    return _listed(context, "conversations.list", args, context.workspace.conversations.values())


def of_user(context: Context, args: Json) -> Json:
    """What somebody is in, as far as the app sees it; what the app is in, when nobody is named."""
    user = args.get("user") or context.workspace.bot.id
    theirs = context.workspace.conversations_of(user)
    return _listed(context, "users.conversations", args, theirs)


def _listed(
    context: Context, method: str, args: Json, conversations: Iterable[Conversation]
) -> Json:
    kinds = _kinds(args.get("types", "public_channel"))
    for kind in kinds:
        found.require(context, method, kind)
    workspace, hide_archived = context.workspace, args.get("exclude_archived", False)
    listed = [
        conversation
        for conversation in conversations
        if conversation.kind in kinds
        and workspace.sees(workspace.bot.id, conversation)
        and not (hide_archived and conversation.archived)
    ]
    check_limit(args)
    part, metadata = page(listed, args, default=100)
    shapes = [conversation_json(conversation, workspace.bot.id) for conversation in part]
    return {"channels": shapes, "response_metadata": metadata}


def info(context: Context, args: Json) -> Json:
    conversation = found.conversation(context, "conversations.info", args["channel"])
    shape = conversation_json(conversation, context.workspace.bot.id)
    if args.get("include_locale"):
        shape["locale"] = "en-US"
    if args.get("include_num_members"):
        shape["num_members"] = len(conversation.members)
    return {"channel": shape}


def check_limit(args: Json) -> None:
    if not 0 <= args.get("limit", 0) <= LARGEST_PAGE:
        raise SlackError("invalid_limit")


def _kinds(types: str) -> list[Kind]:
    """In the order of naming, so that the same call misses the same scope."""
    try:
        return list(dict.fromkeys(KIND_OF_TYPE[name.strip()] for name in types.split(",")))
    except KeyError:
        raise SlackError("invalid_types") from None
