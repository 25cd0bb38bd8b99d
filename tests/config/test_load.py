"""Files and folders to municipalities, and what a right configuration becomes in the model."""

from datetime import date, time
from pathlib import Path

from governance.config import Problem, fingerprint, load
from governance.model.cadence import Change, DateSpan, DaySpan, Span, WeekSpan
from governance.model.deadlines import LeadTime, default_lead_times
from tests.config.reading import RIGHT, made

HOUSE = Path(__file__).parents[2]
PEOPLE = RIGHT[RIGHT.index("people:\n") : RIGHT.index("bodies:\n")]
APART = RIGHT.replace(PEOPLE, "people: people.yaml\n")
PEOPLE_FILE = "\n".join(line.removeprefix("  ") for line in PEOPLE.splitlines()[1:]) + "\n"


def _lines(path):
    return [str(problem) for problem in load(path).problems]


def test_the_bundled_configuration_loads_without_a_word():
    loaded = load(HOUSE / "config.yaml")
    assert loaded.problems == ()
    assert [(m.id, m.name, list(m.bodies)) for m in loaded.municipalities] == [
        (
            "storans-kommun",
            "Storåns kommun",
            ["operativ-grupp", "beredningsgrupp", "brottsforebyggande-rad", "styrgrupp", "kommunstyrelsen"],
        )
    ]


def test_a_folder_gives_its_municipalities_by_file_name(tmp_path):
    (tmp_path / "b.yaml").write_text(RIGHT.replace("name: Exempelkommun\n", "name: Ö kommun\n"), encoding="utf-8")
    (tmp_path / "a.yml").write_text(APART, encoding="utf-8")
    (tmp_path / "people.yaml").write_text(PEOPLE_FILE, encoding="utf-8")
    loaded = load(tmp_path)
    assert ([m.id for m in loaded.municipalities], loaded.problems) == (["exempelkommun", "o-kommun"], ())


