"""Every key of the configuration: its kind, its default, what it means and an example. The JSON Schema for editors and
docs/reference/config.md are made from this file and nothing else. Cross-references are checked in `checks`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from governance.config.kinds import (
    Clock,
    Day,
    DayOff,
    Days,
    Email,
    FreePeriod,
    Ident,
    Line,
    Lines,
    Minutes,
    Phone,
    Port,
    Season,
    Several,
    Text,
    Web,
    Whole,
    Word,
    Wordlist,
    Yes,
)
from governance.model.body import Confidentiality, Door, Formality, ItemKind, ItemSource, ProductKind, Tier
from governance.model.cadence import ClashRule
from governance.model.people import OrganisationType, Role


class Keys(BaseModel):
    """A set of keys. Unknown ones are refused; `example` is YAML for the reference."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def _key(description: str, example: Any = None, default: Any = None, **more: Any) -> Any:
    return Field(default, description=description, examples=None if example is None else [example], **more)


def _must(description: str, example: Any, **more: Any) -> Any:
    return Field(..., description=description, examples=[example], **more)


class Contact(Keys):
    """Kontaktpunkten enligt 12 § 2: står i varje handlings sidfot och är avsändare av all e-post."""

    name: Line = _must("Namnet på kontaktpunkten.", "Trygghetssamordnaren")
    email: Email = _must("Adressen dit invånare och andra skriver.", "trygghet@exempel.example")
    phone: Phone = _key("Telefonnummer.", "0123-45 60 00", "")
    address: Line = _key("Postadress, för sidfoten.", "Stadshuset, 123 45 Exempelstad", "")
    web: Line = _key("Webbsida.", "exempel.example/trygghet", "")


class MunicipalityKeys(Keys):
    """Kommunen själv."""

    name: Line = _must("Kommunens namn.", "Exempelkommun")
    id: Ident = _key("Kort namn i databasen; annars görs det av namnet.", "exempelkommun", "")
    timezone: Line = _key("Tidszon.", "Europe/Stockholm", "Europe/Stockholm")
    language: Literal["sv"] = _key("Språket i handlingar och e-post.", "sv", "sv")
    contact: Contact = _must("Kontaktpunkten.", {"name": "Trygghetssamordnaren", "email": "trygghet@exempel.example"})
    lead_committee: Line = _key(
        "Organet som leder arbetet och rapporterar till fullmäktige (13 §): ett organ nedan eller ett namn.",
        "kommunstyrelsen",
        "",
    )
    coordination_function: Lines = _key("Personerna i samordningsfunktionen (11 §).", ["anna.lind"], ())
    case_number: Line = _key("Hur diarienummer ser ut här; angivna nummer prövas mot det.", "KS {year}-{number}", "")
    base_url: Web = _key("Adressen till webbsidorna, för länkar i e-post.", "https://kadens.exempel.example", "")
    publish: Several[Literal["dates", "minutes", "follow-ups", "products"]] = _key(
        "Vad alla får se utan att logga in: organens möten (dates), protokollens offentliga versioner (minutes), "
        "beslutade uppföljningar (follow-ups) och handlingar med public: true (products). Tomt: ingen offentlig sida.",
        ["dates", "minutes"],
        (),
    )
    report_to_assembly: Literal["every year", "every half-year", "every quarter", "every tertial"] = _key(
        "Hur ofta arbetet rapporteras till fullmäktige (13 §).", "every year", "every year"
    )


class Semesters(Keys):
    """Terminerna, för rytmer som räknas per termin."""

    spring: Season = _key("Vårterminen.", "week 3-22")
    autumn: Season = _key("Höstterminen.", "week 34-50")


class Calendar(Keys):
    """Kommunens arbetsdagar: lediga dagar, uppehåll och vad som händer när ett möte krockar med dem."""

    days_off: Several[DayOff] = _key(
        "Lediga dagar: public-holidays (helgdagar), eves (aftnar), squeeze-days (klämdagar) eller datum.",
        ["public-holidays", "eves", "2027-05-07"],
        ("public-holidays", "eves"),
    )
    recess: Several[FreePeriod] = _key(
        "Uppehåll varje år, då inga möten hålls: veckor, månad-dag eller datum.", ["week 28-31", "12-21..01-06"], ()
    )
    on_clash: ClashRule = _key("Vad som händer med ett möte på en ledig dag.", "next-working-day", "next-working-day")
    semesters: Semesters = _key(
        "När terminerna börjar och slutar.", {"spring": "week 3-22", "autumn": "week 34-50"}, Semesters()
    )


