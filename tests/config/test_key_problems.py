"""Keys and values that the schema refuses, and what the whole configuration shows: exact lines, with the remedy."""

from governance.config.problem import Problem
from tests.config.reading import RIGHT, problems, spoiled, with_lines

BODY = "    tier: steering\n"


def in_body(line):
    """The problem lines with one more key, on line 14, in the body."""
    return spoiled(BODY, f"{BODY}    {line}\n")


def test_an_unknown_key_names_the_nearest_right_one():
    """teir: steering"""
    assert spoiled("tier:", "teir:") == [
        'config.yaml:13: bodies.styrgrupp.teir: okänd nyckel "teir"; menade du "tier"?'
    ]


def test_an_unknown_key_like_no_other_lists_the_right_ones():
    assert spoiled("type: police", "qqq: police") == [
        'config.yaml:6: organisations.polisen.qqq: okänd nyckel "qqq"; välj name eller type'
    ]


def test_a_wrong_word_names_the_nearest_right_one_also_from_swedish():
    assert spoiled("tier: steering", "tier: stering") == [
        'config.yaml:13: bodies.styrgrupp.tier: "stering" är inget giltigt ord här; menade du "steering"?'
    ]
    assert spoiled("role: member", "role: ledamot") == [
        'config.yaml:17: bodies.styrgrupp.seats[2].role: "ledamot" är inget giltigt ord här; menade du "member"?'
    ]


def test_a_wrong_kind_of_value_is_refused():
    assert spoiled("name: Styrgruppen", "name: [a, b]") == [
        "config.yaml:12: bodies.styrgrupp.name: här ska det stå text, inte en lista"
    ]
    assert spoiled("name: Styrgruppen", "name: true") == [
        (
            "config.yaml:12: bodies.styrgrupp.name: "
            'här ska det stå text, inte true; sätt citattecken om det är text: "true"'
        )
    ]
    assert in_body("lead_times: 3") == [
        "config.yaml:14: bodies.styrgrupp.lead_times: här ska det stå nycklar med värden"
    ]
    assert in_body("agenda: {title: Start}") == [
        (
            "config.yaml:14: bodies.styrgrupp.agenda: "
            "här ska det stå en lista, med ett streck först på varje rad eller som [ett, två]"
        )
    ]
    assert in_body("asks: [Läget, null]") == [
        "config.yaml:14: bodies.styrgrupp.asks[2]: här ska det stå text; raden är tom"
    ]


def test_numbers_and_truths_are_refused_in_other_dress():
    assert with_lines('delivery: {port: "25", per_minute: 0, starttls: ja}') == [
        "config.yaml:18: delivery.per_minute: 0 är för litet; skriv ett heltal från 1",
        "config.yaml:18: delivery.port: talet 25 ska stå utan citattecken",
        'config.yaml:18: delivery.starttls: skriv true eller false, inte "ja"',
    ]


def test_a_date_that_does_not_exist_is_refused_everywhere():
    wrong = "datumet 2027-02-30 finns inte; februari 2027 har 28 dagar"
    assert in_body("starts: 2027-02-30") == [f"config.yaml:14: bodies.styrgrupp.starts: {wrong}"]
    assert with_lines("calendar: {recess: [week 28, 2027-02-25..2027-02-30]}") == [
        f"config.yaml:18: calendar.recess[2]: {wrong}"
    ]
    assert in_body("changes: {2027-02-30: {cancelled: Sjukdom}, 2027-03-02: {to: 2027-02-30}}") == [
        f"config.yaml:14: bodies.styrgrupp.changes.2027-02-30: {wrong}",
        f"config.yaml:14: bodies.styrgrupp.changes.2027-03-02.to: {wrong}",
    ]
    assert spoiled("{every: month, on: first tuesday, ", "{dates: [2027-02-30], ") == [
        f"config.yaml:14: bodies.styrgrupp.rhythm.dates: {wrong}"
    ]


def test_a_time_that_is_skipped_in_spring_is_refused():
    assert spoiled("09:00-10:00", "02:30-03:30") == [
        (
            "config.yaml:14: bodies.styrgrupp.rhythm.at: "
            "klockslaget 02:30 finns inte när klockan ställs om till sommartid; välj en annan tid"
        )
    ]