def test_two_municipalities_of_one_id_are_told_apart(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(RIGHT, encoding="utf-8")
    loaded = load(tmp_path)
    assert [m.id for m in loaded.municipalities] == ["exempelkommun"]
    assert _lines(tmp_path) == [
        (
            f'{tmp_path / "b.yaml"}:1: municipality.id: "exempelkommun" är redan id för kommunen i '
            f"{tmp_path / 'a.yaml'}; ge den ena ett eget id"
        )
    ]


def test_a_missing_file_and_an_empty_folder_are_problems(tmp_path):
    assert _lines(tmp_path / "nix.yaml") == [
        f"{tmp_path / 'nix.yaml'}:1: filen finns inte; kontrollera namnet eller kör kadens init för ett exempel"
    ]
    assert _lines(tmp_path) == [
        f"{tmp_path}:1: mappen har ingen fil som slutar på .yaml; kör kadens init för ett exempel"
    ]


def test_people_in_a_file_of_their_own_bring_problems_in_its_name(tmp_path):
    (tmp_path / "config.yaml").write_text(APART, encoding="utf-8")
    people = tmp_path / "people.yaml"
    people.write_text(PEOPLE_FILE, encoding="utf-8")
    assert load(tmp_path / "config.yaml").municipalities == (made(),)
    people.write_text(PEOPLE_FILE.replace("organisation: polisen", "organisation: polsen"), encoding="utf-8")
    assert _lines(tmp_path / "config.yaml") == [
        f'{people}:2: people.per.berg.organisation: "polsen" är ingen organisation i filen; menade du "polisen"?'
    ]


def test_a_file_of_people_that_is_not_there_is_told_once(tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text(APART, encoding="utf-8")
    assert _lines(config) == [
        f'{config}:7: people: filen "people.yaml" med personer finns inte bredvid konfigurationen'
    ]


def test_an_error_keeps_the_municipality_out_and_a_warning_does_not(tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text(RIGHT.replace("role: chair", "role: member"), encoding="utf-8")
    assert [len(load(config).municipalities), load(config).errors] == [1, ()]
    config.write_text(RIGHT.replace("role: chair", "role: chiar"), encoding="utf-8")
    assert [len(load(config).municipalities), len(load(config).errors)] == [0, 1]


def test_problems_sort_by_file_and_line():
    late, early = Problem("a.yaml", 10, "x", "fel"), Problem("a.yaml", 9, "y", "fel")
    assert sorted([Problem("b.yaml", 1, "", "fel"), late, early])[:2] == [early, late]


def test_the_fingerprint_follows_every_byte_and_the_people(tmp_path):
    config, people = tmp_path / "config.yaml", tmp_path / "people.yaml"
    config.write_text(APART, encoding="utf-8")
    people.write_text(PEOPLE_FILE, encoding="utf-8")
    first = fingerprint(config)
    assert (len(first), fingerprint(config)) == (64, first)
    people.write_text(PEOPLE_FILE + "# mer\n", encoding="utf-8")
    second = fingerprint(config)
    config.write_text(APART + "# mer\n", encoding="utf-8")
    assert len({first, second, fingerprint(config)}) == 3


def test_a_body_takes_every_key():
    """Each key of the reference's table of bodies, in the model's terms."""
    more = """\
    formality: regulated
    fulfils: [strategic-council]
    scope: allmän plats
    aliases: [Rådet]
    numbering: yearly-paragraph
    attendee_list: all
    recess: [week 51-1, "06-20..08-15", 2027-02-22..2027-02-26]
    on_clash: skip
    starts: 2026-01-01
    ends: 2028-12-31
    appointed_by: Kommunfullmäktige
    status: active
    duration: 90 min
    address: radet@exempel.example
    lead_times: {agenda: 5 days}
    reminders: 2 days
    asks: Läget
    produces: weekly-situation-picture
    agenda: [{title: Start, kind: formality, time: 5 min, confidentiality: internal}]
    changes: {2027-03-02: {to: "2027-03-03 13:00-14:00", reason: Krock}, 2027-04-06: {cancelled: Kurs}}
"""
    body = made(RIGHT.replace("    tier: steering\n", "    tier: steering\n" + more)).bodies["styrgrupp"]
    usual = default_lead_times("regulated")
    assert body.lead_times.agenda == LeadTime(5, "days")
    assert body.lead_times.invitation == usual.invitation
    assert body.lead_times.reminders == (LeadTime(2, "days"),)
    assert body.recess == (
        WeekSpan(51, 1),
        DaySpan((6, 20), (8, 15)),
        DateSpan(date(2027, 2, 22), date(2027, 2, 26)),
    )
    assert body.changes == {
        date(2027, 3, 2): Change(to=date(2027, 3, 3), span=Span(time(13), time(14)), reason="Krock"),
        date(2027, 4, 6): Change(cancelled=True, reason="Kurs"),
    }
    assert (body.scope, body.asks, body.produces, body.duration) == (
        ("allmän plats",),
        ("Läget",),
        ("weekly-situation-picture",),
        90,
    )
    assert (body.agenda[0].minutes, body.agenda[0].confidentiality, body.on_clash) == (5, "internal", "skip")


def test_a_seat_takes_its_organisation_from_its_holder():
    seats = made().bodies["styrgrupp"].seats
    assert [seat.organisation for seat in seats] == ["kommunen", "polisen"]


def test_the_top_keys_load():
    text = RIGHT + (
        "access: {admin: [anna.lind]}\nretention: {agenda: bevaras}\n"
        "sign_in: {door: oidc, issuer: 'https://id.exempel.example', client_id: kadens}\n"
        "delivery: {mail: smtp, host: smtp.exempel.example, port: 587, starttls: true, per_minute: 10}\n"
    )
    municipality = made(text)
    assert (municipality.access, municipality.retention) == ({"admin": ("anna.lind",)}, {"agenda": "bevaras"})
    assert (municipality.delivery.host, municipality.delivery.port, municipality.delivery.starttls) == (
        "smtp.exempel.example",
        587,
        True,
    )
