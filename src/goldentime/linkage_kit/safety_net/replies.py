"""What the other side's answer to a message of ours means for sending it again."""

from goldentime.linkage_kit.safety_net.words import INTERNAL, OK, TOO_MANY, UNAUTHORISED, UNAVAILABLE
from goldentime.messages.news import Reply, Verdict

EXISTS = "4100"
_LATER = {UNAUTHORISED, TOO_MANY, INTERNAL, UNAVAILABLE}


def reply_of(result: str, words: str, type_code: str) -> Reply:
    """The verdict; a session that is over is opened again."""
    if type_code == EXISTS:
        return Reply(Verdict.EXISTS, type_code, words)
    taken = type_code == OK or (result.strip() == "0" and not type_code.strip())
    verdict = Verdict.TAKEN if taken else Verdict.LATER if type_code in _LATER else Verdict.REFUSED
    return Reply(verdict, type_code, words)