def test_an_end_before_the_start_is_refused():
    assert spoiled("09:00-10:00", "10:00-09:00") == [
        'config.yaml:14: bodies.styrgrupp.rhythm.at: mötet slutar (09:00) innan det börjar (10:00); skriv "start-slut"'
    ]
    assert spoiled("held_by: per.berg", "held_by: per.berg, from: 2027-01-01, until: 2026-12-31") == [
        (
            "config.yaml:17: bodies.styrgrupp.seats[2].until: "
            "platsen slutar (2026-12-31) innan den börjar (2027-01-01); byt plats på datumen"
        )
    ]
    assert in_body("starts: 2027-02-01\n    ends: 2027-01-01") == [
        "config.yaml:15: bodies.styrgrupp.ends: organet upphör (2027-01-01) innan det börjar (2027-02-01)"
    ]


def test_a_person_without_an_address_is_refused():
    assert spoiled(", email: per.berg@polisen.example", "") == [
        'config.yaml:9: people.per.berg: nyckeln "email" saknas; skriv till exempel email: anna.lind@exempel.example'
    ]


def test_an_address_that_would_smuggle_headers_is_refused():
    r"""email: "per@polisen.example\r\nBcc: x@y.example" """
    assert spoiled("email: per.berg@polisen.example", r'email: "per@polisen.example\r\nBcc: x@y.example"') == [
        (
            "config.yaml:9: people.per.berg.email: texten har ett osynligt styrtecken; "
            "ta bort det omvända snedstrecket eller tecknet"
        )
    ]
    assert spoiled("email: per.berg@polisen.example", "email: per.berg") == [
        (
            'config.yaml:9: people.per.berg.email: "per.berg" är ingen e-postadress; '
            "skriv till exempel anna.lind@exempel.example"
        )
    ]


def test_a_secret_in_delivery_points_to_the_environment():
    assert with_lines("delivery: {mail: smtp, password: hemligt}") == [
        (
            'config.yaml:18: delivery.password: "password" hör inte hemma i filen; '
            "sätt KADENS_SMTP_USER och KADENS_SMTP_PASSWORD i miljön där kadens körs"
        )
    ]


def test_references_to_nothing_are_refused():
    assert spoiled("held_by: per.berg", "held_by: [anna.lind, per.bergg]") == [
        (
            "config.yaml:17: bodies.styrgrupp.seats[2].held_by[2]: "
            '"per.bergg" är ingen person i filen; menade du "per.berg"?'
        )
    ]
    assert spoiled("organisation: polisen", "organisation: skolan") == [
        (
            'config.yaml:9: people.per.berg.organisation: "skolan" är ingen organisation i filen; '
            "lägg till nyckeln skolan under organisations eller rätta namnet"
        )
    ]
    assert in_body("reports_to: styrgrup") == [
        'config.yaml:14: bodies.styrgrupp.reports_to: "styrgrup" är inget organ i filen; menade du "styrgrupp"?'
    ]
    assert with_lines("products: {analys: {kind: other, every: quarter, to: styrgrup}}") == [
        'config.yaml:18: products.analys.to: "styrgrup" är inget organ i filen; menade du "styrgrupp"?'
    ]
    assert with_lines("access: {admin: olle}") == [
        (
            'config.yaml:18: access.admin: "olle" är ingen person i filen; '
            "lägg till nyckeln olle under people eller rätta namnet"
        )
    ]


def test_an_organ_may_be_a_name_but_no_misspelt_id():
    duty = "duties: {law_2023_196: {action_plan: {decided_by: %s}}}"
    assert with_lines(duty % "Kommunfullmäktige") == []
    assert with_lines(duty % "styrgruppp") == [
        (
            "config.yaml:18: duties.law_2023_196.action_plan.decided_by: "
            '"styrgruppp" är inget organ i filen; menade du "styrgrupp"?'
        )
    ]


