"""Staff sign in at Supabase: the proof holds here, or nobody enters."""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncGenerator, Generator
from typing import Any

import httpx
import pytest

from channels.errors import SignInAway, SignInUnproven
from channels.web.supabase_door import SupabaseDoor, open_supabase
from tests.counterparts.gotrue import (
    API_KEY,
    EllipticKey,
    Project,
    RsaKey,
    packed,
    running_gotrue,
)

from .site import HASH, PASSWORD, Site

EMAIL, SECRET = "aida@equipe.example", "baobab-42"
SIGN_IN, LIST = "/staff/sign-in", "/staff/handoffs"


@pytest.fixture
def project() -> Generator[Project]:
    with running_gotrue() as project:
        project.users[EMAIL] = SECRET
        yield project


@pytest.fixture
async def door(project: Project) -> AsyncGenerator[SupabaseDoor]:
    door = SupabaseDoor(project.url, API_KEY)
    yield door
    await door.close()


async def test_the_right_password_proves_the_address(door: SupabaseDoor) -> None:
    assert await door.proven_email(EMAIL, SECRET) == EMAIL
    assert await door.proven_email(EMAIL.upper(), SECRET) == EMAIL


async def test_a_wrong_password_or_address_proves_nothing(door: SupabaseDoor) -> None:
    assert await door.proven_email(EMAIL, "wrong") is None
    assert await door.proven_email("nobody@equipe.example", SECRET) is None


async def test_a_project_that_signs_with_rsa_is_understood(
    door: SupabaseDoor, project: Project
) -> None:
    project.signs_with = RsaKey("rsa-1")
    project.published = [project.signs_with.public()]

    assert await door.proven_email(EMAIL, SECRET) == EMAIL


async def test_the_keys_are_asked_for_once(
    door: SupabaseDoor, project: Project
) -> None:
    for _ in range(3):
        await door.proven_email(EMAIL, SECRET)

    assert len([path for path in project.asked if "jwks" in path]) == 1


async def test_a_key_that_was_changed_is_fetched_but_not_at_every_call(
    door: SupabaseDoor, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    await door.proven_email(EMAIL, SECRET)
    project.signs_with = EllipticKey("key-2")
    project.published = [project.signs_with.public()]

    with pytest.raises(SignInUnproven, match="unknown key"):
        await door.proven_email(EMAIL, SECRET)  # asked a moment ago

    later = time.monotonic() + 31
    monkeypatch.setattr("channels.web.supabase_keys.time.monotonic", lambda: later)
    assert await door.proven_email(EMAIL, SECRET) == EMAIL


def expired() -> dict[str, Any]:
    return {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200}


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        (expired(), "ExpiredSignature"),
        ({"aud": "anon"}, "InvalidAudience"),
        ({"aud": None}, "MissingRequiredClaim"),
        ({"iss": "https://evil.example/auth/v1"}, "InvalidIssuer"),
        ({"email": "somebody@else.example"}, "another address"),
        ({"email": None}, "another address"),
        ({"is_anonymous": True}, "another address"),
        ({"nbf": int(time.time()) + 3600}, "ImmatureSignature"),
    ],
)
async def test_a_token_that_is_not_for_us_now_proves_nothing(
    door: SupabaseDoor, project: Project, claims: dict[str, Any], reason: str
) -> None:
    project.claims = claims

    with pytest.raises(SignInUnproven, match=reason):
        await door.proven_email(EMAIL, SECRET)


async def test_a_signature_of_another_key_proves_nothing(
    door: SupabaseDoor, project: Project
) -> None:
    project.signs_with = EllipticKey("key-1")  # the same name, another key

    with pytest.raises(SignInUnproven, match="InvalidSignature"):
        await door.proven_email(EMAIL, SECRET)


def forged(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    content = ".".join(packed(json.dumps(part).encode()) for part in (header, claims))
    signature = hmac.digest(secret, content.encode(), hashlib.sha256) if secret else b""
    return f"{content}.{packed(signature)}"


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "ES512", ""])
async def test_the_algorithm_is_not_the_senders_to_choose(
    door: SupabaseDoor, project: Project, alg: str
) -> None:
    """Also signed with the public key as if it were a secret, the classic confusion."""
    now = int(time.time())
    claims = {
        "iss": f"{project.url}/auth/v1",
        "sub": "1",
        "aud": "authenticated",
        "email": EMAIL,
        "iat": now,
        "exp": now + 600,
    }
    public = json.dumps(project.published[0]).encode()
    for secret in (b"", public):
        project.token = forged({"alg": alg, "kid": "key-1"}, claims, secret)
        with pytest.raises(SignInUnproven):
            await door.proven_email(EMAIL, SECRET)


