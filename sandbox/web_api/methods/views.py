"""views.*: modals and the App Home."""

from sandbox.blocks import Json
from sandbox.errors import SlackError, invalid_arguments
from sandbox.state.shapes import view_json
from sandbox.state.views import View
from sandbox.web_api.context import Context
from sandbox.web_api.methods.files import unseen_images


def open_(context: Context, args: Json) -> Json:
    return _answer(context, context.views.open(_trigger(args), _view(context, args)))


def push(context: Context, args: Json) -> Json:
    return _answer(context, context.views.push_on(_trigger(args), _view(context, args)))


def update(context: Context, args: Json) -> Json:
    view_id, external_id = args.get("view_id"), args.get("external_id")
    if not (view_id or external_id):
        raise invalid_arguments("missing required field: view_id or external_id")
    view = context.views.find(view_id, external_id)
    changed = context.views.update(view, _view(context, args), args.get("hash"))
    return _answer(context, changed)


def publish(context: Context, args: Json) -> Json:
    if not context.manifest.home_tab:
        raise SlackError("not_enabled")
    if args["user_id"] not in context.workspace.users:
        raise invalid_arguments("invalid `user_id`")
    view = _view(context, args)
    return _answer(context, context.views.publish(args["user_id"], view, args.get("hash")))


def _trigger(args: Json) -> str:
    trigger = args.get("trigger_id") or args.get("interactivity_pointer")
    if not trigger:
        raise invalid_arguments("missing required field: trigger_id")
    return str(trigger)


def _view(context: Context, args: Json) -> Json:
    view: Json = args["view"]
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return view  # refused with all its other faults
    if faults := unseen_images(context, blocks):
        raise invalid_arguments(*faults)
    return view


def _answer(context: Context, view: View) -> Json:
    return {"view": view_json(view, context.workspace)}
