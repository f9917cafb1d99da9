"""Why a whole file cannot be used."""

from goldentime.core.errors import OperatorsError
from goldentime.core.text import Text


class BadFile(OperatorsError):  # noqa: N818  (reads as the outcome, like BadMessage)
    """The file cannot be read or holds nothing usable; the city's state is as it was."""

    code = "bad_file"


class ColumnsNotFound(BadFile):
    """Columns could not be told apart; `mapping` is a mapping file to start from."""

    code = "columns_not_found"

    def __init__(self, text: Text, mapping: str) -> None:
        """Keep the mapping file to start from."""
        super().__init__(text)
        self.mapping = mapping
