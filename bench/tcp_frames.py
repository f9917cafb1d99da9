"""How many TCP frames a second one core cuts out of a stream and reads into reports, on both wires.

Every frame becomes a whole Report: framing by structure and length, charset, codes, three times in Seoul, coordinates
with their bounds, items, grade, state and kind. The rivals do less on purpose: `bytes.split` into a dict at known
separators (no framing, no checks, no times), and the same reports read from HTTP's JSON by the sister linkage.
"""

import json
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bench.ending import BenchFailed
from goldentime.core.clock import KST
from goldentime.linkage_kit.stream import StreamLinkage
from goldentime.linkages import fixed_head_tcp, safety_net_http, safety_net_tcp
from goldentime.linkages.safety_net_tcp.settings import BODY_FIELDS, HEAD_FIELDS
from goldentime.messages.exchange import RawMessage

FRAMES, PIECE, ROUNDS = 4000, 64 << 10, 7
REACH = 20_000
AT = datetime(2026, 11, 23, 9, 0, tzinfo=KST)
CONTENT = "금은방 앞에서 남성 2명이 흉기로 위협 후 도주 중. 검은색 점퍼, 남문로터리 방향."


def by_separators(number: int) -> bytes:
    """One 112 report of all 14 + 16 fields."""
    body = [
        "112UC001", "112 긴급영상", "10", f"20261123{number:09d}", "10", f"127.0{number % 9000:04d}\x0237.2776\x020",
        "팔달문시장 남측 출입구", CONTENT, "20261123090000", "10\x02접수", "gg112037\x02정해든", "20261123090005", "",
        "2", "APPLICANT_NM\x02한빛나\x02APPLICANT_TELNO\x02010-0000-1187", "R01\x02강도",
    ]  # fmt: skip
    written = b"".join(one.encode().replace(b"\x02", b"\xd2") + b"\xd1" for one in body)
    head = ["EVENT", "14", "16", "1\x021", "1", "P4100000112", "B4111000000", "N", "TCP", "", "20261123090006"]
    head += [str(len(written)), "112", "P4100000000_112"]
    before = b"".join(one.encode().replace(b"\x02", b"\xd2") + b"\xd1" for one in head)
    return before + b"\xd0\xda" + written + b"\xdb\xdf"


def by_fixed_head(number: int) -> bytes:
    """One 119 report behind 48 bytes."""
    fields = [
        f"20261123{number:09d}", "구급", "교통사고", f"127.0{number % 9000:04d}", "37.2776",
        "수원시 팔달구 팔달로2가 팔달문시장 남측 출입구", "4111512000", "20261123090000", "gg119037",
    ]  # fmt: skip
    body = ("\x1e".join(fields) + ";").encode()
    return f"101020261123090005119UCP20261123090006{len(body):010d}".encode() + body


def by_json(number: int) -> bytes:
    """The report of `by_separators` as it comes over HTTP."""
    body = {
        "evtId": "112UC001", "evtNm": "112 긴급영상", "evtGrad": "10", "ocrNbr": f"20261123{number:09d}",
        "ocrSts": "10", "ocrLc": {"crdntX": f"127.0{number % 9000:04d}", "crdntY": "37.2776", "crdntZ": "0"},
        "ocrPlc": "팔달문시장 남측 출입구", "ocrEvtCn": CONTENT, "ocrEvtTime": "20261123090000",
        "ocrEvtSts": {"ocrEvtStsCd": "10", "ocrEvtStsDtl": "접수"},
        "ocrEvtStsUsr": {"ocrEvtUsrId": "gg112037", "ocrEvtUsrNm": "정해든"}, "ocrEvtStsTime": "20261123090005",
        "ocrEvtEndTime": "", "ocrEvtItemCnt": "2",
        "ocrEvtItem": [{"key": "APPLICANT_NM", "val": "한빛나"}, {"key": "APPLICANT_TELNO", "val": "010-0000-1187"}],
        "ocrEvtDtl": {"ocrEvtDtlCd": "R01", "ocrEvtDtlCdDtl": "강도"},
    }  # fmt: skip
    head = {"svcTy": "EVENT", "sendCd": "P4100000112", "rcvCd": "B4111000000", "sysCd": "112", "encAt": "N"}
    part = {"apSeq": {"apCurrent": "1", "apTotal": "1"}, "reqDate": "20261123090006"}
    return json.dumps({**head, **part, "body": body}, ensure_ascii=False).encode()


def read_stream(linkage: StreamLinkage, stream: bytes) -> int:
    """How many reports came out of the stream, read as a socket gives it."""
    framer, count = linkage.framer(), 0
    for at in range(0, len(stream), PIECE):
        for frame in framer.feed(stream[at : at + PIECE]):
            if frame.problem is not None:
                raise BenchFailed(f"no frame: {frame.data[:60]!r}")
            report = linkage.parse(RawMessage(linkage.name, "a", "", {}, frame.data, AT))
            if report.place is None or report.occurred_at != AT or report.notes:
                raise BenchFailed(f"not understood: {report}")
            count += 1
    return count


def split_only(stream: bytes) -> int:
    """The rival that trusts everything: fields by name, as text, nothing else."""
    count = 0
    for frame in stream.split(b"\xdf"):
        head, _, body = frame.partition(b"\xd0\xda")
        if body:
            dict(zip(HEAD_FIELDS, head.decode(errors="replace").split("\ufffd"), strict=False))
            dict(zip(BODY_FIELDS, [one.decode(errors="replace") for one in body.split(b"\xd1")], strict=False))
            count += 1
    return count


def rate(work: Callable[[], int]) -> float:
    """Frames for each second of this process's own CPU, the median of some rounds."""
    rates = []
    for _ in range(ROUNDS):
        started = time.process_time()
        count = work()
        rates.append(count / (time.process_time() - started))
        if count != FRAMES:
            raise BenchFailed(f"{count} of {FRAMES} frames")
    return statistics.median(rates)


def rows() -> list[dict[str, Any]]:
    """The figures of both wires."""
    separated = b"".join(map(by_separators, range(FRAMES)))
    fixed = b"".join(map(by_fixed_head, range(FRAMES)))
    as_json = list(map(by_json, range(FRAMES)))
    over_http, net, head = safety_net_http.SafetyNetHttp(), safety_net_tcp.SafetyNetTcp(), fixed_head_tcp.FixedHeadTcp()
    received = [RawMessage("safety_net_http", "a", "application/json", {}, one, AT) for one in as_json]
    read_stream(net, separated), read_stream(head, fixed)  # once, so that nothing is made for the first time
    http = rate(lambda: sum(over_http.parse(one).place is not None for one in received))
    bare = rate(lambda: split_only(separated))
    rivals = f"the same reports from HTTP's JSON, {http:.0f}/s (bytes.split into dicts, nothing checked: {bare:.0f}/s)"
    return [
        {"what": f"TCP frames parsed a second on one core, {name}", "value": round(value), "unit": "1/s",
         "rival": rivals, "ratio": round(value / http, 2), "reach": f">= {REACH}", "met": value >= REACH}
        for name, value in (
            ("safety net (B)", rate(lambda: read_stream(net, separated))),
            ("fixed head (C)", rate(lambda: read_stream(head, fixed))),
        )
    ]  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(rows(), ensure_ascii=False, indent=1))
