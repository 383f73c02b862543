"""A plain server of the page on the loopback address, with the headers that any other should send."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from coopfx_page import files

HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
"""What a server sends with each file; docs/page.md says why."""

GIVEN = "given.zip"


class _Handler(SimpleHTTPRequestHandler):
    """Serves the built folder, and the policy that was asked for as one of its examples."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".whl": "application/zip",
    }

    def __init__(self, *args: object, policy: Path | None, folder: Path) -> None:
        self.policy = policy
        super().__init__(*args, directory=str(folder))  # type: ignore[arg-type]

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if self.policy is not None and path == "/manifest.json":
            self._send(_manifest(Path(self.directory), self.policy), "application/json")
        elif self.policy is not None and path == f"/{GIVEN}":
            self._send(_zip(self.policy), "application/zip")
        else:
            super().do_GET()

    def list_directory(self, path: object) -> None:
        """No folder is listed."""
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is written of what is asked."""

    def _send(self, data: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever closes the page while it is being sent has made no mistake."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _zip(policy: Path) -> bytes:
    """A policy's files, read anew each time: the page shows what is on the disk when it is loaded."""
    return files.zipped(policy, policy.resolve().name)


def _manifest(folder: Path, policy: Path) -> bytes:
    """The page's manifest with the policy among its examples, and open at once."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    data, name = _zip(policy), policy.resolve().name
    own = {"name": GIVEN, "bytes": len(data), "sha256": sha256(data).hexdigest()}
    manifest["examples"] = [
        *(one for one in manifest["examples"] if one["name"] != name),
        {"name": name, "data": own},
    ]
    return json.dumps({**manifest, "open": name}).encode()


def bound(folder: Path, policy: Path | None, port: int = 0) -> ThreadingHTTPServer:
    """A server of a built page on this machine alone; raises OSError where the port is not to be had."""
    handler = partial(_Handler, policy=policy, folder=folder)
    return _Server(("127.0.0.1", port), handler)


@contextmanager
def serving(made: ThreadingHTTPServer) -> Iterator[str]:
    """Serve for as long as the block lasts; gives the address."""
    with made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{made.server_port}/"
        finally:
            made.shutdown()
            thread.join()


def until_interrupted() -> None:
    """Wait until the reader ends it."""
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return
