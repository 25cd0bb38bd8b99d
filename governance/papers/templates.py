"""Papers and letters from their templates: Word, HTML and text from one source, in the first folder that has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, Template, TemplateError, TemplateNotFound, TemplateSyntaxError

from governance.papers import docx, html, swedish, text
from governance.papers.accessibility import check_docx
from governance.papers.blocks import Block
from governance.papers.dialect import read
from governance.papers.labels import LABELS, letterhead_of
from governance.papers.letterhead import Letterhead, ReferenceDocument
from governance.papers.sandbox import sandbox
from governance.papers.tags import Source, TemplateProblem, lift
from governance.papers.writer import Writer, compiled

__all__ = ["Letter", "Letterhead", "Rendered", "TemplateProblem", "Templates", "UnfitPaper"]

_SUFFIX = ".md.j2"
_OWN = "kadens/"  # {% extends "kadens/agenda.md.j2" %}: the template that ships, whatever a nearer folder holds
_MOST = 20_000_000  # characters of one paper
_READER = "Mottagarensnamn"  # stands in a letter to many where each reader's name comes
_GREETING = f"\nHej {_READER}!\n"
_TAGS = re.compile(r"<[^>]+>")


class UnfitPaper(Exception):
    """A paper broke a rule that keeps it readable for everyone, and was not made."""

    def __init__(self, name: str, findings: Sequence[str]) -> None:
        super().__init__(f"{name}: handlingen är inte tillgänglig för alla: {'; '.join(findings)}")
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's three texts."""

    subject: str
    text: str
    html: str


class Rendered:
    """A paper in its three forms, each made when first asked for."""

    def __init__(self, templates: Templates, name: str, letterhead: Letterhead, context: Mapping[str, Any]) -> None:
        self._make = (templates, name, letterhead, context)

    @cached_property
    def docx(self) -> bytes:
        """The Word file."""
        templates, name, letterhead, context = self._make
        return templates.docx(name, letterhead=letterhead, **context)

    @cached_property
    def html(self) -> str:
        """The page."""
        templates, name, letterhead, context = self._make
        return templates.html(name, letterhead=letterhead, **context)

    @cached_property
    def text(self) -> str:
        """Plain text."""
        templates, name, letterhead, context = self._make
        return templates.text(name, letterhead=letterhead, **context)

    @cached_property
    def title(self) -> str:
        """The paper's title, as its first heading has it."""
        return self.text.split("\n", 1)[0]


class _Loader(BaseLoader):
    """Finds a template in the first folder that has it and compiles it for one target.

    `known` holds what has been read, by template; the targets share it, so that each template is read once.
    """

    def __init__(self, folders: Sequence[Path], writer: Writer, known: dict[str, tuple[Source, list[Block]]]) -> None:
        self.folders = folders
        self.writer = writer
        self.known = known

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        if template not in self.known:
            path, text = read_template(self.folders, template)
            if template.startswith("letters/"):
                text = "\n" + text.partition("\n")[2]  # the subject is no part of the body; lines keep their numbers
            source = lift(environment, text, str(path))
            self.known[template] = source, read(source)
        source, blocks = self.known[template]
        return compiled(source, blocks, self.writer), source.file, lambda: True


def read_template(folders: Sequence[Path], name: str) -> tuple[Path, str]:
    """The file that serves `name`, and its text. Raises TemplateNotFound."""
    places, wanted = (folders[-1:], name.removeprefix(_OWN)) if name.startswith(_OWN) else (folders, name)
    for folder in places:
        path = folder / wanted
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path, path.read_text(encoding="utf-8")
    raise TemplateNotFound(name, f"mallen {name} finns varken i {' eller '.join(map(str, places))}")


