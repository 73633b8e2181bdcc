"""GitHub and GitLab on loopback, as far as comments need them: they refuse what the real ones do.

Shapes and statuses: docs.github.com/en/rest/issues/comments, /rest/pulls/reviews, /graphql;
docs.gitlab.com/api/notes, /api/merge_request_approvals, /api/users.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    data: Any

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Told:
    """One answer; a status of 0 closes the connection without any."""

    status: int
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """What the next request of this kind gets instead; `works` if it is carried out as well."""

    line: str
    told: Told
    works: bool = False


@dataclass
class FakeForge:
    """What both services have in common. Each write takes place an hour after the last one."""

    account: str = "reviewer-bot"
    token: str = field(default_factory=lambda: secrets.token_hex(20))
    page: int = 100
    may_write: bool = True
    notes: list[dict[str, Any]] = field(default_factory=list)
    seen: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    url: str = ""
    time: dt.datetime = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)

    prefix: ClassVar[str] = ""

    @contextmanager
    def serving(self) -> Iterator[FakeForge]:
        """Serve on a free port."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}{self.prefix}"
        yield self
        server.shutdown()
        server.server_close()

    def will(self, line: str, status: int, *, works: bool = False, **more: Any) -> None:
        """Let the next request whose line matches end so."""
        self.faults.append(
            Fault(line, Told(status, more.get("data"), more.get("headers", {})), works)
        )

    def said(self, body: str, author: str = "", **more: Any) -> dict[str, Any]:
        """Add a comment, as it is in the service's own answers."""
        self.time += dt.timedelta(hours=1)
        note = self.note(100 + len(self.notes), body, author or self.account)
        self.notes.append({**note, **more})
        return self.notes[-1]

    @property
    def lines(self) -> list[str]:
        return [each.line for each in self.seen]

    @property
    def writes(self) -> list[str]:
        return [each for each in self.lines if not each.startswith("GET") and "graphql" not in each]

    @property
    def bodies(self) -> list[str]:
        return [each["body"] for each in self.notes]

    def stamp(self) -> str:
        return self.time.isoformat().replace("+00:00", "Z")

    def note(self, number: int, body: str, author: str) -> dict[str, Any]:
        raise NotImplementedError

    def serve(self, asked: Asked) -> Told:
        raise NotImplementedError

    def answer(self, asked: Asked) -> Told:
        self.seen.append(asked)
        for fault in self.faults:
            if re.fullmatch(fault.line, asked.line):
                self.faults.remove(fault)
                if fault.works:
                    self.serve(asked)
                return fault.told
        return self.serve(asked)

    def listed(self, asked: Asked, items: list[Any]) -> Told:
        """Return one page, with the link to the next one (RFC 8288)."""
        size = min(int(asked.query["per_page"]), self.page)
        number = int(asked.query.get("page", "1"))
        rest = items[size * (number - 1) :]
        links = [f'<https://elsewhere.invalid/x?page=1&per_page={size}>; rel="first"']
        if len(rest) > size:
            kept = "&".join(f"{k}={v}" for k, v in asked.query.items() if k != "page")
            url = f"https://elsewhere.invalid/steal?{kept}&page={number + 1}"
            links.insert(0, f'<{url}>; rel="next"')
        return Told(200, rest[:size], {"Link": ", ".join(links)})

    def edited(self, number: int, body: str) -> dict[str, Any] | None:
        for each in self.notes:
            if each["id"] == number:
                self.time += dt.timedelta(hours=1)
                each |= {"body": body.rstrip(), "updated_at": self.stamp()}
                return each
        return None

    def removed(self, number: int) -> Told:
        before = len(self.notes)
        self.notes[:] = [each for each in self.notes if each["id"] != number]
        return Told(204 if len(self.notes) < before else 404)


