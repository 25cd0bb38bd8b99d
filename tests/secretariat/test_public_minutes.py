"""The public copy of minutes: secrets in every field, and none of them in any part of the files."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from governance.model.public_version import Withheld, leaks
from governance.secretariat import approval
from governance.secretariat.audit import Doer
from governance.secretariat.papers import Finished
from governance.secretariat.public_minutes import Leak, texts_in
from governance.store.tables import Item, Occasion, Paper
from tests.conftest import MakeWorld
from tests.world import TOWN, World, plain

SECRETS = (
    "Hotbilden mot vittnet",
    "Vittnet bor numera på Dolda gatan sju",
    "Rådet flyttar vittnet till grannkommunen",
    "Hyra en bil åt vittnet i hemlighet",
    "Var sjuk i lunginflammation hela veckan",
    "Beslutat av fyra av de sex som var kvar",
    "Den gamla hemliga åtgärden om vapnet",
    "Vapnet hittades i ett skåp på skolan",
    "Vi grälade länge om vem som ringer vem",
    "Rita om hela gruppens interna schema",
    "eva.privat@hem.example",
    "070-555 66 77",
)
PLAIN = TOWN.replace(
    "      - {title: Lägesbild, kind: information, source: situation-picture}",
    "      - {title: Hotbilden mot vittnet, kind: decision, confidentiality: secret}\n"
    "      - {title: Arbetssätt, kind: discussion, confidentiality: internal}",
)
PUBLISHING = PLAIN.replace("  lead_committee: namnden\n", "  lead_committee: namnden\n  publish: [minutes]\n")
RECORD = """
- meeting: radet 2027-02-10
  present: [kia.holm, siv.sand, {person: pia.polis, note: Var sjuk i lunginflammation hela veckan}]
  items:
    Öppnande:
      account: |
        Vi talade om torget. Skriv till eva.privat@hem.example, 070-555 66 77, eller trygghet@prov.example.
      decisions: [{text: Rådet godkänner dagordningen.}]
      actions: [{ref: lampor, text: Beställa lampor, owner: pia.polis, due: 2027-03-01}]
    Hotbilden mot vittnet:
      account: Vittnet bor numera på Dolda gatan sju.
      decisions: [{text: Rådet flyttar vittnet till grannkommunen.}, {text: Rådet godkänner dagordningen.}]
      actions: [{ref: bil, text: Hyra en bil åt vittnet i hemlighet, owner: pia.polis, due: 2027-03-01}]
    Arbetssätt:
      account: Vi grälade länge om vem som ringer vem.
      decisions: [{text: Rådet byter mötesrum.}]
      actions: [{text: Rita om hela gruppens interna schema, owner: siv.sand, due: 2027-03-01}]
  approvers: [pia.polis]
  approved: {on: 2027-02-22, by: [kia.holm, pia.polis]}
"""
SIV = Doer(person="siv.sand", municipality="provkopings-kommun", body="radet", means="mail-link")


def meeting(world: World) -> Occasion:
    return world.meeting("radet", "2027-02-10")


def jav(world: World, item: str = "Hotbilden mot vittnet") -> None:
    """Somebody took no part for bias at an item, and who decided was written down."""
    with world.office.archive.write() as session:
        row = session.query(Item).filter_by(occasion_id=meeting(world).id, title=item).one()
        row.recused, row.quorum = ["siv.sand"], "Beslutat av fyra av de sex som var kvar"


def publish(world: World) -> Paper:
    return approval.publish(world.office, world.municipality, meeting(world), SIV)


@pytest.fixture
def town(make_world: MakeWorld) -> World:
    """A council whose approved minutes hold a secret item, an internal one, and secrets in other fields."""
    world = make_world(PLAIN)
    world.until("2027-02-23", RECORD)
    jav(world)
    return world


def everything(paper: Paper) -> str:
    """All that can be read out of a paper's files, in small letters, blanks made single."""
    return " ".join(" ".join(texts_in(Finished(paper.docx, paper.html))).casefold().split())


def test_full_minutes_hold_the_secrets_that_the_copy_is_tried_on(town: World) -> None:
    full = everything(town.papers("minutes", meeting(town))[-1])
    here = [each for each in SECRETS if each.casefold() in full]
    assert here == [each for each in SECRETS if "vapnet" not in each.casefold() and not each.startswith("Beslutat")]


def test_no_secret_is_in_any_part_of_the_copy(town: World) -> None:
    paper = publish(town)
    found = everything(paper)
    assert [each for each in SECRETS if each.casefold() in found] == []
    with zipfile.ZipFile(BytesIO(paper.docx)) as package:
        assert "docProps/core.xml" in package.namelist()


