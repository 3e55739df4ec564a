"""Where the bytes of files go and come from; not under /api/, as in Slack."""

from aiohttp import web

from sandbox.errors import SlackError
from sandbox.manifest import Manifest
from sandbox.state.files import Files
from sandbox.state.workspace import Workspace

UPLOAD_PATH = "/upload/v1/"


class FileRoutes:
    """Slack leads whoever comes without a good token to its login page; here they get 403."""

    def __init__(self, workspace: Workspace, manifest: Manifest, bot_token: str) -> None:
        self._workspace = workspace
        self._manifest = manifest
        self._bot_token = bot_token

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(UPLOAD_PATH + "{ticket}", self._upload),
            web.get("/files-pri/{file}/{name}", self._download),
        ]

    async def _upload(self, http: web.Request) -> web.Response:
        """The bytes as they are, or as the one file of a form."""
        content = await _content(http)
        files: Files = self._workspace.files
        if content is None or not files.upload(http.match_info["ticket"], content):
            return web.Response(status=400, text="no upload of this length is waited for here")
        return web.Response(text=f"OK - {len(content)}")

    async def _download(self, http: web.Request) -> web.Response:
        bearer = http.headers.get("Authorization", "").removeprefix("Bearer ")
        granted = bearer == self._bot_token and "files:read" in self._manifest.scopes
        if not granted or self._workspace.app_state != "installed":
            return web.Response(status=403, text="a token with the scope files:read is needed")
        try:
            file = self._workspace.files.find(http.match_info["file"])
        except SlackError as error:
            return web.Response(status=404, text=error.code)
        if not self._workspace.sees_file(self._workspace.bot.id, file):
            return web.Response(status=404, text="file_not_found")
        return web.Response(body=file.content, content_type=file.media_type)


async def _content(http: web.Request) -> bytes | None:
    if http.content_type != "multipart/form-data":
        return await http.read()
    fields = [field for field in (await http.post()).values() if isinstance(field, web.FileField)]
    return fields[0].file.read() if len(fields) == 1 else None