class Templates:
    """The templates of one municipality: `folders` in order, its own before those that ship."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self._environments: dict[str, Environment] = {}
        self._known: dict[str, tuple[Source, list[Block]]] = {}
        self._styles: dict[str, str] = {}
        self._subjects: dict[str, Template] = {}
        self._written: tuple[str, dict[str, Any], Letter] | None = None  # the last letter, with no reader yet

    def render(self, name: str, /, *, paper: Any, letterhead: Letterhead | None = None, **context: Any) -> Rendered:
        """The paper `name`: agenda, minutes, situation, annual_follow_up or two_year_follow_up.

        `letterhead` fills header and footer; without it they are taken from the paper. Raises TemplateProblem
        when a form is asked for that the template cannot give, UnfitPaper for a Word file that breaks a rule.
        """
        return Rendered(self, name, letterhead or letterhead_of(paper), {"paper": paper, **context})

    def docx(self, name: str, /, *, paper: Any, letterhead: Letterhead | None = None, **context: Any) -> bytes:
        """The Word file; the same input gives the same bytes."""
        numbers = count(self.reference.first_list)
        head = letterhead or letterhead_of(paper)
        body = self._body("docx", name, paper=paper, _num=numbers.__next__, **context)
        body = docx.settle(body, self.reference.writer.ids["forslag"])
        made: date | None = getattr(paper, "made", None)
        lists = next(numbers) - self.reference.first_list
        data = self.reference.finish(body, self._title(body, docx_title=True), head, made, lists)
        findings = check_docx(data)
        if findings:
            raise UnfitPaper(name, findings)
        return data

    def html(self, name: str, /, *, paper: Any, letterhead: Letterhead | None = None, **context: Any) -> str:
        """The whole page, with its own style."""
        body = html.settle(self._body("html", name, paper=paper, **context))
        head = letterhead or letterhead_of(paper)
        shown = [html.finalize(value) for value in (head.body, head.document, head.date, head.case_number) if value]
        top = f"<p><strong>{html.finalize(head.municipality)}</strong></p><p>{' · '.join(shown)}</p>"
        bottom = f"<p>{html.finalize(head.contact)}</p>" if head.contact else ""
        return html.page(self._title(body), body, self._style("paper.css"), top=top, bottom=bottom)

    def text(self, name: str, /, *, paper: Any, letterhead: Letterhead | None = None, **context: Any) -> str:
        """Plain text, for a mail or a screen reader."""
        del letterhead
        return text.settle(self._body("text", name, paper=paper, **context))

    def letter(self, name: str, /, **context: Any) -> Letter:
        """The letter `templates/letters/<name>.md.j2`, whose first line is `subject: …`.

        A letter to many is written once: where only the greeting names its reader, the next one gets the same words.
        """
        reader = context.get("recipient_name")
        if not isinstance(reader, str):
            return self._letter(name, context)
        rest = {key: value for key, value in context.items() if key != "recipient_name"}
        written = self._written  # once: another thread may be writing another letter
        if written is None or written[:2] != (name, rest):
            written = self._written = (name, rest, self._letter(name, {**rest, "recipient_name": _READER}))
        common = written[2]
        if (_READER in common.subject) or common.text.count(_GREETING) != 1 or common.html.count(_READER) != 1:
            return self._letter(name, context)
        if common.text.count(_READER) != 1:
            return self._letter(name, context)
        plain = common.text.replace(_READER, str(text.finalize(reader)))
        return Letter(common.subject, plain, common.html.replace(_READER, str(html.finalize(reader))))

    def _letter(self, name: str, context: Mapping[str, Any]) -> Letter:
        file = f"letters/{name}"
        subject = text.settle(_output(self._subject(file), context)).strip().replace("\n", " ")
        plain = text.settle(self._body("text", file, **context))
        body = html.settle(self._body("html", file, **context))
        page = html.page(str(html.finalize(subject)), body, self._style("letter.css"))
        return Letter(subject, plain, page)

    @cached_property
    def reference(self) -> ReferenceDocument:
        """The letterhead of the first folder that has one. Raises LetterheadProblem."""
        found = next((f / "letterhead.docx" for f in self.folders if (f / "letterhead.docx").is_file()), None)
        return ReferenceDocument(found or self.folders[-1] / "letterhead.docx")

    def _environment(self, target: str) -> Environment:
        if target not in self._environments:
            writer = self._writer(target)
            finalize = {"docx": docx, "html": html, "text": text}[target].finalize
            environment = sandbox(_Loader(self.folders, writer, self._known), finalize)
            environment.filters |= swedish_filters() | LABELS | {"md": writer.free_text}
            self._environments[target] = environment
        return self._environments[target]

    def _writer(self, target: str) -> Writer:
        if target == "docx":
            return self.reference.writer
        return html.HtmlWriter() if target == "html" else text.TextWriter()

    def _body(self, target: str, name: str, /, **context: Any) -> str:
        return _output(self._template(target, name + _SUFFIX), context)

    def _template(self, target: str, name: str) -> Template:
        try:
            return self._environment(target).get_template(name)
        except TemplateSyntaxError as error:
            raise TemplateProblem(error.filename or name, error.lineno, str(error.message)) from error
        except TemplateNotFound as error:
            raise TemplateProblem(name, 1, str(error.message)) from error

    def _subject(self, file: str) -> Template:
        if file not in self._subjects:
            try:
                path, source = read_template(self.folders, file + _SUFFIX)
            except TemplateNotFound as error:
                raise TemplateProblem(file + _SUFFIX, 1, str(error.message)) from error
            line = source.partition("\n")[0]
            if not line.startswith("subject:"):
                raise TemplateProblem(str(path), 1, "ett brevs första rad är dess ärende: subject: …")
            try:
                template = self._environment("text").from_string(line.removeprefix("subject:").strip())
            except TemplateSyntaxError as error:
                raise TemplateProblem(str(path), 1, str(error.message)) from error
            template.filename = str(path)
            self._subjects[file] = template
        return self._subjects[file]

    def _style(self, name: str) -> str:
        if name not in self._styles:
            self._styles[name] = read_template(self.folders, name)[1].replace("</", "<\\/")
        return self._styles[name]

    def _title(self, body: str, *, docx_title: bool = False) -> str:
        """The first heading's text, still escaped."""
        start, end = (
            (f'<w:pStyle w:val="{self.reference.title_style}"/>', "</w:p>") if docx_title else ("<h1>", "</h1>")
        )
        return _TAGS.sub("", body.partition(start)[2].partition(end)[0])


