"""What can go wrong, in one tree, by whose fault it is."""

from goldentime.core.text import Text


class GoldentimeError(Exception):
    """The root; carries a stable code and what to tell the person, in both languages."""

    code = "error"

    def __init__(self, text: Text, *, code: str | None = None) -> None:
        """Keep the text; `code` overrides the class's own."""
        super().__init__(text.en)
        self.text = text
        if code is not None:
            self.code = code


class SendersError(GoldentimeError):
    """An outside party sent something wrong; it gets a clear answer."""

    code = "bad_request"


class BadMessage(SendersError):  # noqa: N818  (the design's word)
    """A message that cannot be read; `type_code` is the safety net's own (4000, 4101, 4102 ...)."""

    code = "bad_message"

    def __init__(self, text: Text, *, type_code: str = "4000", field: str | None = None) -> None:
        """Name the field at fault when there is one."""
        super().__init__(text)
        self.type_code = type_code
        self.field = field


class OperatorsError(GoldentimeError):
    """A person asked for something that cannot be done as asked."""

    code = "invalid"


class Invalid(OperatorsError):  # noqa: N818
    """What was typed cannot be used; `field` names which input."""

    def __init__(self, text: Text, *, field: str | None = None) -> None:
        """Name the input at fault when there is one."""
        super().__init__(text)
        self.field = field


class TooManyTries(OperatorsError):  # noqa: N818
    """Tried too often; may be tried again after `retry_after` seconds."""

    code = "too_many_tries"

    def __init__(self, text: Text, *, retry_after: float) -> None:
        """Keep how long to wait, in seconds."""
        super().__init__(text)
        self.retry_after = retry_after


class NotFound(OperatorsError):  # noqa: N818
    """The thing asked for is not here, or not for this person."""

    code = "not_found"


class Conflict(OperatorsError):  # noqa: N818
    """The thing changed meanwhile, or its state forbids the step."""

    code = "conflict"


class Refused(OperatorsError):  # noqa: N818
    """The law or the policy does not allow it; refusals are put on record."""

    code = "refused"


class Unauthenticated(OperatorsError):  # noqa: N818
    """Nobody is signed in, or the session has ended."""

    code = "unauthenticated"


class OurError(GoldentimeError):
    """The platform's own fault: storage, media or a bug."""

    code = "internal"


class StorageFailed(OurError):  # noqa: N818
    """The disk is full or the database does not answer; nothing was accepted."""

    code = "storage_failed"


class MediaUnavailable(OurError):  # noqa: N818
    """The media process is down or starting; intake goes on without it."""

    code = "media_unavailable"