class OrganisationKeys(Keys):
    """En part i samverkan."""

    name: Line = _must("Organisationens namn.", "Polismyndigheten")
    type: OrganisationType = _key("Vad för slags organisation.", "police", "other")


class PersonKeys(Keys):
    """En person som kan ha en plats och få e-post."""

    name: Line = _must("För- och efternamn.", "Anna Lind")
    email: Email = _must("Personens e-postadress i tjänsten.", "anna.lind@exempel.example")
    organisation: Line = _must("Organisationen personen kommer från.", "kommunen")
    title: Line = _key("Titel.", "Säkerhetschef", "")
    phone: Phone = _key("Telefonnummer i tjänsten.", "0123-45 60 01", "")


class RhythmKeys(Keys):
    """En rytm: hur ofta, vilken dag och när på dagen."""

    every: Word | None = _key(
        "Hur ofta: week, odd week, even week, 2 weeks, month, 4 months, quarter, tertial, half-year, year, 2 years, "
        "term-of-office (mandatperiod).",
        "month",
    )
    on: Wordlist = _key(
        "Vilken dag: tuesday, first tuesday, last working day, tuesday nearest 15, 15.", "first tuesday", ()
    )
    at: Clock | None = _key("När på dagen, inom citattecken; bara starttid går också bra.", "09:00-11:30")
    in_: Wordlist = _key("Vilka månader.", ["april", "october"], (), alias="in")
    except_: Wordlist = _key("Månader utan möte.", ["july"], (), alias="except")
    from_: Word | None = _key("Var räkningen börjar: datum, månad eller år.", "2027-02", alias="from")
    times: Annotated[
        Any,
        WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "object"}]}),
    ] = _key("Hur många gånger, jämnt spridda; eller olika på våren och hösten.", {"spring": 2, "autumn": 1})
    per: Literal["semester", "year", "month"] | None = _key("Vad `times` räknas per.", "semester")
    dates: Wordlist = _key("Utskrivna datum, vart och ett med eller utan tid.", ["2027-02-11", "2027-09-16 10:00"], ())
    before: Word | None = _key("Före ett annat organs möten, som rytmen följer när de flyttas.", "styrgrupp")
    after: Word | None = _key("Efter ett annat organs möten.", "styrgrupp")
    by: Word | None = _key("Hur långt före eller efter.", "10 days")
    on_demand: Yes = _key('Vid behov, detsamma som rytmen "on demand".', True, False)


def _rhythm(value: Any) -> Any:
    if isinstance(value, str):
        return {"on_demand": True} if value == "on demand" else {"every": value}
    return value


class SeatKeys(Keys):
    """En plats i ett organ. Utan `held_by` är den vakant."""

    role: Role = _must("Uppgiften i organet.", "member")
    title: Line = _key("Befattningen som platsen hör till.", "Kommunpolis", "")
    organisation: Line = _key("Organisationen; annars innehavarens.", "polisen", "")
    held_by: Lines = _key("Vem som har platsen, eller flera.", "anna.lind", ())
    from_: Day | None = _key("Första dagen på platsen.", "2026-01-01", alias="from")
    until: Day | None = _key("Sista dagen på platsen.", "2026-12-31")
    presenter: Yes = _key("Om personen är föredragande.", True, False)
    leading_position: Yes = _key("Om personen har ledande ställning hos sin organisation (10 §).", True, False)
    for_: Line = _key(
        "Vem en personlig ersättare ersätter: en person eller en plats titel.", "anna.lind", "", alias="for"
    )
    alternate: Line = _key("Den som växlar med innehavaren: en person eller en plats titel.", "per.berg", "")


class LeadTimeKeys(Keys):
    """Hur långt före och efter mötet varje steg sker: "7 days", "4 working days", "6 weeks", "3 months"."""

    invitation: Word | None = _key("Kalenderinbjudan, före mötet.", "6 weeks")
    status_request: Word | None = _key("Frågorna går ut, före mötet.", "4 working days")
    status_close: Word | None = _key("Sista svarsdag, före mötet.", "1 working day")
    agenda: Word | None = _key("Dagordningen skickas, före mötet.", "1 working day")
    minutes: Word | None = _key("Protokoll eller minnesanteckningar, efter mötet.", "2 working days")
    approval: Word | None = _key("Justering, efter mötet.", "14 days")


