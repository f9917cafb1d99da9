"""The media process as a command: `python -m goldentime.media FD`, started by the platform only."""

import sys

from goldentime.media.process import main

if __name__ == "__main__":
    main(int(sys.argv[1]))
