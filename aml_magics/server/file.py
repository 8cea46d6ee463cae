"""Downloads of a run's files as plain attachments, whatever their type."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from tornado.iostream import StreamClosedError
from tornado.web import authenticated

from aml_magics.server.executor import executor_of
from aml_magics.server.handler import Handler

if TYPE_CHECKING:
    from aml_magics.store.store import Store

PIECE: Final = 1 << 18


class FileHandler(Handler):
    """A file of a run."""

    @property
    def content_security_policy(self) -> str:
        """Keeps a browser that displays the file from executing anything in it."""
        return "sandbox; default-src 'none'"

    @authenticated
    @authorized
    async def get(self, workspace: str, run: str, name: str) -> None:
        """Send the file as an attachment, piece by piece."""
        stream, size, digest = await self.ask(workspace, lambda store: _open(store, run, name))
        try:
            self.set_header("Content-Type", "application/octet-stream")
            self.set_header("Content-Length", str(size))
            file_name = quote(name.rpartition("/")[2], safe="", errors="replace")
            self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{file_name}")
            self.set_header("Cache-Control", "no-store")
            sent, found = 0, hashlib.sha256()
            while sent < size:
                most = min(PIECE, size - sent)
                piece = await executor_of(workspace).run(lambda _, most=most: stream.read(most))  # type: ignore[misc]
                sent += len(piece)
                found.update(piece)
                is_other = sent == size and digest not in ("", found.hexdigest())
                # If the file changed, closing early shows the client that it is incomplete.
                if not piece or is_other:
                    self.request.connection.stream.close()  # type: ignore[union-attr]
                    return
                self.write(piece)
                await self.flush()
            self.finish(set_content_type="application/octet-stream")
        except StreamClosedError:
            return  # the browser disconnected
        finally:
            stream.close()


def _open(store: Store, run: str, name: str) -> tuple[IO[bytes], int, str]:
    from aml_magics.views.run.file_preview import open_download  # loads the database's client

    return open_download(store, run, name)
