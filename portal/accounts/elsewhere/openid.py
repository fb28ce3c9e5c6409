"""Signing in through one's own organisation: OpenID Connect.

Code flow with PKCE, state and nonce (RFC 6749, RFC 7636, OpenID Connect Core 1.0; RFC 9700). Authlib and what it needs
are an extra, and imported where an organisation is set.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from itsdangerous import BadData, URLSafeTimedSerializer

from portal.accounts.elsewhere.organisations import Organisation, Vouched
from portal.accounts.signing_in.forms import LONGEST_NAME
from portal.core.keys import Keys
from portal.core.text import one_line

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures with a key pair only: with a shared secret, or none, anybody could sign."""
SCOPE = "openid email profile"
PATIENCE_SECONDS = 5
METADATA_SECONDS = 3600
UNREACHABLE_SECONDS = 30
"""So long an organisation that did not answer is not asked again: who waits for it keeps others waiting."""
STATE_SECONDS = 600
LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0, 2."""


class ElsewhereFailed(Exception):
    """Signing in elsewhere did not work; the message is a kind, for the log, and holds nothing of the person."""


# --- going there -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Journey:
    """What we have to know when somebody comes back. It travels in a signed cookie: nobody else may change it."""

    slug: str
    state: str
    nonce: str
    verifier: str
    onward: str

    def sealed(self, keys: Keys) -> str:
        """As the cookie holds it."""
        return _serializer(keys).dumps([self.slug, self.state, self.nonce, self.verifier, self.onward])

    @classmethod
    def opened(cls, keys: Keys, text: str) -> Journey | None:
        """What a cookie holds; None where it is not ours, or older than ten minutes."""
        try:
            return cls(*_serializer(keys).loads(text, max_age=STATE_SECONDS))
        except (BadData, TypeError):
            return None


def _serializer(keys: Keys) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer([keys.of("elsewhere")], salt="journey")


def begin(organisation: Organisation, redirect_uri: str, onward: str) -> tuple[str, Journey]:
    """The address at the organisation, and what we have to know when somebody comes back.

    Raises ElsewhereFailed where the organisation cannot be reached.
    """
    from authlib.common.security import generate_token

    verifier, nonce = generate_token(64), generate_token(32)
    address, state = _client(organisation, redirect_uri).create_authorization_url(
        _metadata(organisation)["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    return address, Journey(organisation.slug, state, nonce, verifier, onward)


# --- coming back -------------------------------------------------------------------------------------------


def finish(organisation: Organisation, journey: Journey, redirect_uri: str, code: str, issuer: str | None) -> Vouched:
    """Exchange the code for the word of the organisation, and see that it is its word, for us, and of this journey.

    `issuer` is who says to send somebody back: a code of one organisation is never shown to another (RFC 9207).

    Raises ElsewhereFailed where anything of that is not so.
    """
    import requests
    from authlib.integrations.base_client import OAuthError

    is_told = _metadata(organisation).get("authorization_response_iss_parameter_supported") is True
    if issuer != organisation.issuer and (issuer is not None or is_told):
        raise ElsewhereFailed("somebody else sent the person back")
    try:
        token = _client(organisation, redirect_uri).fetch_token(
            _metadata(organisation)["token_endpoint"],
            grant_type="authorization_code",
            code=code,
            code_verifier=journey.verifier,
            timeout=PATIENCE_SECONDS,
        )
    except (OAuthError, requests.RequestException, ValueError) as error:
        raise ElsewhereFailed(f"the code was not taken ({type(error).__name__})") from error
    if not isinstance(token.get("id_token"), str):
        raise ElsewhereFailed("there was no id_token")
    return _vouched(organisation, _claims(organisation, token, journey.nonce))


def _claims(organisation: Organisation, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet
    from joserfc.jws import JWSRegistry

    metadata = _metadata(organisation)
    offered = metadata.get("id_token_signing_alg_values_supported", ["RS256"])
    registry = JWSRegistry(algorithms=[one for one in ALGORITHMS if one in offered], strict_check_header=False)
    try:
        keys = KeySet.import_key_set(cast(Any, _get(metadata["jwks_uri"])))
        decoded = jwt.decode(token["id_token"], key=keys, registry=registry)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": metadata["issuer"]},
                "aud": {"essential": True, "value": organisation.client_id},
                "nonce": {"essential": True},
            },
            {"nonce": nonce, "client_id": organisation.client_id, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=120)
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise ElsewhereFailed(f"the id_token is not right ({type(error).__name__})") from error
    return dict(claims)


def _vouched(organisation: Organisation, claims: Mapping[str, Any]) -> Vouched:
    methods = claims.get("amr")
    said = {str(claims.get("acr"))} | {str(one) for one in (methods if isinstance(methods, list) else [])}
    is_verified = organisation.email_is_verified or claims.get("email_verified") is True
    email = str(claims.get("email") or "") if is_verified else ""
    name = str(claims.get("name") or "")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise ElsewhereFailed("the name that it gives the person is none")  # cut off, it could be that of another
    return Vouched(subject, email, one_line(name)[:LONGEST_NAME], bool(said & organisation.second_factor))


# --- what an organisation says of itself -------------------------------------------------------------------

_remembered: dict[str, tuple[float, Mapping[str, Any]]] = {}
_unreachable: dict[str, float] = {}
"""When an organisation did not answer, by issuer."""


def _metadata(organisation: Organisation) -> Mapping[str, Any]:
    """Where its pages and keys are (OpenID Connect Discovery 1.0); asked once an hour."""
    known = _remembered.get(organisation.issuer)
    if known is not None and known[0] > time.monotonic() - METADATA_SECONDS:
        return known[1]
    if time.monotonic() - _unreachable.get(organisation.issuer, -math.inf) < UNREACHABLE_SECONDS:
        raise ElsewhereFailed("the organisation did not answer a moment ago")
    try:
        found = _get(f"{organisation.issuer.rstrip('/')}/.well-known/openid-configuration")
    except ElsewhereFailed:
        _unreachable[organisation.issuer] = time.monotonic()
        raise
    if found.get("issuer") != organisation.issuer:
        raise ElsewhereFailed("the organisation calls itself otherwise")
    if missing := [one for one in ("authorization_endpoint", "token_endpoint", "jwks_uri") if one not in found]:
        raise ElsewhereFailed(f"the organisation does not say its {missing[0]}")
    _remembered[organisation.issuer] = (time.monotonic(), found)
    return found


def _get(address: str) -> Mapping[str, Any]:
    import requests

    try:
        answer = requests.get(address, timeout=PATIENCE_SECONDS, allow_redirects=False)
        answer.raise_for_status()
        content = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ElsewhereFailed(f"the organisation cannot be reached ({type(error).__name__})") from error
    if not isinstance(content, dict):
        raise ElsewhereFailed("the organisation answers something else")
    return content


def _client(organisation: Organisation, redirect_uri: str) -> Any:
    from authlib.integrations.requests_client import OAuth2Session

    return OAuth2Session(
        organisation.client_id,
        organisation.client_secret,
        scope=SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - a method
    )