class AgendaKeys(Keys):
    """En stående punkt på dagordningen."""

    title: Line = _must("Punktens rubrik.", "Uppföljning av åtgärder")
    kind: ItemKind = _key("Vad för slags punkt.", "follow-up", "information")
    source: ItemSource | None = _key("Varifrån punkten hämtar sitt innehåll.", "action-items")
    presenter: Line = _key("Vem som föredrar: en titel eller ett namn.", "Kommunpolis", "")
    time: Minutes | None = _key("Hur lång tid punkten får.", "20 min")
    text: Text = _key("Text under rubriken.", "Läget i korthet.", "")
    proposal: Text = _key("Förslag till beslut.", "Gruppen godkänner dagordningen.", "")
    confidentiality: Confidentiality = _key("Hur punkten märks på handlingen.", "internal", "public")


class ChangeKeys(Keys):
    """En ändring av ett enda möte."""

    cancelled: Line = _key("Mötet ställs in, av detta skäl.", "Utbildningsdag", "")
    to: Word | None = _key("Mötet flyttas till ett datum, med eller utan tid.", "2027-04-14 10:30-11:30")
    reason: Line = _key("Skälet till flytten.", "Krock med kommunfullmäktige", "")


Rhythm = Annotated[
    RhythmKeys,
    BeforeValidator(_rhythm),
    WithJsonSchema({"anyOf": [{"$ref": "#/$defs/RhythmKeys"}, {"enum": ["on demand"]}]}),
]


class BodyKeys(Keys):
    """Ett organ: en grupp, ett råd eller en nämnd som möts."""

    name: Line = _must("Organets namn.", "Operativa gruppen")
    tier: Tier = _must("Nivån i organisationen.", "operational")
    formality: Formality = _key(
        "Hur formellt: statutory (nämnd), regulated (råd, styrgrupp) eller informal; styr handlingar och frister.",
        "informal",
        "informal",
    )
    rhythm: Rhythm = _must("När organet möts.", {"every": "week", "on": "tuesday", "at": "09:00-10:00"})
    reports_to: Line = _key("Organet det rapporterar till.", "styrgrupp", "")
    mandate: Text = _key("Vad organet ansvarar för.", "Ansvarar för det kortsiktiga arbetet.", "")
    scope: Lines = _key("Vad organet arbetar med.", ["allmän plats", "trygghet"], ())
    aliases: Lines = _key("Andra namn på organet.", ["EST-gruppen"], ())
    place: Line = _key("Var organet möts.", "Stadshuset, Lilla salen", "")
    seats: tuple[SeatKeys, ...] = _key("Platserna i organet.", [{"role": "chair", "held_by": "anna.lind"}], ())
    lead_times: LeadTimeKeys = _key(
        "Frister; det som utelämnas följer `formality`.", {"agenda": "7 days"}, LeadTimeKeys()
    )
    reminders: Wordlist = _key("Påminnelser före sista svarsdag, bara till den som inte svarat.", ["1 working day"], ())
    agenda: tuple[AgendaKeys, ...] = _key("Dagordningens stående punkter.", [{"title": "Mötets öppnande"}], ())
    asks: Lines = _key("Vad ledamöterna får frågor om före varje möte.", ["Nya händelser", "Otrygga platser"], ())
    produces: Several[ProductKind] = _key("Vad organet tar fram vid sina möten.", ["weekly-situation-picture"], ())
    changes: dict[str, ChangeKeys] = _key(
        "Enstaka möten som ställs in eller flyttas, efter mötets datum enligt rytmen.",
        {"2027-03-16": {"cancelled": "Utbildningsdag"}},
        {},
    )
    numbering: Literal["yearly-paragraph", "per-meeting"] | None = _key(
        "Hur besluten numreras; annars efter `formality`.", "yearly-paragraph"
    )
    attendee_list: Literal["self", "all"] = _key(
        "Om inbjudan visar alla deltagare eller bara mottagaren.", "all", "self"
    )
    external: Yes = _key("Om möten och handlingar sköts i ett annat system, så att bara datumen behövs.", True, False)
    fulfils: Several[Literal["strategic-council", "local-council"]] = _key(
        "Rollen enligt lagen: strategic-council är rådet i 10 §.", "strategic-council", ()
    )
    starts: Day | None = _key("Organets första dag.", "2027-01-01")
    ends: Day | None = _key("Organets sista dag.", "2027-12-31")
    appointed_by: Line = _key("Vem som tillsätter organet: ett organ eller ett namn.", "kommunstyrelsen", "")
    succeeds: Lines = _key("Organ som detta efterträder.", ["gamla-radet"], ())
    status: Literal["active", "under-development", "paused"] = _key("Om organet är i gång.", "active", "active")
    recess: Several[FreePeriod] | None = _key("Egna uppehåll i stället för kalenderns.", ["12-21..01-06"])
    on_clash: ClashRule | None = _key("Egen regel för krockar i stället för kalenderns.", "same-week")
    duration: Minutes = _key("Mötets längd när rytmen bara säger när det börjar.", "90 min", 60)
    address: Email = _key("Organets egen brevlåda; annars kontaktpunktens.", "radet@exempel.example", "")