def test_copy_shows_what_is_public(town: World) -> None:
    text = plain(publish(town).html)
    for words in (
        "Offentlig version.",
        "Ärende med sekretess",
        "Uppgifterna i ärendet omfattas av sekretess",
        "Vi talade om torget. Skriv till [e-postadress], [telefonnummer], eller trygghet@prov.example.",
        "Rådet godkänner dagordningen.",
        "Beställa lampor",
        "Arbetssätt",
        "Rådet byter mötesrum.",
        "Justerat den 22 februari 2027",
        "Kia Holm",
    ):
        assert words in text, words
    assert "Å-2027-002" not in text


def test_copy_made_again_is_the_same_bytes_and_kept_once(town: World) -> None:
    first = publish(town)
    town.set("2027-03-20 09:00")
    assert publish(town).id == first.id
    assert len(town.papers("public_minutes")) == 1


def test_unapproved_minutes_have_no_public_copy(make_world: MakeWorld) -> None:
    world = make_world(PLAIN)
    world.until("2027-02-23", RECORD.partition("  approved:")[0])
    with pytest.raises(ValueError, match="när texten är justerad"):
        publish(world)


def test_municipality_that_publishes_minutes_gets_the_copy_with_the_approved_ones(make_world: MakeWorld) -> None:
    world = make_world(PUBLISHING)
    done = world.until("2027-02-23", RECORD)
    (paper,) = world.papers("public_minutes")
    assert paper.name == "radet/2027-02-10-protokoll-offentlig-version-radet"
    assert [each for each in SECRETS if each.casefold() in everything(paper)] == []
    told = [each.what for each in done if "offentlig" in each.what]
    assert told == ["protokoll (justerat) till 3, och en offentlig version"]


def test_action_of_an_earlier_secret_item_is_not_in_the_copys_list(town: World) -> None:
    later = """
- meeting: radet 2027-05-12
  present: [kia.holm, pia.polis]
  items: {Öppnande: {account: Vi talade om våren.}}
  actions: {bil: {status: in-progress, comment: Vapnet hittades i ett skåp på skolan}}
  approved: {on: 2027-05-14, by: [kia.holm]}
"""
    town.until("2027-05-25", later)
    spring = town.meeting("radet", "2027-05-12")
    full = everything(town.papers("minutes", spring)[-1])
    paper = approval.publish(town.office, town.municipality, spring, SIV)
    found = everything(paper)
    assert "vapnet hittades i ett skåp" in full
    assert [each for each in SECRETS if each.casefold() in found] == []
    assert "beställa lampor" in found


# --- the proof is made on the finished files -------------------------------------------------------------------


def test_secret_retyped_in_a_public_item_stops_the_copy_and_is_named(make_world: MakeWorld) -> None:
    world = make_world(PLAIN)
    world.until("2027-02-23", RECORD.replace("Vi talade om torget.", "Vi hörde att vittnet bor numera på Dolda gatan."))
    with pytest.raises(Leak, match=r"”vittnet bor numera på” \(ärendet § 4\)"):
        publish(world)
    assert world.papers("public_minutes") == []


HIDING_PLACES = {
    "docProps/custom.xml": "<p>Vittnet bor numera på Dolda gatan sju.</p>",
    "word/comments.xml": '<w:t>Vittnet bor </w:t></w:r><w:r><w:t xml:space="preserve">numera på Dolda</w:t>',
    "word/header9.xml": "<w:t>Vitt</w:t><w:t>net bor numera på Dol</w:t><w:t>da gatan</w:t>",
    "word/media/image.xml": '<pic alt="vittnet  bor\nnumera p&#229; Dolda gatan"/>',
    "word/Vittnet bor numera på Dolda gatan.xml": "",
}


def test_secret_is_found_in_whatever_part_of_a_file_it_hides(town: World) -> None:
    paper = publish(town)
    secret = [Withheld("Vittnet bor numera på Dolda gatan sju.", "§ 4")]
    assert leaks(secret, texts_in(Finished(paper.docx, paper.html))) == ()
    for part, content in HIDING_PLACES.items():
        file = BytesIO(paper.docx)
        with zipfile.ZipFile(file, "a") as package:
            package.writestr(part, content)
        found = leaks(secret, texts_in(Finished(file.getvalue(), paper.html)))
        assert ("vittnet bor numera på", "§ 4") in found, part


def test_leak_in_the_step_leaves_the_approved_minutes_sent(make_world: MakeWorld) -> None:
    world = make_world(PUBLISHING)
    leaky = RECORD.replace("Vi talade om torget.", "Vi hörde att vittnet bor numera på Dolda gatan.")
    done = world.until("2027-02-23", leaky)
    assert world.papers("public_minutes") == []
    assert world.told("approved", meeting(world)) == ["kia.holm", "pia.polis", "siv.sand"]
    assert [each.what for each in done if "offentlig" in each.what] == [
        "protokoll (justerat) till 3; offentlig version gjordes inte, se sidan Justering"
    ]
