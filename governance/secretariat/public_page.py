"""What a municipality shows without signing in: what `publish` names, and of that only what is done and cleared."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape

from sqlalchemy.orm import Session

from governance.model.body import Body, Municipality
from governance.papers.rhythms import rhythm_sentence
from governance.secretariat.figures import evidence_of
from governance.secretariat.steps import TWO_YEAR
from governance.store import register_questions
from governance.store.register_questions import PaperLine
from governance.store.tables import Occasion

_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+")
SHORTEST = 12  # characters of a text that tells something: `Klart.` stands everywhere
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
    own = [body for body in municipality.bodies.values() if not body.external and body.status == "active"]
    own = [body for body in own if body.ends is None or body.ends >= today]
    keys = [body.id for body in own]
    coming = register_questions.what_comes(session, municipality.id, keys, today, today + AHEAD)
    return PublicPage(
        bodies=tuple(_bodies(municipality, own, coming)) if "dates" in municipality.publish else (),
        minutes=tuple(each for each in papers if each.kind == MINUTES),
        follow_ups=tuple(each for each in papers if each.kind != MINUTES),
        products=tuple(_products(municipality, coming)) if "products" in municipality.publish else (),
    )


def _bodies(municipality: Municipality, own: Sequence[Body], coming: Sequence[Occasion]) -> Iterator[PublicBody]:
    for body in own:
        mine = tuple(each for each in coming if each.kind == "meeting" and each.key == body.id)
        yield PublicBody(body, rhythm_sentence(body.cadence, municipality), mine)


def _products(municipality: Municipality, coming: Sequence[Occasion]) -> Iterator[PublicProduct]:
    for product in municipality.products.values():
        if product.public:
            days = (each.day for each in coming if each.kind == "edition" and each.key == product.id)
            yield PublicProduct(product.title, next(days, None))


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
    cleared = [each for each in newest.values() if _cleared(municipality, each, decided)]
    held = held_back(session, municipality, [each.id for each in cleared if each.kind != MINUTES])
    return [each for each in cleared if each.id not in held]


def held_back(session: Session, municipality: Municipality, follow_ups: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The follow-ups that tell of what is kept inside, with the numbers of the actions they tell of.

    A follow-up is written for those who work with it: it has the actions of internal items, which the public version
    of minutes leaves out (`model.public_version`). One in which such words stand is not shown.
    """
    inside = register_questions.kept_inside(session, municipality.id) if follow_ups else []
    if not inside:
        return {}
    found: dict[int, tuple[str, ...]] = {}
    for paper, html in register_questions.pages_of(session, follow_ups).items():
        shown = _words(_TAG.sub(" ", html))
        told = [number for number, *texts in inside if any(_tells(shown, text) for text in texts)]
        if told:
            found[paper] = tuple(told)
    return found


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(unescape(text).casefold()))} "


def _tells(shown: str, text: str) -> bool:
    words = _words(text)
    return len(words) > SHORTEST and words in shown


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
    if paper.state != "closed":  # minutes under correction are not shown meanwhile: what is wrong may be what was told
        return False
    if paper.kind == MINUTES:
        return True
    if paper.key == TWO_YEAR:
        return paper.id in decided
    product = municipality.products.get(paper.key)
    return product is not None and product.public
