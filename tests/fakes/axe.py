"""What axe finds wrong with a page, in both themes."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
# the watermark is faint on purpose, and hidden from readers of screens
FIND_GRAVE = """(grave) => axe.run({ exclude: ['.watermark'] }).then(({ violations }) =>
  violations.filter((one) => grave.includes(one.impact)).map((one) =>
    [one.impact, one.id, one.nodes.length, one.nodes[0].html.slice(0, 160), one.nodes[0].failureSummary]))"""


def grave_findings(page: Page) -> list[object]:
    """What axe calls serious or critical, in words."""
    page.evaluate(AXE.read_text())  # a script tag the page's own policy refuses, as it should
    found: list[object] = page.evaluate(FIND_GRAVE, list(GRAVE))
    return found


def in_both_themes(page: Page) -> list[object]:
    """The grave findings in the dark and in the light theme."""
    found = []
    for theme in ("dark", "light"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        found += [(theme, one) for one in grave_findings(page)]
    return found
