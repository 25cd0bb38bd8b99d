"""What stands before every page: the headers of each answer, the cookie's name, and where a form may come from."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# By whether the pages are reached by https alone. Browsers take `__Host-` only with Secure (RFC 6265bis 4.1.3.2).
COOKIE = {True: "__Host-kadens", False: "kadens"}
WAY_IN = {True: "__Host-kadens-in", False: "kadens-in"}  # the browser that asked to sign in

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Nothing to other sites. Not "no-referrer": a form would then come from Origin "null" (Fetch, "Origin" header), and
    # over plain http, where browsers send no Sec-Fetch-Site, every form would be refused.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex",
}


class Guard:
    """Sets the headers of every answer, also of errors. Only what is public and unchanging may be kept by browsers."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self.app = app
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and dresses the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                dress(MutableHeaders(scope=message), scope["path"], secure=self.secure)
            await send(message)

        await self.app(scope, receive, dressed)


def dress(headers: MutableHeaders, path: str, *, secure: bool) -> None:
    """Sets what every answer carries, where it has not been set."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "public, max-age=3600" if path.startswith("/static/") else "no-store")
    if secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def cross_site(request: Request, origins: Sequence[str]) -> bool:
    """Whether an unsafe request comes from elsewhere, or does not say from where (Sec-Fetch-Site, else Origin)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    return request.headers.get("origin") not in origins
