"""The municipality's own sign-in (OpenID Connect, such as Entra ID), through Authlib: the only module that knows it.

Authorization code with PKCE S256 (RFC 7636), state and nonce; the identity token is held to OpenID Connect Core
3.1.3.7. Authlib is the extra `oidc`, and imported when somebody signs in that way.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from governance.model.body import SignIn

SECRET = "KADENS_OIDC_SECRET"  # noqa: S105  # where it is, not what it is
ALGORITHMS = ("RS256", "PS256", "ES256")  # signed with the issuer's own key; never "none", never a shared secret
TIMEOUT = 10  # seconds, for each question to the issuer
LEEWAY = 60  # seconds between the issuer's clock and ours
_ENTRA = "login.microsoftonline.com"


class OidcProblem(Exception):
    """The municipality's sign-in cannot be used, or its answer is not to be believed; says so in Swedish."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Who the issuer says it is; `verified` is an address it has verified, "" where there is none."""

    subject: str
    verified: str


def require_authlib() -> None:
    """Raises OidcProblem where the extra is not installed."""
    if find_spec("authlib") is None or find_spec("joserfc") is None:
        raise OidcProblem(
            "Inloggning med OpenID Connect behöver ett tillägg som inte är installerat: pip install 'kadens[oidc]'"
        )


def away(door: SignIn, back: str, state: str, nonce: str, verifier: str) -> str:
    """The issuer's page to send the browser to; `back` is where it comes back to. Raises OidcProblem."""
    with _client(door, back) as client:
        metadata = _metadata(client, door.issuer)
        url, _ = client.create_authorization_url(
            metadata["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
    return str(url)


def identify(door: SignIn, back: str, answer: Mapping[str, str], nonce: str, verifier: str) -> Shown:
    """Who came back with `answer`, the query of the issuer's redirect. Raises OidcProblem."""
    if answer.get("error"):
        raise OidcProblem("Inloggningen avbröts hos kommunens inloggning. Försök igen.")
    if answer.get("iss", door.issuer) != door.issuer:  # RFC 9207
        raise OidcProblem("Svaret kom från en annan utfärdare än den som frågades.")
    with _client(door, back) as client:
        metadata = _metadata(client, door.issuer)
        try:
            token = client.fetch_token(
                metadata["token_endpoint"],
                grant_type="authorization_code",
                code=answer.get("code", ""),
                code_verifier=verifier,
            )
        except Exception as error:  # Authlib's own, and the network's: none of them lets anybody in
            raise OidcProblem("Kommunens inloggning godtog inte svaret. Försök igen.") from error
        claims = _claims(str(token.get("id_token", "")), _asked(client, metadata["jwks_uri"]))
    _check(claims, door, nonce, time.time())
    verified = str(claims.get("email", "")) if claims.get("email_verified") is True else ""
    return Shown(subject_of(door.issuer, claims), verified)


def subject_of(issuer: str, claims: Mapping[str, Any]) -> str:
    """The issuer's lasting name for somebody: `sub`, but with Entra tenant and object, the same in all its programs."""
    if urlsplit(issuer).hostname == _ENTRA:
        if not (claims.get("tid") and claims.get("oid")):
            raise OidcProblem("Svaret från Entra saknar tid eller oid; ge kadens rätt att läsa profilen.")
        return f"{claims['tid']}:{claims['oid']}"
    return str(claims["sub"])


def _client(door: SignIn, back: str) -> Any:
    """Authlib's client, which is also the connection: used as a context."""
    require_authlib()
    with warnings.catch_warnings():
        import authlib.deprecate  # type: ignore[import-untyped]  # noqa: PLC0415  # sets filters of its own

        # Authlib looks forward to httpx2; httpx is there already, with Prefect.
        warnings.simplefilter("ignore", authlib.deprecate.AuthlibDeprecationWarning)
        from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]  # noqa: PLC0415
    secret = os.environ.get(SECRET) or None
    return OAuth2Client(
        door.client_id,
        secret,
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        scope="openid email profile",
        redirect_uri=back,
        code_challenge_method="S256",
        timeout=TIMEOUT,
    )


def _metadata(client: Any, issuer: str) -> Mapping[str, Any]:
    """What the issuer says of itself; it must call itself by the name we have (OpenID Connect Discovery 4.3)."""
    found = _asked(client, issuer.rstrip("/") + "/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise OidcProblem("Kommunens inloggning heter inte som i konfigurationen (sign_in.issuer).")
    if not all(
        isinstance(found.get(f"{name}"), str) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    ):
        raise OidcProblem("Kommunens inloggning säger inte var den tar emot.")
    return found


def _asked(client: Any, url: str) -> Mapping[str, Any]:
    try:
        answer = client.request("GET", url, withhold_token=True)
        answer.raise_for_status()
        found = answer.json()
    except Exception as error:  # whatever the network says, the visitor is told the same
        raise OidcProblem("Kommunens inloggning svarar inte. Försök igen om en stund.") from error
    if not isinstance(found, dict):
        raise OidcProblem("Kommunens inloggning svarar inte. Försök igen om en stund.")
    return found


def _claims(token: str, keys: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an identity token says, if the issuer's key has signed it. Raises OidcProblem."""
    from joserfc import jwt  # noqa: PLC0415  # comes with Authlib
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    try:
        found = jwt.decode(token, KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise OidcProblem("Intyget från kommunens inloggning är inte rätt undertecknat.") from error
    return found.claims


def _check(claims: Mapping[str, Any], door: SignIn, nonce: str, now: float) -> None:
    """Holds a token to what it must say: from whom, for whom, when, and to this very question. Raises OidcProblem."""
    audience = claims.get("aud")
    meant = audience if isinstance(audience, list) else [audience]
    expires, made = claims.get("exp"), claims.get("iat")
    faults = {
        "utfärdaren": claims.get("iss") != door.issuer,
        "mottagaren": door.client_id not in meant
        or claims.get("azp", door.client_id if len(meant) == 1 else "") != door.client_id,
        "frågan": not nonce or claims.get("nonce") != nonce,
        "tiden": not (isinstance(expires, int | float) and expires > now - LEEWAY)
        or not (isinstance(made, int | float) and made < now + LEEWAY),
        "personen": not isinstance(claims.get("sub"), str) or not 0 < len(str(claims.get("sub"))) <= 200,
    }
    wrong = [name for name, fault in faults.items() if fault]
    if wrong:
        raise OidcProblem(f"Intyget från kommunens inloggning stämmer inte: {', '.join(wrong)}.")
