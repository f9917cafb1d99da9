"""What is said of a choice is true also when more were chosen than there are pictures to have."""

from goldentime.city.cameras.inventory import Status
from goldentime.city.cameras.reasons import Answered, choice_text


def said(picked: int, working: int) -> str:
    count = {Status.WORKING: working, Status.FAILED: 0, Status.UNREGISTERED: 20}
    return choice_text(Answered(radius=500, picked=picked, count=count, nearest=None)).en


def test_no_more_are_said_to_be_chosen_of_the_working_ones_than_there_are() -> None:
    assert said(4, 6) == "4 chosen of the 6 working cameras within 500 m."
    assert said(12, 6).startswith("All 6 working cameras within 500 m chosen, and 6 without a stream address")
