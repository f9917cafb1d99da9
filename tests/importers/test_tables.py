import io
import zipfile

import pytest

from fakes.spreadsheet import xlsx
from goldentime.importers.errors import BadFile
from goldentime.importers.table import read_table

HEADER = ("목적", "위도", "경도", "설치대수")
WORDS = "목적,위도,경도,설치대수\n방범,37.1,127.1,2\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (WORDS.encode(), "UTF-8"),
        (WORDS.encode("utf-8-sig"), "UTF-8 BOM"),
        (WORDS.encode("cp949"), "CP949"),
    ],
)
def test_a_csv_reads_the_same_in_every_encoding_a_city_uses(data, encoding):
    table = read_table(data, "a.csv")
    assert (table.header, table.encoding) == (HEADER, encoding)
    assert [(row.number, row.cells) for row in table.rows] == [(2, ("방범", "37.1", "127.1", "2"))]


def test_utf16_is_refused_in_words():
    with pytest.raises(BadFile) as refused:
        read_table(WORDS.encode("utf-16"), "a.csv")
    assert "UTF-16" in refused.value.text.ko


def test_bytes_of_no_known_encoding_are_refused_by_line():
    with pytest.raises(BadFile) as refused:
        read_table(WORDS.encode() + b"\xff\xff\xff,1,2,3\n", "a.csv")
    assert refused.value.text.ko.startswith("3행")


@pytest.mark.parametrize("data", [b"", b"  \n\n", b"\x00\x01\x02" * 50])
def test_an_empty_or_binary_file_is_refused(data):
    with pytest.raises(BadFile):
        read_table(data, "a.csv")


def test_an_unclosed_quotation_mark_that_swallows_rows_is_refused_by_line():
    rows = "".join(f"방범,37.1,127.{n},2\n" for n in range(60))
    with pytest.raises(BadFile) as refused:
        read_table((WORDS + '"방범,37.1,127.1,2\n' + rows).encode(), "a.csv")
    assert "3행" in refused.value.text.ko


def test_a_line_break_within_quotation_marks_stays_one_row():
    table = read_table((WORDS + '"공원\n안",37.1,127.1,2\n방범,37.2,127.2,1\n').encode(), "a.csv")
    assert [row.cells[0] for row in table.rows] == ["방범", "공원\n안", "방범"]


def test_blank_lines_count_as_rows_so_that_numbers_match_the_file():
    table = read_table((WORDS + "\n방범,37.2,127.2,1\n").encode(), "a.csv")
    assert [(row.number, row.is_empty()) for row in table.rows] == [(2, False), (3, True), (4, False)]


def test_a_spreadsheet_with_a_title_above_its_header_is_read_and_other_sheets_are_named():
    data = xlsx(현황=[["CCTV 설치 현황"], HEADER, ["방범", 37.1, 127.1, 2]], 참고=[["작성자", "홍길동"]])
    table = read_table(data, "a.xlsx")
    assert table.header == HEADER
    assert [(row.number, row.cells) for row in table.rows] == [(3, ("방범", "37.1", "127.1", "2"))]
    assert table.other_sheets == ("참고",)


def test_a_damaged_spreadsheet_is_refused():
    with pytest.raises(BadFile):
        read_table(xlsx(a=[HEADER, ["방범", 1, 2, 3]])[:300], "a.xlsx")


def test_a_sheet_with_a_stray_cell_far_away_is_refused_instead_of_filling_the_memory():
    data = xlsx(a=[HEADER, ["방범", 37.1, 127.1, 2]])
    far = _with_cell(data, "XFD1048576")
    with pytest.raises(BadFile) as refused:
        read_table(far, "a.xlsx")
    assert "지나치게" in refused.value.text.ko


def _with_cell(data: bytes, where: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name).decode()
            stray = f'<row r="1048576"><c r="{where}"><v>1</v></c></row></sheetData>'
            new.writestr(name, body.replace("</sheetData>", stray))
    return out.getvalue()
