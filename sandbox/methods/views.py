"""views.*: modals and the App Home."""

from sandbox.blocks import Json
from sandbox.context import Context
from sandbox.errors import invalid_arguments
from sandbox.shapes import view_json
from sandbox.views import View


def open_(context: Context, args: Json) -> Json:
    trigger = args.get("trigger_id") or args.get("interactivity_pointer")
    if not trigger:
        raise invalid_arguments("missing required field: trigger_id")
    return _answer(context, context.views.open(trigger, args["view"]))


def update(context: Context, args: Json) -> Json:
    view_id, external_id = args.get("view_id"), args.get("external_id")
    if not (view_id or external_id):
        raise invalid_arguments("missing required field: view_id or external_id")
    view = context.views.find(view_id, external_id)
    return _answer(context, context.views.update(view, args["view"], args.get("hash")))


def publish(context: Context, args: Json) -> Json:
    if args["user_id"] not in context.workspace.users:
        raise invalid_arguments("invalid `user_id`")
    return _answer(context, context.views.publish(args["user_id"], args["view"], args.get("hash")))


def _answer(context: Context, view: View) -> Json:
    return {"view": view_json(view, context.workspace)}
