"""A finished agenda read back: what stands under each item."""

from __future__ import annotations

from governance.papers.agenda_reading import points_of

HTML = """
<h1>Dagordning</h1><p>Före</p>
<h3 class="arende"><span class="nr">1</span> Läget &amp; <em>rapporter</em></h3>
<p class="arenderad"><strong>Information</strong> · kl. 09.00</p>
<ul class="arendepunkt"><li><strong>Pia Polis</strong> – Brott:  fyra inbrott.</li><li></li></ul>
<p class="arendetext">Har inte svarat: Bo Hus.</p>
<p class="forslag"><strong>Förslag till beslut:</strong> Gruppen godkänner.</p>
<h3 class="arende"><span class="nr">2</span> Nästa möte</h3>
<h2>Öppna åtgärder</h2><p>Två åtgärder är öppna.</p>
"""


def test_lines_under_each_item_are_read_without_its_facts_and_its_proposal() -> None:
    assert points_of(HTML) == {
        "Läget & rapporter": ("Pia Polis – Brott: fyra inbrott.", "Har inte svarat: Bo Hus."),
        "Nästa möte": (),
    }


def test_page_made_otherwise_has_no_points() -> None:
    assert points_of("<h2>Ärenden</h2><p>Ett</p>") == {}
