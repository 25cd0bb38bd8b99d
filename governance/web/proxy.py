"""What a proxy says of who comes, believed only from its own addresses; and by which address a visitor is counted."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.requests import Request

from governance.model.body import Municipality


def address_in(request: Request, towns: Iterable[Municipality]) -> str:
    """The mail address that a municipality's proxy names, in small letters; "" where none that is believed does.

    A header that stands twice was written by two, and is believed from none.
    """
    peer = _peer(request)
    for town in towns:
        if town.sign_in.door == "proxy" and _within(peer, town.sign_in.sources):
            named = request.headers.getlist(town.sign_in.header)
            if len(named) == 1 and named[0].strip():
                return named[0].strip().casefold()
    return ""


def caller(request: Request, towns: Iterable[Municipality]) -> str:
    """The computer that a visit is counted by: the nearest that is no proxy of ours. An IPv6 network counts as one.

    Only a proxy on this machine or in the config is believed about whom it speaks for (X-Forwarded-For's last).
    """
    peer = _peer(request)
    if peer is None:
        return request.client.host if request.client else ""
    trusted = {source for town in towns for source in town.sign_in.sources}
    told = [each.strip() for each in ",".join(request.headers.getlist("x-forwarded-for")).split(",")]
    while told and (peer.is_loopback or _within(peer, trusted)):
        before = _parsed(told.pop())
        if before is None:
            break
        peer = before
    return str(ip_network(f"{peer}/64", strict=False)) if peer.version == 6 else str(peer)


def _peer(request: Request) -> IPv4Address | IPv6Address | None:
    return _parsed(request.client.host) if request.client else None


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """An address; one that IPv6 carries for IPv4 is that one."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _within(peer: IPv4Address | IPv6Address | None, sources: Iterable[str]) -> bool:
    return peer is not None and any(peer in ip_network(source) for source in sources)
