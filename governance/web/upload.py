"""The one form that sends a file: multipart/form-data (RFC 7578) by the standard library's own mail parser."""

from __future__ import annotations

from email import policy
from email.parser import BytesParser

from governance.web.visit import Refused, Visit

MOST_PARTS = 10


def uploaded(visit: Visit, field: str) -> tuple[str, bytes]:
    """The (name, bytes) of the file in a field. Raises Refused (400) for another form, ValueError without a file."""
    kind = visit.request.headers.get("content-type", "")
    if not kind.casefold().startswith("multipart/form-data"):
        raise Refused(400, "Formuläret skickade ingen fil.")
    head = b"Content-Type: " + kind.encode("latin-1", "replace").replace(b"\r", b"").replace(b"\n", b"") + b"\r\n\r\n"
    message = BytesParser(policy=policy.HTTP).parsebytes(head + visit.raw)
    parts = message.get_payload() if message.is_multipart() else []
    if not isinstance(parts, list) or not parts or len(parts) > MOST_PARTS:
        raise Refused(400, "Formuläret går inte att läsa.")
    for part in parts:
        if part.get_param("name", header="content-disposition") == field:  # type: ignore[union-attr]
            data = part.get_payload(decode=True)  # type: ignore[union-attr]
            name = part.get_filename() or ""  # type: ignore[union-attr]
            if name and isinstance(data, bytes) and data:
                return name, data
    raise ValueError("Välj en fil först.")