class ProductKeys(RhythmKeys):
    """En handling med egen rytm."""

    kind: ProductKind = _must("Vad för slags handling.", "annual-follow-up")
    title: Line = _key("Handlingens namn.", "Årlig uppföljning", "")
    prepared_by: Line = _key("Organet eller personen som tar fram den.", "beredningsgrupp", "")
    endorsed_by: Line = _key("Organet som ställer sig bakom den.", "styrgrupp", "")
    decided_by: Line = _key("Organet som beslutar om den.", "kommunstyrelsen", "")
    to: Lines = _key("Organen som får den.", "styrgrupp", ())
    public: Yes = _key("Om den publiceras.", True, False)
    lead_time: Word | None = _key("Hur långt före den är klar som arbetet börjar; annars 28 dagar.", "28 days")


class SituationPictureKeys(Keys):
    """Lägesbilden (4 och 6 §§)."""

    established: Day | None = _key("När den senast fastställdes.", "2025-06-10")
    areas: Lines = _key("Områdena, om kommunen har en lägesbild för varje.", ["hela kommunen"], ("hela kommunen",))


class ActionPlanKeys(Keys):
    """Åtgärdsplanen (5 och 6 §§)."""

    decided: Day | None = _key("När den beslutades.", "2025-06-17")
    decided_by: Line = _key("Organet som beslutade: ett organ nedan eller ett namn.", "kommunstyrelsen", "")
    followed_up: Day | None = _key("När den senast följdes upp.", "2026-06-16")
    case_number: Line = _key("Diarienummer.", "KS 2025-112", "")
    prepared_by: Line = _key("Organet som bereder den.", "brottsforebyggande-rad", "")
    endorsed_by: Line = _key("Organet som ställer sig bakom den.", "styrgrupp", "")


class LawKeys(Keys):
    """Det som lag (2023:196) kräver och som kommunen har gjort."""

    situation_picture: SituationPictureKeys | None = _key("Lägesbilden.", {"established": "2025-06-10"})
    action_plan: ActionPlanKeys | None = _key(
        "Åtgärdsplanen.", {"decided": "2025-06-17", "decided_by": "kommunstyrelsen"}
    )


class DutiesKeys(Keys):
    """Lagens krav."""

    law_2023_196: LawKeys = _key(
        "Lagen om kommuners ansvar för brottsförebyggande arbete.",
        {"situation_picture": {"established": "2025-06-10"}},
        LawKeys(),
    )


class PlanKeys(Keys):
    """Planen som preciserar en överenskommelse."""

    every: Literal["year", "2 years"] = _key("Hur ofta planen görs om.", "year", "year")
    decided_by: Line = _key("Organet som beslutar planen.", "styrgrupp", "")


class AgreementKeys(Keys):
    """En skriftlig överenskommelse om samverkan (9 §)."""

    title: Line = _key("Överenskommelsens namn.", "Samverkansöverenskommelse med polisen", "")
    parties: Lines = _must("Parterna.", ["kommunen", "polisen"])
    valid: Days = _must("Från och till och med.", "2024-01-01..2027-12-31")
    purposes: Lines = _key("Ändamålen med samverkan (9 §).", ["Öka tryggheten"], ())
    areas: Lines = _key("Områdena för samverkan (9 §).", ["Resecentrum"], ())
    succeeds: Lines = _key("Överenskommelser som denna efterträder.", ["polisen-2020"], ())
    signed: Day | None = _key("När den undertecknades.", "2023-12-14")
    case_number: Line = _key("Diarienummer.", "KS 2023-310", "")
    plan: PlanKeys | None = _key("Planen som preciserar den.", {"every": "year", "decided_by": "styrgrupp"})


