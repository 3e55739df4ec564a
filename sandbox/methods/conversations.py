"""conversations.*: channels, DMs and who is in them."""

from sandbox.arguments import page
from sandbox.blocks import Json
from sandbox.context import Context
from sandbox.errors import SlackError, invalid_arguments
from sandbox.scopes import require_kind
from sandbox.shapes import conversation_json
from sandbox.workspace import Conversation, Kind

KIND_OF_TYPE: dict[str, Kind] = {
    "public_channel": "public",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}
LARGEST_PAGE = 1_000
MOST_INVITED = 100


def create(context: Context, args: Json) -> Json:
    workspace = context.workspace
    private = args.get("is_private", False)
    _require(context, "conversations.create", "private" if private else "public")
    made = workspace.create_channel(args["name"], workspace.bot.id, private=private)
    return {"channel": conversation_json(made, workspace.bot.id)}


def invite(context: Context, args: Json) -> Json:
    workspace = context.workspace
    _found(context, "conversations.invite", args["channel"])
    users = _ids(args["users"])
    if len(users) > MOST_INVITED:
        raise invalid_arguments(f"no more than {MOST_INVITED} users [json-pointer:/users]")
    conversation = workspace.invite(
        args["channel"], workspace.bot.id, users, force=args.get("force", False)
    )
    return {"channel": conversation_json(conversation, workspace.bot.id)}


def open_(context: Context, args: Json) -> Json:
    if "channel" in args:
        conversation, was_there = _found(context, "conversations.open", args["channel"]), True
        if conversation.kind not in ("im", "mpim"):
            raise SlackError("method_not_supported_for_channel_type")
    else:
        conversation, was_there = _opened(context, args)
    bot = context.workspace.bot.id
    full = args.get("return_im", False) or conversation.kind == "mpim"
    shape = conversation_json(conversation, bot) if full else {"id": conversation.id}
    already = {"no_op": True, "already_open": True} if was_there else {}
    return {"channel": shape, **already}


def _opened(context: Context, args: Json) -> tuple[Conversation, bool]:
    users = _ids(args.get("users", ""))
    if not users:
        raise SlackError("users_list_not_supplied")
    _require(context, "conversations.open", "im" if len(users) == 1 else "mpim")
    create = not args.get("prevent_creation", False)
    return context.workspace.open_direct(context.workspace.bot.id, users, create=create)


def list_(context: Context, args: Json) -> Json:
    """Public channels, and of the other kinds those the app is in."""
    kinds = _kinds(args.get("types", "public_channel"))
    for kind in kinds:
        _require(context, "conversations.list", kind)
    bot = context.workspace.bot.id
    hide_archived = args.get("exclude_archived", False)
    listed = [
        conversation
        for conversation in context.workspace.conversations.values()
        if conversation.kind in kinds
        and conversation.seen_by(bot)
        and not (hide_archived and conversation.archived)
    ]
    _check_limit(args)
    part, metadata = page(listed, args, default=100)
    shapes = [conversation_json(conversation, bot) for conversation in part]
    return {"channels": shapes, "response_metadata": metadata}


def info(context: Context, args: Json) -> Json:
    conversation = _found(context, "conversations.info", args["channel"])
    shape = conversation_json(conversation, context.workspace.bot.id)
    if args.get("include_locale"):
        shape["locale"] = "en-US"
    if args.get("include_num_members"):
        shape["num_members"] = len(conversation.members)
    return {"channel": shape}


def members(context: Context, args: Json) -> Json:
    conversation = _found(context, "conversations.members", args["channel"])
    _check_limit(args)
    part, metadata = page(list(conversation.members), args, default=100)
    return {"members": part, "response_metadata": metadata}


def _found(context: Context, method: str, channel: str) -> Conversation:
    """By id only, unlike for chat.postMessage."""
    if channel not in context.workspace.conversations:
        raise SlackError("channel_not_found")
    conversation = context.workspace.conversation(channel, context.workspace.bot.id)
    _require(context, method, conversation.kind)
    return conversation


def _require(context: Context, method: str, kind: Kind) -> None:
    require_kind(context.contract[method], kind, context.scopes)


def _kinds(types: str) -> set[Kind]:
    try:
        return {KIND_OF_TYPE[name.strip()] for name in types.split(",")}
    except KeyError:
        raise SlackError("invalid_types") from None


def _check_limit(args: Json) -> None:
    if not 0 <= args.get("limit", 0) <= LARGEST_PAGE:
        raise SlackError("invalid_limit")


def _ids(users: str) -> list[str]:
    return [user.strip() for user in users.split(",") if user.strip()]
