"""Where the goldentime command begins."""

from goldentime.command import build
from goldentime.edges.cli.app import run


def main() -> None:
    """Run the command line."""
    run(build())


if __name__ == "__main__":
    main()