@dataclass
class FakeGitHub(FakeForge):
    """The pull request octo/pets#7 of a GitHub Enterprise Server."""

    reviews: list[dict[str, Any]] = field(default_factory=list)

    prefix: ClassVar[str] = "/api/v3"
    base: ClassVar[str] = "/api/v3/repos/octo/pets"

    def note(self, number: int, body: str, author: str) -> dict[str, Any]:
        user = {"login": author, "id": 1, "type": "Bot" if author.endswith("[bot]") else "User"}
        url = f"https://github.invalid/octo/pets/pull/7#issuecomment-{number}"
        times = {"created_at": self.stamp(), "updated_at": self.stamp()}
        return {"id": number, "body": body, "user": user, "html_url": url, **times}

    def reviewed(self, login: str, state: str, **more: Any) -> None:
        """Add a review, half an hour after the last write."""
        at = (self.time + dt.timedelta(minutes=30)).isoformat().replace("+00:00", "Z")
        known = {"user": {"login": login}, "state": state, "submitted_at": at}
        more = {"author_association": "MEMBER", "commit_id": None, **more}
        self.reviews.append({**known, **more})

    def serve(self, asked: Asked) -> Told:
        wrong = self._wrong(asked)
        if wrong is not None:
            return wrong
        if asked.line == "POST /api/graphql":
            is_asked = asked.data == {"query": "query { viewer { login } }"}
            return Told(200, {"data": {"viewer": {"login": self.account}}} if is_asked else {})
        if asked.line == f"GET {self.base}/issues/7/comments":
            return self.listed(asked, self.notes)
        if asked.line == f"GET {self.base}/pulls/7/reviews":
            return self.listed(asked, self.reviews)
        if asked.method != "GET" and not self.may_write:
            return Told(403, {"message": "Resource not accessible by integration", "status": "403"})
        return self._write(asked)

    def _write(self, asked: Asked) -> Told:
        found = re.fullmatch(rf"{self.base}/issues/comments/(\d+)", asked.path)
        if asked.method == "DELETE" and found:
            return self.removed(int(found[1]))
        is_new = asked.line == f"POST {self.base}/issues/7/comments"
        if not is_new and not (asked.method == "PATCH" and found):
            return Told(404, {"message": "Not Found", "status": "404"})
        if set(asked.data) != {"body"}:
            return Told(422, {"message": "Invalid request."})
        if len(asked.data["body"]) > 65_536:
            said = {"field": "data", "message": "Body is too long (maximum is 65536 characters)"}
            return Told(422, {"message": "Validation Failed", "errors": [said]})
        if found:
            note = self.edited(int(found[1]), asked.data["body"])
            return Told(200, note) if note else Told(404, {"message": "Not Found"})
        return Told(201, self.said(asked.data["body"]))

    def _wrong(self, asked: Asked) -> Told | None:
        if not asked.headers.get("user-agent"):
            return Told(403, {"message": "Request forbidden by administrative rules."})
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return Told(401, {"message": "Bad credentials", "status": "401"})
        if asked.headers.get("x-github-api-version") != "2022-11-28":
            return Told(400, {"message": "the version is missing"})
        if asked.headers.get("accept") != "application/vnd.github+json":
            return Told(415, {"message": "Must accept 'application/json'"})
        has_type = asked.headers.get("content-type") == "application/json"
        return None if asked.data is None or has_type else Told(400, {"message": "no JSON"})


@dataclass
class FakeGitLab(FakeForge):
    """The merge request !7 of the project 42 of a self-managed GitLab."""

    approved_by: list[dict[str, Any]] = field(default_factory=list)

    prefix: ClassVar[str] = "/api/v4"
    base: ClassVar[str] = "/api/v4/projects/42/merge_requests/7"

    def note(self, number: int, body: str, author: str) -> dict[str, Any]:
        times = {"created_at": self.stamp(), "updated_at": self.stamp()}
        user = {"id": 1, "username": author}
        return {"id": number, "body": body, "author": user, "system": False, **times}

    def serve(self, asked: Asked) -> Told:
        if asked.headers.get("private-token") != self.token:
            return Told(401, {"message": "401 Unauthorized"})
        if asked.line == "GET /api/v4/user":
            return Told(200, {"id": 1, "username": self.account})
        if asked.line == f"GET {self.base}/notes":
            ordered = asked.query["sort"] == "asc" and asked.query["order_by"] == "created_at"
            return self.listed(asked, self.notes if ordered else self.notes[::-1])
        if asked.line == f"GET {self.base}/approvals":
            return Told(200, {"iid": 7, "approved_by": self.approved_by})
        if not self.may_write:
            return Told(403, {"message": "403 Forbidden"})
        return self._write(asked)

    def _write(self, asked: Asked) -> Told:
        found = re.fullmatch(rf"{self.base}/notes/(\d+)", asked.path)
        if asked.method == "DELETE" and found:
            return self.removed(int(found[1]))
        is_new = asked.line == f"POST {self.base}/notes"
        if not is_new and not (asked.method == "PUT" and found):
            return Told(404, {"error": "404 Not Found"})
        if set(asked.data) != {"body"} or asked.headers.get("content-type") != "application/json":
            return Told(400, {"error": "body is missing"})
        if len(asked.data["body"]) > 1_000_000:
            return Told(400, {"message": "400 Bad request - Note is too long"})
        if found:
            note = self.edited(int(found[1]), asked.data["body"])
            return Told(200, note) if note else Told(404, {"message": "404 Not found"})
        return Told(201, self.said(asked.data["body"]))


def _handler(forge: FakeForge) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _do(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            data = json.loads(text) if text else None
            told = forge.answer(Asked(self.command, parts.path, query, headers, data))
            if not told.status:
                self.close_connection = True
                return
            is_text = isinstance(told.data, str)
            body = told.data.encode() if is_text else json.dumps(told.data).encode()
            body = b"" if told.status == 204 else body
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _do  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
