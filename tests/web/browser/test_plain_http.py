"""Pages reached by plain http in a network, as a trial on a server may be: forms still come from where they should."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from governance.web.hall import Hall
from tests.conftest import MakeWorld
from tests.web.conftest import chromium, hall_of

pytestmark = pytest.mark.browser


def test_form_over_plain_http_is_taken_and_one_from_another_site_refused(
    make_world: MakeWorld, browser: Any, serve_app: Callable[[Hall], str]
) -> None:
    hall = hall_of(make_world(), ())
    port = serve_app(hall).rpartition(":")[2]
    # A name that is no localhost: browsers then send no Sec-Fetch-Site, and only Origin tells.
    rules = f"MAP kadens.example 127.0.0.1:{port}, MAP annan.example 127.0.0.1:{port}"
    hall.origins = ("http://kadens.example",)
    own = browser.browser_type.launch(
        executable_path=chromium(), args=["--no-sandbox", f"--host-resolver-rules={rules}"]
    )
    try:
        page = own.new_page()
        for address, status in (("http://kadens.example", 303), ("http://annan.example", 403)):
            page.goto(f"{address}/logga-in")
            page.get_by_label("Din e-postadress").fill("siv.sand@prov.example")
            with page.expect_response(lambda it: it.request.method == "POST") as answered:
                page.get_by_role("button", name="Skicka länk och kod").click()
            assert answered.value.status == status
    finally:
        own.close()
