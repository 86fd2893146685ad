"""Texts of the usual legacy encodings are decoded, and doubts are noted."""

import codecs

import pytest

from leia_nb.service.documents.base import InputDocument, collect_notes
from leia_nb.service.documents.readers import read_plain_text, read_text

TEXTS = {
    "japanese": "請求書の合計は二千円です。お支払いは月末までにお願いします。",
    "simplified": "发票金额合计为二千元，请于月底之前付款到我们的银行账户。谢谢您的合作。",
    "traditional": "發票金額合計為二千元，請於月底之前付款到我們的銀行帳戶。謝謝您的合作。",
    "korean": "청구서 합계는 이천 원입니다. 월말까지 지불해 주시기 바랍니다. 감사합니다.",
    "russian": "Счёт на оплату. Сумма к оплате составляет две тысячи рублей. Просим оплатить.",
    "polish": "Kwota do zapłaty wynosi dwa tysiące złotych. Proszę zapłacić. Dziękujemy.",
    "hungarian": "Kérjük, hogy a számlát tizennégy napon belül egyenlítse ki. Köszönjük szépen.",
    "german": "Größe café naïve – die Rechnung über 100 € ist bis Monatsende fällig. Vielen Dank.",
    "french": "La facture est à payer avant la fin du mois. Merci à vous. Où êtes-vous?",
    "greek": "Το τιμολόγιο πρέπει να πληρωθεί μέχρι το τέλος του μήνα. Ευχαριστούμε πολύ.",
    "thai": "กรุณาชำระเงินตามใบแจ้งหนี้ภายในสิ้นเดือนนี้ ขอบคุณครับ",
}
ENCODINGS = {
    "japanese": ("shift_jis", "euc_jp"),
    "simplified": ("gb18030", "gbk"),
    "traditional": ("big5",),
    "korean": ("euc_kr", "cp949"),
    "russian": ("cp1251", "koi8_r"),
    "polish": ("iso8859_2", "cp1250"),
    "hungarian": ("iso8859_2", "cp1250"),
    "german": ("cp1252",),
    "french": ("latin_1", "cp1252"),
    "greek": ("cp1253",),
    "thai": ("cp874",),
}
GRID = [(language, e) for language, encodings in ENCODINGS.items() for e in encodings]
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-32")


@pytest.fixture
def document(tmp_path):
    def write(data):
        path = tmp_path / "letter.txt"
        path.write_bytes(data)
        return InputDocument("d1", path, path.name, "text/plain")

    return write


@pytest.mark.parametrize("repetitions", [1, 50])
@pytest.mark.parametrize(("language", "encoding"), GRID)
def test_a_text_is_decoded_in_its_encoding(document, language, encoding, repetitions):
    text = "\n".join([TEXTS[language]] * repetitions)
    assert read_text(document(text.encode(encoding))) == text


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("encoding", UNICODE)
def test_unicode_is_certain(document, language, encoding):
    with collect_notes() as notes:
        assert read_plain_text(document(TEXTS[language].encode(encoding))) == TEXTS[language]
    assert notes == []


@pytest.mark.parametrize("language", ["japanese", "russian", "german", "greek"])
@pytest.mark.parametrize("damage", [b"\xff", b"\xc3", b"\xe2\x82"])
def test_a_bad_byte_costs_one_character_and_is_noted(document, language, damage):
    lines = [TEXTS[language]] * 20
    data = "\n".join(lines).encode() + b"\n" + damage + b"\n"
    with collect_notes() as notes:
        assert read_text(document(data)) == "\n".join([*lines, "\ufffd\n"])
    assert notes == [
        "document d1 (letter.txt) is UTF-8 with invalid bytes (1), replaced by \ufffd."
    ]


def test_a_text_may_contain_the_replacement_character(document):
    with collect_notes() as notes:
        assert read_text(document("a \ufffd b".encode())) == "a \ufffd b"
    assert notes == []


def test_a_guess_is_noted(document):
    with collect_notes() as notes:
        assert read_text(document("Größe".encode("cp1252"))) == "Größe"
    assert notes == [
        "document d1 (letter.txt) was decoded as cp1252, which is a guess. Upload it as UTF-8."
    ]


@pytest.mark.parametrize("bom", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_byte_order_mark_decides(document, bom):
    endian = "utf-16-le" if bom == codecs.BOM_UTF16_LE else "utf-16-be"
    assert read_text(document(bom + "Größe".encode(endian))).lstrip("\ufeff") == "Größe"