def test_circles_are_refused_once():
    other = "  rad: {name: Rådet, tier: council, external: true, %s}\n"
    text = RIGHT.replace('{every: month, on: first tuesday, at: "09:00-10:00"}', "{after: rad, by: 1 hour}")
    text = text.replace(BODY, f"{BODY}    reports_to: rad\n    succeeds: rad\n")
    ring = "reports_to: styrgrupp, succeeds: [styrgrupp], rhythm: {before: styrgrupp, by: 3 days}"
    assert problems(text + other % ring) == [
        (
            "config.yaml:14: bodies.styrgrupp.reports_to: "
            "organen rapporterar till varandra i en ring (styrgrupp → rad → styrgrupp); ta bort en av raderna"
        ),
        (
            "config.yaml:15: bodies.styrgrupp.succeeds: "
            "de efterträder varandra i en ring (styrgrupp → rad → styrgrupp); ta bort en av raderna"
        ),
        (
            "config.yaml:16: bodies.styrgrupp.rhythm.after: "
            "rytmerna följer varandra i en ring (styrgrupp → rad → styrgrupp); ge ett av organen en egen rytm"
        ),
    ]


def test_chair_convener_and_secretary_need_a_holder():
    for role, word in (("chair", "ordförande"), ("convener", "sammankallande"), ("secretary", "sekreterare")):
        assert spoiled("role: chair, held_by: anna.lind", f"role: {role}, title: Chef")[-1:] == [
            (
                f"config.yaml:16: bodies.styrgrupp.seats[1]: platsen som {word} saknar innehavare; "
                'skriv "held_by" med en person'
            )
        ]


def test_other_seats_may_be_vacant_and_external_organs_have_no_say():
    assert spoiled("role: member, held_by: per.berg", "role: member, title: Kommunpolis") == []
    assert spoiled(BODY + "", BODY + "    external: true\n") == []
    text = RIGHT.replace("role: chair, held_by: anna.lind", "role: chair").replace(BODY, BODY + "    external: true\n")
    assert problems(text) == []


def test_a_body_without_anyone_to_call_it_is_warned_about():
    assert spoiled("role: chair", "role: member") == [
        (
            "config.yaml:15: bodies.styrgrupp.seats: varning: "
            "organet har varken ordförande (chair) eller sammankallande (convener); lägg till en plats"
        )
    ]


def test_the_strategic_council_is_led_by_the_municipality():
    """10 § lag (2023:196)"""
    text = RIGHT.replace(BODY, BODY + "    fulfils: strategic-council\n")
    assert problems(text) == [
        (
            "config.yaml:18: bodies.styrgrupp.seats[2]: varning: "
            "ledamöter utanför kommunen bör ha ledande ställning (10 §); skriv leading_position: true om så är"
        )
    ]
    text = text.replace("held_by: anna.lind", "held_by: per.berg").replace("member, held_by: per.berg", "member")
    assert problems(text) == [
        (
            "config.yaml:17: bodies.styrgrupp.seats[1]: "
            "rådet ska ledas av kommunen (10 §), men ordföranden kommer från Polisen; välj en från kommunen"
        )
    ]


def test_an_agreement_states_purposes_and_areas():
    """9 § lag (2023:196)"""
    assert with_lines("agreements: {polis: {parties: [kommunen, polisen], valid: 2024-01-01..2027-12-31}}") == [
        (
            "config.yaml:18: agreements.polis: överenskommelsen ska ange områdena för samverkan (9 §); "
            'skriv "areas" med minst ett'
        ),
        (
            "config.yaml:18: agreements.polis: överenskommelsen ska ange ändamålen för samverkan (9 §); "
            'skriv "purposes" med minst ett'
        ),
    ]


def test_a_period_ends_after_it_begins():
    agreement = "agreements: {polis: {parties: [polisen], valid: 2024-01-01..2023-12-31, purposes: [a], areas: [b]}}"
    assert with_lines(agreement) == [
        (
            "config.yaml:18: agreements.polis.valid: "
            "perioden slutar (2023-12-31) innan den börjar (2024-01-01); byt plats på datumen"
        )
    ]


def test_a_change_of_a_day_without_a_meeting_is_warned_about():
    assert in_body("changes: {2027-03-03: {cancelled: Sjukdom}}") == [
        (
            "config.yaml:14: bodies.styrgrupp.changes.2027-03-03: varning: "
            "rytmen ger inget möte den dagen, så ändringen får ingen verkan; närmast ligger 2027-03-02"
        )
    ]
    assert in_body("changes: {2027-03-02: {cancelled: Sjukdom}}") == []


