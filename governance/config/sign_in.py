"""Checks of the door to the pages: an open one is refused before anything starts."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

from governance.config.draft import Draft, Finding, Findings
from governance.config.problem import Path

_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}")
_BROWSERS_OWN = {  # what anybody's browser sends, or the pages themselves read
    "authorization", "accept", "accept-language", "connection", "content-length", "content-type", "cookie", "forwarded",
    "from", "host", "origin", "referer", "sec-fetch-site", "user-agent", "x-forwarded-for", "x-forwarded-host",
    "x-forwarded-proto",
}  # fmt: skip
_WIDEST = {4: 16, 6: 48}  # the shortest prefix that is still one network and not everybody
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def door(draft: Draft) -> Findings:
    """What the chosen door needs is there, and nothing that would let everybody in."""
    keys = draft.config.sign_in
    yield from _sources(keys.from_)
    if keys.door == "oidc":
        yield from _issuer(keys.issuer)
        if not keys.client_id:
            yield Finding(("sign_in",), 'oidc behöver "client_id": kadens id hos utfärdaren')
    if keys.door == "proxy":
        if not keys.from_:
            message = 'proxyn behöver "from": adresserna som den har; annars kan vem som helst skriva rubriken'
            yield Finding(("sign_in",), message)
        if not _HEADER.fullmatch(keys.header) or keys.header.lower() in _BROWSERS_OWN:
            message = f'"{keys.header}" kan inte bära vem som kommer; skriv till exempel X-Remote-User'
            yield Finding(("sign_in", "header"), message)
    elif "header" in keys.model_fields_set:
        yield Finding(("sign_in", "header"), "rubriken läses bara med door: proxy", "warning")


def _issuer(issuer: str) -> Findings:
    if not issuer:
        yield Finding(("sign_in",), 'oidc behöver "issuer": adressen till den som intygar vem som loggar in')
        return
    path: Path = ("sign_in", "issuer")
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        yield Finding(path, "utfärdarens adress ska börja med https://")
    if parts.query or parts.fragment:
        yield Finding(path, "utfärdarens adress har varken ? eller #")
    if re.search(r"/(common|organizations|consumers)(/|$)", parts.path):
        message = "skriv er egen katalog (tenant) i stället för common: annars kan vem som helst med ett konto komma in"
        yield Finding(path, message)


def _sources(sources: tuple[str, ...]) -> Findings:
    for number, source in enumerate(sources):
        path: Path = ("sign_in", "from", number)
        try:
            network: IPv4Network | IPv6Network = ip_network(source)
        except ValueError:
            yield Finding(path, f'"{source}" är varken en adress eller ett nät; skriv till exempel 10.0.0.5')
            continue
        if network.prefixlen < _WIDEST[network.version]:
            message = f"{source} är inte en proxy utan {network.num_addresses} adresser; skriv bara proxyns egna"
            yield Finding(path, message)
