"""Pages, PDFs, archives and mail: the article, its date, and where its words stand."""

import io
import zipfile

import pytest
from pypdf import PdfWriter

from tests.collect.deliveries import DATA, read
from trucewatch.collect.prose.page import page, text_of_page
from trucewatch.errors import SourceError

PAGE = (DATA / "web_archives/sample.warc").read_bytes().split(b"\r\n\r\n", 3)[3]
HTML = PAGE[PAGE.index(b"<!doctype") : PAGE.index(b"</html>") + 7]


def test_spans_of_a_page_lead_into_its_source():
    batch = read("articles", HTML, {"outlet": "river.example"})
    text = HTML.decode()
    (lind,) = [o.result for o in batch.observations if o.result.speaker == "Ada Lind"]
    number = lind.claims[0].quantities[0]
    assert text[number.span.begin : number.span.end] == "12"
    words = text[lind.span.begin : lind.span.end]
    assert words.startswith("Northern Defence Ministry")
    assert "&amp; the mill" in words


def test_a_page_gives_its_own_date_unless_told_otherwise():
    told = read("articles", HTML, {"outlet": "x", "published": "2026-02-01"})
    own = read("articles", HTML, {"outlet": "x"})
    assert f"{own.observations[0].result_time.begin:%Y-%m-%d}" == "2026-01-06"
    assert f"{told.observations[0].result_time.begin:%Y-%m-%d}" == "2026-02-01"


def test_a_paragraph_the_library_changed_is_not_given_a_place_it_has_not():
    found = page(HTML.decode())
    whole = text_of_page(HTML.decode())
    assert found is not None
    for one in found.paragraphs:
        span = one.plain.origin(0, 1)
        assert HTML.decode()[span.begin] == one.text[0]
    assert whole.text


def test_menus_and_scripts_of_a_page_say_nothing():
    batch = read("articles", HTML, {"outlet": "x"})
    said = " ".join(one.result.text for one in batch.observations)
    assert "Nobody" not in said
    assert "Sport" not in said


def pdf(*lines):
    """A PDF of one page with lines of text, written by hand."""
    shown = b"".join(b"(%s) Tj 0 -14 Td " % line.encode() for line in lines)
    stream = b"BT /F1 12 Tf 72 720 Td " + shown + b"ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 6\n0000000000 65535 f \n" + table
    return (
        out + head + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    )


def test_a_pdf_is_read_across_its_broken_lines():
    raw = pdf("Ada Lind said on Tuesday that 12 shells", "hit the old stone bridge.")
    batch = read("articles", raw, {"published": "2026-01-08", "outlet": "x"})
    (one,) = batch.observations
    assert one.row == "page 1, paragraph 1, statement 1"
    assert one.result.claims[0].quantities[0].counted == "shells"
    assert "stone bridge" in one.result.text


def test_a_page_of_a_pdf_without_text_is_named():
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    kept = io.BytesIO()
    writer.write(kept)
    batch = read("articles", kept.getvalue(), {"published": "2026-01-08"})
    (rejection,) = batch.rejections
    assert (rejection.where, "no text" in rejection.why) == ("page 1", True)


def test_a_damaged_pdf_is_refused():
    with pytest.raises(SourceError, match="PDF"):
        read("articles", b"%PDF-1.7 nothing", {"published": "2026-01-08"})


def wacz(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, body in members.items():
            packed.writestr(name, body)
    return out.getvalue()


def test_a_wacz_is_read_as_the_warc_within():
    warc = (DATA / "web_archives/sample.warc").read_bytes()
    packed = wacz(**{"archive/data.warc": warc, "pages/pages.jsonl": b"{}"})
    inner = [o.result.text for o in read("web_archives", warc).observations]
    assert [o.result.text for o in read("web_archives", packed).observations] == inner
    assert inner


def test_a_zip_without_a_warc_is_refused():
    with pytest.raises(SourceError, match="no WARC"):
        read("web_archives", wacz(**{"a.txt": b"x"}))


def test_an_mbox_gives_every_message_and_its_own_date():
    one = (DATA / "mails/sample.eml").read_bytes()
    two = one.replace(b"Tue, 06 Jan", b"Wed, 07 Jan").replace(b"Stein", b"Holz")
    box = b"From a Tue Jan  6\n" + one + b"\n\nFrom b Wed Jan  7\n" + two
    batch = read("mails", box)
    days = {o.result.speaker: o.result_time.begin.day for o in batch.observations}
    assert days == {"Olaf Stein": 6, "Olaf Holz": 7}


def test_a_forwarded_message_is_not_the_voice_of_the_channel():
    raw = (DATA / "telegram_exports/sample.json").read_bytes()
    batch = read("telegram_exports", raw, {"voice": "NORTH", "zone": "Europe/Kyiv"})
    keys = {o.row.split(",")[0]: o.independence for o in batch.observations}
    assert keys == {"message 1": "party:NORTH", "message 2": "media:River Post"}
