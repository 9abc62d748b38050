"""A counterpart of Supabase Auth (GoTrue): its password grant and its published keys.

Written from its documentation, with signatures of its own making: it shares no code
with the house. What it documents and we do not use is not here.
"""

import base64
import json
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

API_KEY = "sb_publishable_of-this-test"


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def number(value: int, length: int) -> str:
    return packed(value.to_bytes(length, "big"))


@dataclass
class EllipticKey:
    """An ES256 key of a project."""

    kid: str
    alg: str = "ES256"
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def public(self) -> dict[str, str]:
        at = self.private.public_key().public_numbers()
        return {
            "kty": "EC",
            "crv": "P-256",
            "alg": self.alg,
            "kid": self.kid,
            "x": number(at.x, 32),
            "y": number(at.y, 32),
        }

    def sign(self, content: bytes) -> bytes:
        signature = self.private.sign(content, ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(signature)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@dataclass
class RsaKey:
    """An RS256 key of a project."""

    kid: str
    alg: str = "RS256"
    private: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(65537, 2048)
    )

    def public(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "alg": self.alg,
            "kid": self.kid,
            "n": number(numbers.n, 256),
            "e": number(numbers.e, 3),
        }

    def sign(self, content: bytes) -> bytes:
        return self.private.sign(content, padding.PKCS1v15(), hashes.SHA256())


Key = EllipticKey | RsaKey


@dataclass
class Project:
    """A project with its users; each part may be made to lie."""

    url: str
    signs_with: Key
    published: list[Mapping[str, Any]]
    users: dict[str, str] = field(default_factory=dict[str, str])
    header: dict[str, Any] = field(default_factory=dict[str, Any])
    claims: dict[str, Any] = field(default_factory=dict[str, Any])
    token: str | None = None  # instead of one that is signed
    status: int = 200  # of the password grant; an error has no session
    asked: list[str] = field(default_factory=list[str])

    def token_for(self, email: str) -> str:
        if self.token is not None:
            return self.token
        now = int(time.time())
        header = {"alg": self.signs_with.alg, "kid": self.signs_with.kid, "typ": "JWT"}
        claims = {
            "iss": f"{self.url}/auth/v1",
            "sub": "6f1f4a52-0000-4000-8000-000000000001",
            "aud": "authenticated",
            "role": "authenticated",
            "email": email,
            "iat": now,
            "exp": now + 3600,
            "is_anonymous": False,
        }
        parts = (header | self.header, claims | self.claims)
        content = ".".join(packed(json.dumps(part).encode()) for part in parts)
        return f"{content}.{packed(self.signs_with.sign(content.encode()))}"


@contextmanager
def running_gotrue() -> Generator[Project]:
    """A project that listens, with one ES256 key and no users."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    key = EllipticKey("key-1")
    url = f"http://127.0.0.1:{server.server_port}"
    project = Project(url, key, [key.public()])
    server.RequestHandlerClass = _handler(project)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield project
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(project: Project) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            project.asked.append(self.path)
            is_keys = self.path == "/auth/v1/.well-known/jwks.json"
            self._answer(200 if is_keys else 404, {"keys": project.published})

        def do_POST(self) -> None:
            project.asked.append(self.path)
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self._answer(*_granted(project, self.path, self.headers["apikey"], body))

        def _answer(self, status: int, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("x-supabase-api-version", "2024-01-01")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


def _granted(
    project: Project, path: str, key: str | None, body: Mapping[str, str]
) -> tuple[int, object]:
    asked = urlsplit(path)
    if key != API_KEY:
        return 401, {"message": "Invalid API key"}
    is_grant = parse_qs(asked.query) == {"grant_type": ["password"]}
    if asked.path != "/auth/v1/token" or not is_grant:
        return 404, {"code": 404, "msg": "not found"}
    if project.status != 200:
        return project.status, {"code": "unexpected_failure", "message": "x"}
    if project.users.get(body["email"].lower()) != body["password"]:
        return 400, _WRONG
    return 200, _session(project, body["email"].lower())


_WRONG = {
    "code": "invalid_credentials",
    "message": "Invalid login credentials",
}


def _session(project: Project, email: str) -> dict[str, Any]:
    now = int(time.time())
    return {
        "access_token": project.token_for(email),
        "token_type": "bearer",
        "expires_in": 3600,
        "expires_at": now + 3600,
        "refresh_token": "refresh",
        "user": {
            "id": "6f1f4a52-0000-4000-8000-000000000001",
            "aud": "authenticated",
            "role": "authenticated",
            "email": email,
            "app_metadata": {"provider": "email"},
            "user_metadata": {},
            "created_at": "2026-09-01T08:00:00.000000Z",
        },
    }
