"""The rules for readers: each one sees its own fault, and a faulty paper is not made."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from governance.papers.accessibility import check_docx
from governance.papers.draw_letterhead import build
from governance.papers.style_facts import contrast
from governance.papers.templates import Templates, UnfitPaper
from tests.papers import samples

FOLDER = Path(__file__).parents[2] / "templates"
GOOD = Templates([FOLDER]).docx("agenda", paper=samples.agenda(3))


def broken(part: str, old: str, new: str) -> bytes:
    """The good agenda with the first match of `old` in `part` changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                changed = re.sub(old, new, data.decode(), count=1, flags=re.DOTALL)
                assert changed != data.decode(), old
                data = changed.encode()
            target.writestr(name, data)
    return out.getvalue()


BODY, STYLES = "word/document.xml", "word/styles.xml"


@pytest.mark.parametrize(
    ("rule", "part", "old", "new"),
    [
        ("A01", "docProps/core.xml", "<dc:title>.*?</dc:title>", ""),
        ("A02", "docProps/core.xml", "sv-SE", "en-US"),
        ("A03", STYLES, '<w:lang w:val="sv-SE"', '<w:lang w:val="en-US"'),
        ("A04", BODY, '<w:pStyle w:val="Rubrik"/>', '<w:pStyle w:val="Normal"/>'),
        ("A05", BODY, '<w:pStyle w:val="Rubrik1"/>', '<w:pStyle w:val="Rubrik3"/>'),
        ("A06", BODY, "<w:tblHeader/>", ""),
        ("A06", BODY, 'preserve">Ansvarig<', 'preserve"><'),
        ("A08", BODY, "(<w:sectPr)", r'<w:p><w:pPr><w:pStyle w:val="Normal"/></w:pPr></w:p>\1'),
        ("A09", BODY, "(<w:sectPr)", r"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Fet</w:t></w:r></w:p>\1"),
        ("A10", BODY, "(<w:sectPr)", r"<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r></w:p>\1"),
        ("A11", BODY, "<w:tcPr>", '<w:tcPr><w:vMerge w:val="restart"/>'),
        ("A13", BODY, "<w:cantSplit/>", ""),
        ("A14", "word/header1.xml", 'descr="[^"]*"', 'descr="mark.png"'),
        ("A17", BODY, "<w:rPr><w:b/>", "<w:rPr><w:vanish/><w:b/>"),
        ("A18", STYLES, 'w:val="595959"', 'w:val="999999"'),
        ("A18", STYLES, 'w:val="FFFFFF"', 'w:val="2F5E6F"'),
        ("A19", STYLES, '<w:sz w:val="17"/>', '<w:sz w:val="14"/>'),
        ("A20", BODY, '<w:pStyle w:val="Notis"/>|<w:pStyle w:val="Normal"/>', '<w:pStyle w:val="Saknas"/>'),
        ("A21", "word/footer1.xml", "NUMPAGES", "DATE"),
        ("A23", BODY, "</w:p></w:tc>", "</w:p><w:tbl/></w:tc>"),
        ("A24", "word/footer1.xml", '<w:r><w:fldChar w:fldCharType="end"/></w:r>', ""),
        ("A27", BODY, "<w:gridCol [^>]*/>", ""),
        ("A28", "word/header1.xml", 'w:val="102"', 'w:val="103"'),
        ("A30", BODY, "Ärenden", "Ärenden\U000f0000"),
    ],
)
def test_rule_sees_its_fault(rule: str, part: str, old: str, new: str) -> None:
    data = broken(part, old, new)
    if rule == "A21":  # both footers show the page's number: break the other one too
        data = _also_second_footer(data)
    assert rule in {finding[:3] for finding in check_docx(data)}


def _also_second_footer(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"NUMPAGES", b"DATE"))
    return out.getvalue()


def test_typed_lists_are_seen() -> None:
    typed = "".join(f"<w:p><w:r><w:t>- punkt {n}</w:t></w:r></w:p>" for n in range(2))
    assert check_docx(broken(BODY, "(<w:sectPr)", typed + r"\1")) == ["A07: ”- punkt 1” är en lista skriven för hand"]


def test_unknown_numbering_is_seen() -> None:
    data = broken(BODY, "(<w:p><w:pPr>)(<w:pStyle[^>]*/>)", r'\1\2<w:numPr><w:numId w:val="99"/></w:numPr>')
    assert check_docx(data) == ["A26: en lista har en numrering som inte finns"]


def test_good_paper_has_no_findings() -> None:
    assert check_docx(GOOD) == []


def test_faulty_letterhead_stops_the_paper(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(build())) as source, zipfile.ZipFile(data, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'w:val="595959"', b'w:val="AAAAAA"'))
    (tmp_path / "letterhead.docx").write_bytes(data.getvalue())
    with pytest.raises(UnfitPaper, match="formatmallen subtitle har för svag kontrast"):
        Templates([tmp_path, FOLDER]).docx("agenda", paper=samples.agenda())


def test_contrast_is_that_of_wcag() -> None:
    assert [
        round(contrast(*pair), 2) for pair in (("000000", "FFFFFF"), ("777777", "FFFFFF"), ("123456", "123456"))
    ] == [
        21.0,
        4.48,
        1.0,
    ]
