"""Speaks the language server protocol with yaml-language-server, as an editor does.

Messages are JSON behind a Content-Length header, on the server's standard input and output
(Language Server Protocol 3.17, "Base Protocol").
"""

from __future__ import annotations

import json
import queue
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "node_modules/yaml-language-server/bin/yaml-language-server"
NO_NETWORK = Path(__file__).with_name("no_network.cjs")
PATIENCE_SECONDS = 60.0

# What an editor would send, without the store of schemas, which is on the web.
SETTINGS: dict[str, Any] = {
    "yaml": {
        "validate": True,
        "hover": True,
        "completion": True,
        "schemaStore": {"enable": False},
        "kubernetesCRDStore": {"enable": False},
    }
}
CAPABILITIES: dict[str, Any] = {
    "workspace": {"configuration": True},
    "textDocument": {
        "completion": {
            "completionItem": {"documentationFormat": ["markdown"], "snippetSupport": True}
        },
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {},
    },
}

Message = dict[str, Any]


class LanguageServer:
    """A running server: opens texts, and asks about them."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout
        self._received: queue.Queue[Message | None] = queue.Queue()
        self._reports: dict[str, list[Message]] = {}
        self._sent = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def greet(self) -> None:
        """Introduce ourselves."""
        folder = {"uri": ROOT.as_uri(), "name": ROOT.name}
        greeting = {"processId": None, "rootUri": ROOT.as_uri(), "workspaceFolders": [folder]}
        self._ask("initialize", {**greeting, "capabilities": CAPABILITIES})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def open(self, path: Path, text: str) -> None:
        """Open a text as if the file held it.

        Each text needs a path of its own: a report does not say which text it is about.
        """
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})

    def problems(self, path: Path) -> list[Message]:
        """Return what the server reports about an open text; wait for it."""
        while path.as_uri() not in self._reports:
            self._next()
        return self._reports[path.as_uri()]

    def complete(self, path: Path, line: int, column: int) -> list[Message]:
        """Return what the server proposes at a place, counted from 0."""
        found: list[Message] = self._ask("textDocument/completion", place(path, line, column))[
            "items"
        ]
        return found

    def hover(self, path: Path, line: int, column: int) -> str:
        """Return what the server shows at a place, counted from 0."""
        found = self._ask("textDocument/hover", place(path, line, column))
        return found["contents"]["value"] if found else ""

    def leave(self) -> None:
        """Ask the server to end."""
        self._ask("shutdown", None)
        self._tell("exit", None)

    def _ask(self, method: str, params: Any) -> Any:
        self._sent += 1
        self._send({"id": self._sent, "method": method, "params": params})
        while True:
            message = self._next()
            if message.get("id") == self._sent and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _next(self) -> Message:
        """Return the next message; a question is answered, a report kept."""
        message = self._received.get(timeout=PATIENCE_SECONDS)
        assert message is not None, "the language server ended"
        if "id" in message and "method" in message:
            self._send({"id": message["id"], "result": answer(message)})
        elif message.get("method") == "textDocument/publishDiagnostics":
            self._reports[message["params"]["uri"]] = message["params"]["diagnostics"]
        return message

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._stdin.flush()

    def _listen(self) -> None:
        while (message := read_message(self._stdout)) is not None:
            self._received.put(message)
        self._received.put(None)


def place(path: Path, line: int, column: int) -> Message:
    return {
        "textDocument": {"uri": path.as_uri()},
        "position": {"line": line, "character": column},
    }


def answer(question: Message) -> Any:
    """Answer what a server asks: for our settings, or to take note of something."""
    if question["method"] != "workspace/configuration":
        return None
    return [SETTINGS.get(each.get("section", ""), {}) for each in question["params"]["items"]]


def read_message(stream: IO[bytes]) -> Message | None:
    """Read one message; None at the end."""
    length = 0
    while header := stream.readline().strip():
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    found: Message | None = json.loads(stream.read(length)) if length else None
    return found


@contextmanager
def running() -> Iterator[LanguageServer]:
    """Start a server without a network, and end it."""
    words = ["node", "--require", str(NO_NETWORK), str(SCRIPT), "--stdio"]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said
        ) as process,
    ):
        try:
            server = LanguageServer(process)
            server.greet()
            yield server
            server.leave()
            process.wait(PATIENCE_SECONDS)
        finally:
            process.kill()
        said.seek(0)
        assert b"network: " not in (text := said.read()), text.decode(errors="replace")