class DeliveryKeys(Keys):
    """Hur e-post lämnar systemet. Användare och lösenord kommer från miljön, aldrig från filen."""

    mail: Literal["dry-run", "folder", "smtp"] = _key("Ingenstans, till en mapp, eller på riktigt.", "folder", "folder")
    folder: Line = _key("Mappen; annars kommunens mapp mejl bland data.", "post", "")
    host: Line = _key("E-postserverns namn.", "smtp.exempel.example", "localhost")
    port: Port = _key("E-postserverns port.", 587, 25)
    starttls: Yes = _key("Om förbindelsen krypteras med STARTTLS.", True, False)
    per_minute: Whole = _key("Högst så många brev i minuten.", 30, 30)


class SignInKeys(Keys):
    """Hur man loggar in på webbsidorna. Inloggningens hemlighet kommer från miljön (`KADENS_OIDC_SECRET`)."""

    door: Door = _key("Länk med e-post, kommunens inloggning (OpenID Connect) eller en proxy.", "oidc", "mail-link")
    issuer: Web = _key("oidc: utfärdarens adress.", "https://login.microsoftonline.com/TENANT/v2.0", "")
    client_id: Line = _key("oidc: kadens id hos utfärdaren.", "9a1c", "")
    trust_email: Yes = _key(
        "oidc: om en adress som utfärdaren har bekräftat gäller utan kod med e-post första gången.", True, False
    )
    mail_link: Yes = _key("oidc och proxy: om även länk med e-post får användas, för dem utan konto.", True, False)
    header: Line = _key("proxy: rubriken som bär e-postadressen.", "X-Remote-User", "X-Remote-User")
    from_: Lines = _key(
        "Proxyns adresser eller nät; det som kommer från andra tros inte.", ["10.0.0.5"], (), alias="from"
    )


class AccessKeys(Keys):
    """Vem som får göra vad utöver det platserna ger."""

    admin: Lines = _key("Får allt.", ["anna.lind"], ())
    reader: Lines = _key("Får läsa allt som inte är sekretess.", ["per.berg"], ())


People = Annotated[
    dict[str, PersonKeys],
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "object", "additionalProperties": {"$ref": "#/$defs/PersonKeys"}},
                {"type": "string", "pattern": r"\.ya?ml$"},
            ]
        }
    ),
]


class Config(Keys):
    """En kommuns organisation för det brottsförebyggande arbetet, vem som sitter var och hur ofta man möts."""

    municipality: MunicipalityKeys = _must("Kommunen.", {"name": "Exempelkommun"})
    calendar: Calendar = _key("Arbetsdagar och uppehåll.", {"recess": ["week 28-31"]}, Calendar())
    organisations: dict[str, OrganisationKeys] = _key(
        "Organisationerna som samverkar.", {"polisen": {"name": "Polismyndigheten", "type": "police"}}, {}
    )
    people: People = _key("Personerna, eller namnet på en egen fil med dem.", "people.yaml", {})
    bodies: dict[str, BodyKeys] = _key("Organen.", {"styrgrupp": {"name": "Styrgruppen"}}, {})
    products: dict[str, ProductKeys] = _key(
        "Handlingar med egen rytm.", {"kvartalsanalys": {"kind": "in-depth-analysis", "every": "quarter"}}, {}
    )
    duties: DutiesKeys = _key("Lagens krav.", {"law_2023_196": {}}, DutiesKeys())
    agreements: dict[str, AgreementKeys] = _key(
        "Överenskommelser om samverkan.", {"polisen-2024": {"parties": ["kommunen", "polisen"]}}, {}
    )
    delivery: DeliveryKeys = _key("Hur e-post lämnar systemet.", {"mail": "folder"}, DeliveryKeys())
    access: AccessKeys = _key("Behörigheter utöver platserna.", {"admin": ["anna.lind"]}, AccessKeys())
    sign_in: SignInKeys = _key("Inloggning.", {"door": "mail-link"}, SignInKeys())
    retention: dict[str, Line] = _key("Hur länge varje slags handling bevaras.", {"agenda": "bevaras"}, {})
