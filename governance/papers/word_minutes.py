"""Finds the fields of minutes in a Word file, by the words and styles that templates/minutes.md.j2 gives them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from governance.model.word_minutes import WrittenAction, WrittenItem, WrittenMinutes
from governance.papers.docx_reading import Grid, Line
from governance.papers.labels import KINDS

SECTIONS = ("Närvaro", "Beslut i korthet", "Ärenden", "Åtgärdslista", "Nästa möte", "Underskrifter", "Anslag")
_HEAD = re.compile(r"(?:(§ ?\d+|\d+)\.?[\t ]+)?(.+)", re.DOTALL)
_DECISION = re.compile(r"beslut\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_REFERRED = re.compile(r"\s*Beslutet lämnas till [^.]+\.$")
_ACTION = re.compile(
    r"(?:ny )?åtgärd(?:\s+(Å-\d{4}-\d{3,}))?\s*:\s*(.*?)(?:\.?\s*Ansvarig\s*:\s*(.*?))?"
    r"(?:[,.]?\s*klart senast\s*:?\s*(?:den )?(.*?))?\.?",
    re.IGNORECASE | re.DOTALL,
)
_ABSENT = {"anmält förhinder": "excused", "frånvarande": "absent"}
_NOTHING = "Inget är antecknat."
# What the paper states of its own accord: bias and who decided are fields of their own, kept as they were.
_STATED = re.compile(
    r"Jäv: .+ deltog inte i handläggningen\.|\d+ (?:av \d+ ledamöter|närvarande) deltog i beslutet\b.*"
)


@dataclass
class _Item:
    label: str
    title: str
    account: list[str] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)
    actions: list[WrittenAction] = field(default_factory=list)

    def done(self) -> WrittenItem:
        """The item as it was read."""
        text = ""
        for part in self.account:  # points stand together, paragraphs apart
            both = part.startswith("- ") and text.rpartition("\n")[2].startswith("- ")
            text += ("\n" if both else "\n\n" if text else "") + part
        return WrittenItem(self.label, self.title, text, tuple(self.decisions), tuple(self.actions))


@dataclass
class _Reader:
    titles: Collection[str]
    section: str = ""
    items: list[_Item] = field(default_factory=list)
    present: list[tuple[str, str]] = field(default_factory=list)
    away: dict[str, list[str]] = field(default_factory=lambda: {"excused": [], "absent": []})
    loose: list[str] = field(default_factory=list)

    def line(self, line: Line) -> None:
        """Puts a paragraph where it belongs."""
        text = line.text.strip()
        if text in SECTIONS and not line.point:
            self.section = text
        elif self.section == "Ärenden":
            self._in_item(line, text)
        elif self.section == "Närvaro":
            self._away(text)
        elif self.section or line.style in {
            "normal",
            "",
            "body text",
        }:  # before the first heading stand title, date and status
            self.loose.append(text)

    def _in_item(self, line: Line, text: str) -> None:
        head = self._head(line, text)
        if head is not None:
            self.items.append(head)
            return
        if not self.items:
            self.loose.append(text)
            return
        item = self.items[-1]
        action, decision = _ACTION.fullmatch(text), _DECISION.fullmatch(text)
        if line.style == "ärenderad" or text.partition(" · ")[0] in KINDS.values() or text == _NOTHING:
            return
        if _STATED.fullmatch(text):
            return
        if action:
            number, words, owner, due = (each.strip() if each else "" for each in action.groups())
            item.actions.append(WrittenAction(number, words.rstrip("."), owner.rstrip("."), due.rstrip(".")))
        elif decision:
            item.decisions.append(_REFERRED.sub("", decision[1]).strip())
        elif text:
            item.account.append(f"- {text}" if line.point else text)

    def _head(self, line: Line, text: str) -> _Item | None:
        """The item that a paragraph opens: by its style, or by being a title that is known."""
        found = _HEAD.fullmatch(text)
        if found is None or line.point:
            return None
        label, title = (found[1] or "").replace("§ ", "§ "), " ".join(found[2].split())
        known = title.casefold() in {each.casefold() for each in self.titles}
        heading = line.style in {"ärende", "heading 3", "heading 2"}
        return _Item(label, title) if heading or (known and bool(label)) else None

    def _away(self, text: str) -> None:
        words, colon, names = text.partition(":")
        kind = _ABSENT.get(words.strip().casefold())
        if colon and kind:
            self.away[kind] += [each.strip(" .") for each in re.split(r",| och ", names) if each.strip(" .")]

    def grid(self, grid: Grid) -> None:
        """Takes in a table: attendance by its heading, a form's cells by their labels."""
        first = [cell.casefold() for cell in grid.rows[0]] if grid.rows else []
        if first[:1] in (["närvarande"], ["namn"]) and self.section == "Närvaro":
            for row in grid.rows[1:]:
                name, part = row[0].strip(), row[-1].strip() if len(row) > 1 else ""
                if name and (first[0] == "närvarande" or part):
                    self.present.append((name, part))
        elif self.section == "Ärenden" and self.items:
            for row in grid.rows:
                self._form_row(self.items[-1], row)

    def _form_row(self, item: _Item, row: Sequence[str]) -> None:
        """A row of the form that an unrecorded draft has for each item: a label and what was filled in."""
        label, text = row[0].strip().casefold(), "\n".join(row[1:]).strip()
        if not text:
            return
        if label.startswith(("redovisning", "anteckningar")):
            item.account += [each.strip() for each in text.split("\n") if each.strip()]
        elif label.startswith("beslut"):
            item.decisions += [each.strip() for each in text.split("\n") if each.strip()]
        elif label.startswith("åtgärd"):
            item.actions += [_filled_action(each) for each in text.split("\n") if each.strip()]


def _filled_action(text: str) -> WrittenAction:
    """`Byta lås, Mats Öberg, 2027-04-15` as the form asks for it."""
    parts = [each.strip() for each in text.split(",")]
    if len(parts) >= 3:
        return WrittenAction("", ", ".join(parts[:-2]), parts[-2], parts[-1])
    return WrittenAction("", parts[0], parts[1] if len(parts) > 1 else "")


def read_minutes(blocks: Sequence[Line | Grid], titles: Collection[str]) -> WrittenMinutes:
    """The minutes in a Word file whose agenda has items with these titles."""
    reader = _Reader(titles)
    for block in blocks:
        if isinstance(block, Line):
            reader.line(block)
        else:
            reader.grid(block)
    return WrittenMinutes(
        items=tuple(item.done() for item in reader.items),
        present=tuple(reader.present),
        excused=tuple(reader.away["excused"]),
        absent=tuple(reader.away["absent"]),
        loose=tuple(_loose(reader)),
    )


def _loose(reader: _Reader) -> list[str]:
    return list(dict.fromkeys(reader.loose))
