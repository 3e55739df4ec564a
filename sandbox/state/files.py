"""Files of one workspace, by Slack's external upload: ask for an address, post the bytes there,
complete. Everything is kept in memory, within limits that are ours and named in the README."""

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sandbox.blocks import Json
from sandbox.errors import SlackError

LARGEST_FILE = 4_000_000
LARGEST_SNIPPET = 1_000_000
STORAGE = 64_000_000
LONGEST_ALT_TEXT = 1_000
SNIPPET_TYPES = ("csv", "html", "javascript", "json", "markdown", "python", "sql", "text", "yaml")

State = Literal["asked", "uploaded", "complete", "deleted"]


@dataclass
class File:
    """`shares` are the messages that show it: a ts by conversation. `content` is empty until the
    bytes have come, and again after the file was deleted."""

    id: str
    name: str
    title: str
    owner: str
    length: int
    created: int
    alt_text: str = ""
    snippet_type: str = ""
    state: State = "asked"
    content: bytes = b""
    shares: dict[str, str] = field(default_factory=dict)

    @property
    def media_type(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def path(self) -> str:
        """Of the address at which the bytes are to be had, with a token."""
        return f"/files-pri/{self.id}/{self.name}"


class Files:
    """`base` is the address before a file's path; known when the sandbox serves."""

    def __init__(self, new_id: Callable[[str], str], now: Callable[[], datetime]) -> None:
        self._new_id = new_id
        self._now = now
        self._files: dict[str, File] = {}
        self._tickets: dict[str, File] = {}
        self._stored = 0
        self.base = ""

    def ask(
        self, owner: str, name: str, length: int, alt_text: str = "", snippet_type: str = ""
    ) -> tuple[File, str]:
        """A file to come, and the ticket with which its bytes may come, once."""
        if length <= 0:
            raise SlackError("missing_argument")
        if len(alt_text) > LONGEST_ALT_TEXT:
            raise SlackError("alt_txt_too_large")
        if snippet_type and snippet_type not in SNIPPET_TYPES:
            raise SlackError("unknown_snippet_type")
        if snippet_type and length > LARGEST_SNIPPET:
            raise SlackError("snippet_too_large")
        if length > LARGEST_FILE:
            raise SlackError("file_upload_size_restricted")
        if self._stored + length > STORAGE:
            raise SlackError("storage_limit_reached")
        created = int(self._now().timestamp())
        file_id, ticket = self._new_id("F"), self._new_id("upload-")
        file = File(file_id, name, name, owner, length, created, alt_text, snippet_type)
        self._files[file.id] = self._tickets[ticket] = file
        return file, ticket

    def upload(self, ticket: str, content: bytes) -> bool:
        """Whether the bytes were taken: for a ticket not used before, and of the length said."""
        file = self._tickets.get(ticket)
        if file is None or len(content) != file.length:
            return False
        del self._tickets[ticket]
        file.content, file.state = content, "uploaded"
        self._stored += file.length
        return True

    def uploaded(self, file_id: str, owner: str) -> File:
        """A file whose bytes have come and which waits to be completed by its owner."""
        file = self._files.get(file_id)
        if file is None or file.state != "uploaded":
            raise SlackError("file_not_found")
        if file.owner != owner:
            raise SlackError("access_denied")
        return file

    def find(self, file_id: str) -> File:
        """A file that is complete; raises file_not_found, or file_deleted."""
        file = self._files.get(file_id)
        if file is None or file.state in ("asked", "uploaded"):
            raise SlackError("file_not_found")
        if file.state == "deleted":
            raise SlackError("file_deleted")
        return file

    def id_of(self, address: str) -> str:
        """Of the file whose `url_private` this is; "" for any other address."""
        head, _, rest = address.partition("/files-pri/")
        return rest.partition("/")[0] if head == self.base else ""

    def delete(self, file: File) -> None:
        self._stored -= file.length
        file.state, file.content = "deleted", b""

    def shape(self, file_id: str) -> Json:
        """What a message, or files.info, says of a file."""
        file = self._files[file_id]
        if file.state == "deleted":
            return {"id": file.id, "mode": "tombstone"}
        extension = file.name.rpartition(".")[2].lower() if "." in file.name else ""
        address = f"{self.base}{file.path}"
        return {
            "id": file.id,
            "created": file.created,
            "timestamp": file.created,
            "name": file.name,
            "title": file.title,
            "mimetype": file.media_type,
            "filetype": file.snippet_type or extension,
            "pretty_type": (file.snippet_type or extension).upper(),
            "user": file.owner,
            "size": file.length,
            "mode": "snippet" if file.snippet_type else "hosted",
            "is_external": False,
            "is_public": any(channel.startswith("C") for channel in file.shares),
            "url_private": address,
            "url_private_download": address,
            **({"alt_txt": file.alt_text} if file.alt_text else {}),
        }