def swedish_filters() -> dict[str, Callable[..., Any]]:
    """The filters that write dates, numbers and lists in Swedish."""
    names = ("long_date", "short_date", "clock", "clock_range", "week", "number", "percent", "listing", "count")
    return {name: getattr(swedish, name) for name in (*names, "sentence", "moved_sentence")}


def _output(template: Template, context: Mapping[str, Any]) -> str:
    """What the template writes, up to a limit. Raises TemplateProblem with the template's line."""
    pieces: list[str] = []
    size = 0
    try:
        for piece in template.generate(context):
            pieces.append(piece)
            size += len(piece)
            if size > _MOST:
                raise TemplateProblem(str(template.filename), 1, "handlingen blev större än 20 miljoner tecken")
    except TemplateSyntaxError as error:
        raise TemplateProblem(error.filename or str(template.filename), error.lineno, str(error.message)) from error
    except (
        TemplateError,
        TypeError,
        ValueError,
        AttributeError,
        LookupError,
        ArithmeticError,
        RecursionError,
    ) as error:
        file, line = next(_places(error), (str(template.filename), 1))
        raise TemplateProblem(file, line, f"mallen kan inte fyllas i: {error}") from error
    return "".join(pieces)


def _places(error: BaseException) -> Iterator[tuple[str, int]]:
    """Where in the templates the error was, innermost first."""
    trace, places = error.__traceback__, []
    while trace:
        places.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    return (place for place in reversed(places) if place[0].endswith(_SUFFIX))
