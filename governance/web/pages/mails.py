"""Not built yet."""

from __future__ import annotations

from governance.web.page import Page

PAGES: tuple[Page, ...] = ()