async def test_a_token_of_one_kind_is_not_read_with_a_key_of_the_other(
    door: SupabaseDoor, project: Project
) -> None:
    project.header = {"alg": "RS256"}  # the key is an elliptic one

    with pytest.raises(SignInUnproven):
        await door.proven_email(EMAIL, SECRET)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é"])
async def test_what_is_no_token_proves_nothing(
    door: SupabaseDoor, project: Project, token: str
) -> None:
    project.token = token

    with pytest.raises((SignInUnproven, SignInAway)):
        await door.proven_email(EMAIL, SECRET)


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
async def test_a_project_that_cannot_answer_is_away(
    door: SupabaseDoor, project: Project, status: int
) -> None:
    project.status = status

    with pytest.raises(SignInAway):
        await door.proven_email(EMAIL, SECRET)


async def test_nobody_who_answers_is_away() -> None:
    door = SupabaseDoor("http://127.0.0.1:1", API_KEY)

    with pytest.raises(SignInAway):
        await door.proven_email(EMAIL, SECRET)
    assert await door.state() == (
        False,
        "http://127.0.0.1:1: no keys: ConnectError;"
        " is SUPABASE_URL right, and does it run?",
    )
    await door.close()


async def test_what_serves_is_told_with_its_keys(
    door: SupabaseDoor, project: Project
) -> None:
    is_well, detail = await door.state()
    assert is_well
    assert "keys: ES256" in detail

    project.published = []
    is_well, detail = await door.state()
    assert not is_well
    assert "legacy JWT secret" in detail


def test_without_an_address_there_is_no_such_door() -> None:
    assert open_supabase("", "") is None


class TestSigningIn:
    """At the staff screen, beside the accounts that are kept here."""

    @pytest.fixture
    async def browser(self, site: Site, door: SupabaseDoor) -> httpx.AsyncClient:
        await site.memory.staff.add("Aïda", "", email=EMAIL, role="admin")
        await site.memory.staff.add("Modou", HASH)
        return site.browser(sign_in=door)

    async def test_the_address_enters_as_the_person_of_our_list(
        self, browser: httpx.AsyncClient, site: Site
    ) -> None:
        answer = await browser.post(SIGN_IN, data={"name": EMAIL, "password": SECRET})

        assert answer.status_code == 303
        assert "Aïda" in (await browser.get(LIST)).text
        person = await site.memory.staff.by_email(EMAIL)
        assert person is not None
        assert person.role == "admin"

    async def test_a_local_account_enters_as_before(
        self, browser: httpx.AsyncClient, project: Project
    ) -> None:
        answer = await browser.post(
            SIGN_IN, data={"name": "Modou", "password": PASSWORD}
        )

        assert answer.status_code == 303
        assert project.asked == []

    @pytest.mark.parametrize("password", ["", "-", PASSWORD, SECRET])
    async def test_who_has_no_password_here_does_not_enter_by_name(
        self, browser: httpx.AsyncClient, password: str
    ) -> None:
        answer = await browser.post(
            SIGN_IN, data={"name": "Aïda", "password": password}
        )

        assert answer.status_code == 401

    async def test_a_user_of_the_project_who_is_not_on_our_list_stays_out(
        self, browser: httpx.AsyncClient, project: Project
    ) -> None:
        project.users["other@equipe.example"] = SECRET

        answer = await browser.post(
            SIGN_IN, data={"name": "other@equipe.example", "password": SECRET}
        )

        assert answer.status_code == 401
        assert "ne vont pas ensemble" in answer.text

    async def test_a_revoked_person_stays_out(
        self, browser: httpx.AsyncClient, site: Site
    ) -> None:
        await site.memory.staff.revoke("Aïda")

        answer = await browser.post(SIGN_IN, data={"name": EMAIL, "password": SECRET})

        assert answer.status_code == 401

    async def test_an_outage_and_a_false_proof_are_said_in_french(
        self, browser: httpx.AsyncClient, project: Project
    ) -> None:
        project.status = 503
        away = await browser.post(SIGN_IN, data={"name": EMAIL, "password": SECRET})
        project.status = 200
        project.claims = {"aud": "anon"}
        unproven = await browser.post(SIGN_IN, data={"name": EMAIL, "password": SECRET})

        assert away.status_code == 503
        assert "ne répond pas" in away.text
        assert unproven.status_code == 502
        assert "preuve valable" in unproven.text
        assert (await browser.get(LIST)).status_code == 303
