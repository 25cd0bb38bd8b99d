"""What somebody wrote in a reply by mail, without the mail they replied to.

No standard says how a reply quotes (RFC 3676 4.5 only marks lines with `>`), so this knows how the common programs
do it in Swedish and English. Where nothing would be left, the whole text is kept: better too much than nothing.
"""

from __future__ import annotations

import re

# What begins the former mail, whole below it: Outlook's head or rule, the rule of old clients.
_HEAD = re.compile(r"^\**(Från|From|Avsändare)\s?:\**\s", re.IGNORECASE)
_HEAD_GOES_ON = re.compile(r"^\**(Skickat|Sent|Datum|Date|Till|To)\s?:\**\s", re.IGNORECASE)
_RULE = re.compile(
    r"^(_{10,}|-{2,}\s*(Original Message|Ursprungligt meddelande|Ursprungsmeddelande)\s*-{2,})\s*$", re.IGNORECASE
)
# What names the former mail before its quoted lines: "Den 5 jan. 2027 skrev Gruppen:", "On Tue, … wrote:".
_SAID = re.compile(r"^.{3,300}\b(skrev|wrote)\b.{0,200}:$", re.IGNORECASE | re.DOTALL)
_DATED = re.compile(r"^(Den|On|\d).*\d", re.IGNORECASE)  # how it begins where it runs over several lines
_SIGNATURE = re.compile(r"^--\s?$")
_BY_PHONE = re.compile(
    r"^(Skickat från (min|Outlook)|Sent from (my|Outlook)|Hämta Outlook för|Get Outlook for)\b", re.IGNORECASE
)
_LONGEST_NAMING = 3  # lines


def own_words(text: str) -> str:
    """The text of a reply without what it quotes, its signature and its program's greeting."""
    lines = text.replace("\r\n", "\n").replace("\xa0", " ").split("\n")
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place].strip()
        if _RULE.match(line) or _SIGNATURE.match(line) or _begins_head(lines, place):
            break
        naming = _naming(lines, place)
        if naming:
            place += naming
            continue
        if not line.startswith(">") and not _BY_PHONE.match(line):
            kept.append(lines[place].rstrip())
        place += 1
    found = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return found or re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _begins_head(lines: list[str], place: int) -> bool:
    """`Från: …` followed at once by `Skickat: …` or `Till: …`."""
    following = [line.strip() for line in lines[place + 1 : place + 4]]
    return bool(_HEAD.match(lines[place].strip())) and any(_HEAD_GOES_ON.match(line) for line in following)


def _naming(lines: list[str], place: int) -> int:
    """How many lines name the former mail here, 0 where none do; a quoted line must follow."""
    for length in range(1, _LONGEST_NAMING + 1):
        block = lines[place : place + length]
        if not all(map(str.strip, block)) or (length > 1 and not _DATED.match(block[0].strip())):
            return 0
        if not _SAID.match(" ".join(line.strip() for line in block)):
            continue
        rest = [line.strip() for line in lines[place + length :]]
        following = next((line for line in rest if line), "")
        return length if following.startswith(">") else 0
    return 0
