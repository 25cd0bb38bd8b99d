"""Every page there is, in one table: tests walk it role by role."""

from __future__ import annotations

from governance.web.page import Page
from governance.web.pages import (
    account,
    agenda,
    approval,
    bodies,
    follow_ups,
    home,
    live,
    mails,
    meeting,
    overview,
    public,
    registers,
    sign_in,
    status,
    word,
)

PAGES: tuple[Page, ...] = (
    *home.PAGES,
    *sign_in.PAGES,
    *account.PAGES,
    *status.PAGES,
    *public.PAGES,
    *overview.PAGES,
    *registers.PAGES,
    *follow_ups.PAGES,
    *bodies.PAGES,
    *agenda.PAGES,
    *mails.PAGES,
    *live.PAGES,
    *approval.PAGES,
    *word.PAGES,
    *meeting.PAGES,
)
