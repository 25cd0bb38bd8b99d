"""What a municipality shows without signing in: what `publish` names, and of that only what is done and cleared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from governance.model.body import Body, Municipality
from governance.papers.rhythms import rhythm_sentence
from governance.secretariat.figures import evidence_of
from governance.secretariat.steps import TWO_YEAR
from governance.store import register_questions
from governance.store.register_questions import PaperLine
from governance.store.tables import Occasion

AHEAD = timedelta(days=365)
MINUTES = "public_minutes"  # the version without what is withheld; nothing else of minutes is ever shown here
TWO_YEAR_DUTIES = frozenset({"situation-picture", "action-plan-follow-up"})  # what 6 § asks for
FOLLOW_UPS = ("annual_follow_up", "two_year_follow_up")


@dataclass(frozen=True, slots=True)
class PublicBody:
    """A body as anybody may know it."""

    body: Body
    rhythm: str
    meetings: tuple[Occasion, ...]


@dataclass(frozen=True, slots=True)
class PublicProduct:
    """Something that is made again and again and published; `coming` is the next day."""

    title: str
    coming: date | None


@dataclass(frozen=True, slots=True)
class PublicPage:
    """Everything on the public page; a part that is not published is empty."""

    bodies: tuple[PublicBody, ...]
    minutes: tuple[PaperLine, ...]
    follow_ups: tuple[PaperLine, ...]
    products: tuple[PublicProduct, ...]


def public_page(session: Session, municipality: Municipality, today: date) -> PublicPage | None:
    """What anybody may see; None where the municipality publishes nothing."""
    if not municipality.publish:
        return None
    papers = public_papers(session, municipality)
    return PublicPage(
        bodies=tuple(_bodies(session, municipality, today)) if "dates" in municipality.publish else (),
        minutes=tuple(each for each in papers if each.kind == MINUTES),
        follow_ups=tuple(each for each in papers if each.kind != MINUTES),
        products=tuple(_products(session, municipality)) if "products" in municipality.publish else (),
    )


def _bodies(session: Session, municipality: Municipality, today: date) -> Iterator[PublicBody]:
    own = [body for body in municipality.bodies.values() if not body.external and body.status == "active"]
    own = [body for body in own if body.ends is None or body.ends >= today]
    keys = [body.id for body in own]
    meetings = register_questions.meetings_between(session, municipality.id, keys, today, today + AHEAD)
    for body in own:
        mine = tuple(each for each in meetings if each.key == body.id)
        yield PublicBody(body, rhythm_sentence(body.cadence, municipality), mine)


def _products(session: Session, municipality: Municipality) -> Iterator[PublicProduct]:
    coming = dict(register_questions.coming_editions(session, municipality.id))
    for product in municipality.products.values():
        if product.public:
            yield PublicProduct(product.title, coming.get(product.id))


def public_papers(session: Session, municipality: Municipality) -> list[PaperLine]:
    """The newest version of every paper that anybody may read, the newest first."""
    kinds = [
        *((MINUTES,) if "minutes" in municipality.publish else ()),
        *(FOLLOW_UPS if "follow-ups" in municipality.publish else ()),
    ]
    if not kinds:
        return []
    newest: dict[tuple[int, str], PaperLine] = {}
    for each in register_questions.papers_of_kinds(session, municipality.id, kinds):
        newest.setdefault((each.occasion, each.kind), each)
    decided = _decided(session, municipality, newest.values())
    return [each for each in newest.values() if _cleared(municipality, each, decided)]


def _decided(session: Session, municipality: Municipality, papers: Iterable[PaperLine]) -> set[int]:
    """The ids of the two-year follow-ups that were decided: the last one made before each day the duty was done."""
    made = sorted((each for each in papers if each.key == TWO_YEAR), key=lambda each: each.made)
    found: set[int] = set()
    for evidence in evidence_of(session, municipality) if made else ():
        if evidence.duty in TWO_YEAR_DUTIES:
            before = [each for each in made if each.made.astimezone(municipality.timezone).date() <= evidence.done]
            found |= {each.id for each in before[-1:]}
    return found


def _cleared(municipality: Municipality, paper: PaperLine, decided: Collection[int]) -> bool:
    """Whether a paper may be shown: minutes in their public version, a follow-up when it has been decided.

    A yearly one is shown where its product says `public: true` and the meeting it went to is recorded; the two-year
    one when what it asks for has been decided.
    """
    if paper.kind == MINUTES:
        return True
    if paper.state != "closed":
        return False
    if paper.key == TWO_YEAR:
        return paper.id in decided
    product = municipality.products.get(paper.key)
    return product is not None and product.public
