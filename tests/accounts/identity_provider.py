"""A provider of OpenID Connect for tests: Authlib's server side, served on this machine, and ready to misbehave."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "jeugdhulp-kiezen", "a secret of the municipality"
RETURN = "http://127.0.0.1:8000/inloggen/terug"


@dataclass
class Worker:
    """Somebody who works for the municipality."""

    sub: str = "worker-1"
    email: str = "amina@heerlen.example"
    email_verified: bool | None = True
    name: str = "Amina Yildiz"
    amr: list[str] = field(default_factory=list)


class Client:
    """The portal, as the provider knows it."""

    id_token_signed_response_alg = "RS256"

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return RETURN

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == RETURN

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code:
    """A code that was given out."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str | None
    code_challenge_method: str | None
    user: Worker
    client_id: str = CLIENT_ID

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> list[str]:
        return self.user.amr


class IdentityProvider:
    """The provider, running; `worker` is who is signed in there, `misbehaves` what it does wrong."""

    def __init__(self) -> None:
        self.worker = Worker()
        self.misbehaves = ""
        self.says_issuer = False
        self.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self.other_key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self.codes: dict[str, Code] = {}
        app = self._app()
        self._server = make_server("localhost", 0, app, threaded=True)
        self.issuer = f"http://localhost:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _app(self) -> Flask:
        app, provider = Flask("identity-provider"), self
        server = AuthorizationServer(
            app, lambda client_id: Client() if client_id == CLIENT_ID else None, lambda *_: None
        )

        class CodeGrant(grants.AuthorizationCodeGrant):
            TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

            def save_authorization_code(self, code: str, request: Any) -> Code:
                data = request.payload.data
                made = Code(
                    code, request.payload.redirect_uri, request.payload.scope, data.get("nonce"),
                    data.get("code_challenge"), data.get("code_challenge_method"), provider.worker,
                )  # fmt: skip
                provider.codes[code] = made
                return made

            def query_authorization_code(self, code: str, client: Client) -> Code | None:
                return provider.codes.get(code)

            def delete_authorization_code(self, authorization_code: Code) -> None:
                del provider.codes[authorization_code.code]

            def authenticate_user(self, authorization_code: Code) -> Worker:
                return authorization_code.user

        class OpenID(OpenIDCode):
            def exists_nonce(self, nonce: str, request: Any) -> bool:
                return any(code.nonce == nonce for code in provider.codes.values())

            def get_client_claims(self, client: Client) -> dict[str, Any]:
                return {"iss": provider.issuer, "aud": [CLIENT_ID], "exp": int(time.time()) + 300}

            def get_encode_header(self, client: Client) -> dict[str, Any]:
                return {"alg": "RS256", "kid": "1"}

            def resolve_client_private_key(self, client: Client) -> KeySet:
                return KeySet([provider.key])

            def generate_user_info(self, user: Worker, scope: str) -> UserInfo:
                told = {"sub": user.sub, "name": user.name, "email": user.email}
                if user.email_verified is not None:
                    told["email_verified"] = user.email_verified
                return UserInfo(told)

            def encode_id_token(self, token: Any, request: Any) -> str:
                good = super().encode_id_token(token, request)
                return provider.spoilt(good) if provider.misbehaves else good

        server.register_grant(CodeGrant, [OpenID(require_nonce=True), CodeChallenge(required=True)])

        @app.get("/.well-known/openid-configuration")
        def configuration() -> Response:
            if self.misbehaves == "silent":
                return Response("down", 503)
            return jsonify(
                authorization_response_iss_parameter_supported=self.says_issuer,
                issuer="https://somebody.else.example" if self.misbehaves == "other issuer" else self.issuer,
                authorization_endpoint=f"{self.issuer}/authorize",
                token_endpoint=f"{self.issuer}/token",
                jwks_uri=f"{self.issuer}/keys",
                id_token_signing_alg_values_supported=["RS256", "HS256", "none"],
            )

        @app.get("/keys")
        def keys() -> Response:
            return jsonify(KeySet([self.key]).as_dict(private=False))

        @app.get("/authorize")
        def authorize() -> Response:
            grant = server.get_consent_grant(end_user=self.worker)
            denied = self.misbehaves == "denied"
            return server.create_authorization_response(grant=grant, grant_user=None if denied else self.worker)

        @app.post("/token")
        def token() -> Response:
            if self.misbehaves == "down":
                return Response("down", 503)
            return server.create_token_response()

        return app

    def spoilt(self, good: str) -> str:
        """The word of the provider, wrong in one way."""
        decoded = jwt.decode(good, self.key)
        claims, header, key = dict(decoded.claims), {"alg": "RS256", "kid": "1"}, self.key
        if self.misbehaves == "other key":
            key = self.other_key
        elif self.misbehaves == "other nonce":
            claims["nonce"] = "somebody else's"
        elif self.misbehaves == "no nonce":
            del claims["nonce"]
        elif self.misbehaves == "other audience":
            claims["aud"] = ["another-portal"]
        elif self.misbehaves == "other issuer in token":
            claims["iss"] = "https://somebody.else.example"
        elif self.misbehaves == "expired":
            claims["exp"] = int(time.time()) - 3600
        elif self.misbehaves == "shared secret":
            secret = OctKey.import_key(CLIENT_SECRET + "-" * 20)
            return jwt.encode({"alg": "HS256"}, claims, secret, algorithms=["HS256"])
        elif self.misbehaves == "no signature":
            return jwt.encode({"alg": "none"}, claims, OctKey.import_key("x" * 32), algorithms=["none"])
        elif self.misbehaves == "no subject":
            del claims["sub"]
        return jwt.encode(header, claims, key)


def follow(address: str) -> str:
    """What a browser does at the provider: open its page, and go where it is sent."""
    import requests

    answer = requests.get(address, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]
