"""What the runs of all seeds amount to; only seeds that were run both ways count."""

import random
from statistics import fmean, median
from typing import Any

RESAMPLED = 2000


def pairs_of(runs: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(without, with) of each seed."""
    by_seed: dict[int, dict[bool, dict[str, Any]]] = {}
    for run in runs:
        by_seed.setdefault(run["seed"], {})[run["priority"]] = run
    return [(both[False], both[True]) for _, both in sorted(by_seed.items()) if len(both) == 2]


def drives_of(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[tuple[float, float]]:
    """Seconds without and with, of every drive; one that had not arrived counts until the end of the run."""
    return [(plain["times"][one], helped["times"][one]) for plain, helped in pairs for one in sorted(plain["times"])]


def arrived_both_ways(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[tuple[float, float]]:
    """`drives_of` without those that had not arrived by the end of a run, either way."""
    return [
        (plain["times"][one], helped["times"][one])
        for plain, helped in pairs
        for one in sorted(plain["times"])
        if one not in plain["unfinished"] and one not in helped["unfinished"]
    ]


def figures(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Cuts as shares of travel time, seconds a drive or a trip, counts."""
    pairs = pairs_of(runs)
    drives, arrived = drives_of(pairs), arrived_both_ways(pairs)
    without, with_ = fmean(a for a, _ in drives), fmean(b for _, b in drives)
    lost = [sum(run["lost"].values()) for pair in pairs for run in pair]
    low, high = _interval(pairs)
    return {
        "seeds": len(pairs),
        "drives": len(drives),
        "without_s": without,
        "with_s": with_,
        "cut": 1 - with_ / without,
        "cut_low": low,
        "cut_high": high,
        "arrived": len(arrived),
        "cut_of_arrived": 1 - sum(b for _, b in arrived) / sum(a for a, _ in arrived),
        "median_cut": median(1 - b / a for a, b in drives),
        "delay_cut": 1 - sum(lost[1::2]) / sum(lost[::2]),
        "slower": sum(b > a for a, b in drives),
        "unfinished_without": sum(len(plain["unfinished"]) for plain, _ in pairs),
        "unfinished_with": sum(len(helped["unfinished"]) for _, helped in pairs),
        "others_without_s": fmean(plain["car_loss_s"] for plain, _ in pairs),
        "others_added_s": fmean(helped["car_loss_s"] - plain["car_loss_s"] for plain, helped in pairs),
        "others_kmh": fmean(plain["car_kmh"] for plain, _ in pairs),
        "cars": round(fmean(plain["cars"] for plain, _ in pairs)),
        "signals": fmean(n for plain, _ in pairs for n in plain["signals"].values()),
        "asked": sum(helped["asked"] for _, helped in pairs),
        "maximum": sum(helped["reasons"].get("maximum", 0) for _, helped in pairs),
        **{
            name: sum(run[name] for pair in pairs for run in pair)
            for name in ("conflicts", "walks_cut", "short_yellows")
        },
        "walks": sum(run["walks"] for pair in pairs for run in pair),
    }


def _interval(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> tuple[float, float]:
    """The middle 95 % of the cut over seeds drawn again with replacement."""
    chance = random.Random(1)  # noqa: S311  statistics
    sums = [(sum(plain["times"].values()), sum(helped["times"][k] for k in plain["times"])) for plain, helped in pairs]
    cuts = []
    for _ in range(RESAMPLED):
        drawn = chance.choices(sums, k=len(sums))
        cuts.append(1 - sum(b for _, b in drawn) / sum(a for a, _ in drawn))
    cuts.sort()
    return cuts[int(0.025 * RESAMPLED)], cuts[int(0.975 * RESAMPLED)]
