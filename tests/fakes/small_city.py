"""A small invented city's files: a square boundary and a few rows, changed at will by each test."""

import csv
import io
import json

from goldentime.city.places.boundary import Boundary
from goldentime.importers.boundary import plan_boundary
from goldentime.importers.cameras.plan import CamerasPlan, City, plan_cameras

WEST, SOUTH, EAST, NORTH = 127.00, 37.20, 127.10, 37.30
STANDARD = (
    *("개방자치단체코드", "관리번호", "관리기관명", "소재지도로명주소", "소재지지번주소", "설치목적구분", "카메라대수"),
    *("카메라화소수", "촬영방면정보", "보관일수", "설치연월", "관리기관전화번호", "WGS84위도", "WGS84경도"),
    *("데이터기준일자", "데이터갱신구분", "데이터갱신시점", "최종수정시점"),
)


def square(west=WEST, south=SOUTH, east=EAST, north=NORTH, **properties):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def geojson(*features, crs=None) -> bytes:
    tree = {"type": "FeatureCollection", "features": list(features)}
    if crs:
        tree["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(tree, ensure_ascii=False).encode()


def boundary() -> Boundary:
    return plan_boundary(geojson(square(SIG_CD="99", SIG_KOR_NM="새벌시")), "city.geojson", None).boundary


def standard_row(key="K1", lat="37.25", lon="127.05", cameras="3", **more):
    row = dict.fromkeys(STANDARD, "")
    row |= {
        "개방자치단체코드": "9990000",
        "관리번호": key,
        "관리기관명": "새벌도 새벌시",
        "소재지도로명주소": f"새벌도 새벌시 큰구 한빛로 {key.strip('K')}",
        "소재지지번주소": f"새벌도 새벌시 큰구 다솜동 {key.strip('K')}-1",
        "설치목적구분": "생활방범",
        "카메라대수": cameras,
        "카메라화소수": "200",
        "보관일수": "30",
        "WGS84위도": lat,
        "WGS84경도": lon,
    }
    return row | more


def standard_csv(*rows, encoding="utf-8") -> bytes:
    return csv_of(STANDARD, *(tuple(row[name] for name in STANDARD) for row in rows), encoding=encoding)


def csv_of(header, *rows, encoding="utf-8") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def plan(data: bytes, known=None, *, name="cctv.csv", within=True, **more) -> CamerasPlan:
    return plan_cameras(data, name, City(known or {}, boundary() if within else None), **more)


def kept(plan_: CamerasPlan):
    """The sites as they are after the plan was carried out on an empty city."""
    return {site.id: site for site in plan_.difference.added}


def codes(notes):
    return {note.row: note.code for note in notes}
