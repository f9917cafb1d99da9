"""How reading a message is put down: field by field, with what was repaired and what it must be refused for."""

from dataclasses import dataclass

from goldentime.core.errors import BadMessage
from goldentime.core.text import Text


@dataclass(frozen=True, slots=True)
class ExplainedField:
    """One field as it came, what we took it to mean and, when something is wrong with it, what."""

    name: str
    value: str
    meaning: Text
    problem: Text | None = None


class Ledger:
    """Strict by default: the first refusal is raised; when explaining, all of them are gathered instead."""

    def __init__(self, *, explaining: bool = False) -> None:
        """Gather the meaning of every field only when somebody will read it."""
        self.explaining = explaining
        self.fields: list[ExplainedField] = []
        self.notes: list[Text] = []
        self.refusals: list[BadMessage] = []

    def understood(self, name: str, value: str, ko: str, en: str) -> None:
        """The field made sense."""
        if self.explaining:
            self.fields.append(ExplainedField(name, value, Text(ko, en)))

    def repaired(self, name: str, value: str, meaning: Text, problem: Text) -> None:
        """An optional field was mended or left out; the sender is told so."""
        self.notes.append(problem)
        if self.explaining:
            self.fields.append(ExplainedField(name, value, meaning, problem))

    def refuse(self, error: BadMessage, value: str = "") -> None:
        """The message cannot be taken; raises `error` unless explaining."""
        if not self.explaining:
            raise error
        self.refusals.append(error)
        unread = Text("읽지 못함", "not understood")
        self.fields.append(ExplainedField(error.field or "?", value, unread, error.text))