def test_a_change_says_one_thing():
    assert in_body("changes: {2027-03-02: {reason: Sjukdom}}") == [
        (
            "config.yaml:14: bodies.styrgrupp.changes.2027-03-02: "
            "skriv antingen cancelled med ett skäl eller to med ett nytt datum"
        )
    ]


def test_an_agenda_that_leaves_before_the_questions_close_is_warned_about():
    assert in_body("lead_times: {status_request: 10 days, status_close: 1 day, agenda: 5 days}") == [
        (
            "config.yaml:14: bodies.styrgrupp.lead_times.agenda: varning: "
            "dagordningen skickas innan frågorna har stängt; korta agenda eller förläng status_close"
        )
    ]


def test_a_lead_time_is_an_amount_and_a_unit():
    assert in_body("lead_times: {minutes: snart}\n    reminders: [1 working day, igår]") == [
        (
            'config.yaml:14: bodies.styrgrupp.lead_times.minutes: "snart" är ingen frist; '
            "skriv ett antal och days, working days, weeks eller months, till exempel 7 days"
        ),
        (
            'config.yaml:15: bodies.styrgrupp.reminders[2]: "igår" är ingen frist; '
            "skriv ett antal och days, working days, weeks eller months, till exempel 7 days"
        ),
    ]


def test_a_case_number_follows_the_local_pattern():
    plan = 'duties: {law_2023_196: {action_plan: {case_number: "%s"}}}\n'
    text = RIGHT.replace("municipality:\n", 'municipality:\n  case_number: "KS {year}-{number}"\n')
    assert problems(text + plan % "KS 2025-112") == []
    assert problems(text + plan % "SN 2") == [
        (
            "config.yaml:19: duties.law_2023_196.action_plan.case_number: "
            '"SN 2" följer inte kommunens mönster; skriv till exempel KS 2025-112'
        )
    ]


def test_ids_that_cannot_stand_in_file_names_are_refused():
    assert spoiled("  styrgrupp:", "  ../Styr grupp:") == [
        (
            "config.yaml:11: bodies.../Styr grupp: "
            "nyckeln får bara ha små bokstäver, siffror, punkt och bindestreck; skriv till exempel styr-grupp"
        )
    ]


def test_two_persons_of_one_address_are_warned_about():
    assert spoiled("per.berg@polisen.example", "Anna.Lind@exempel.example") == [
        (
            "config.yaml:9: people.per.berg.email: varning: "
            "även anna.lind har adressen anna.lind@exempel.example; svar går då inte att skilja åt"
        )
    ]


def test_every_problem_comes_in_one_run_and_in_order():
    """
    bodies:
      a: {nam: A}
      b: {name: B, tier: steering, rhythm: on demand, reports_to: c, seats: [{role: x}, {role: chair}]}
    """
    text = test_every_problem_comes_in_one_run_and_in_order.__doc__
    assert problems(text) == [
        'config.yaml:1: nyckeln "municipality" saknas; skriv till exempel municipality: {name: Exempelkommun}',
        (
            'config.yaml:3: bodies.a: nyckeln "rhythm" saknas; '
            'skriv till exempel rhythm: {every: week, on: tuesday, at: "09:00-10:00"}'
        ),
        'config.yaml:3: bodies.a: nyckeln "tier" saknas; skriv till exempel tier: operational',
        'config.yaml:3: bodies.a.nam: okänd nyckel "nam"; menade du "name"?',
        (
            'config.yaml:4: bodies.b.reports_to: "c" är inget organ i filen; '
            "lägg till nyckeln c under bodies eller rätta namnet"
        ),
        (
            'config.yaml:4: bodies.b.seats[1].role: "x" är inget giltigt ord här; '
            "välj chair, vice-chair, secretary, convener, member, substitute, "
            "standing-co-opted, co-opted eller presenter"
        ),
        'config.yaml:4: bodies.b.seats[2]: platsen som ordförande saknar innehavare; skriv "held_by" med en person',
    ]


def test_a_problem_stays_on_one_line_whatever_it_quotes():
    assert str(Problem("a.yaml", 1, "", "x")) == "a.yaml:1: x"
    assert spoiled("tier: steering", r'tier: "a\nb"') == [
        (
            'config.yaml:13: bodies.styrgrupp.tier: "a b" är inget giltigt ord här; '
            "välj assembly, committee, steering, council, preparatory, operational, working-group eller area"
        )
    ]
