"""What an account must be to be made: its name, and the agency, unit or cameras that go with its role."""

import re
from dataclasses import dataclass

from goldentime.city.cameras.inventory import Purpose
from goldentime.city.people.account import Account, Role
from goldentime.city.people.pseudonym import VIEWER_PREFIX
from goldentime.core.errors import Conflict, Invalid
from goldentime.core.ids import AccountId, AgencyId, UnitId
from goldentime.core.text import Language, Text
from goldentime.flows.ports import Reading

NOT_A_CREW = Text("출동대는 출동대원 계정에만, 반드시 정합니다.", "A unit belongs to a crew's account and to no other.")
SIGN_IN_NAME = re.compile(r"\w[\w.-]{0,63}")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Who shall be able to sign in; an agency for the agency role and for no other, a unit for a crew."""

    name: str
    display_name: str
    role: Role
    agency: AgencyId | None = None
    language: Language = "ko"
    camera_purposes: frozenset[Purpose] | None = None
    unit: UnitId | None = None


def make_account(look: Reading, wanted: NewAccount, account: AccountId, hashed: str) -> Account:
    """The account with a password to be changed first, not yet kept; raises Invalid, Conflict for a taken name."""
    _check_new(look, wanted)
    return Account(
        id=account,
        name=wanted.name,
        display_name=wanted.display_name,
        role=wanted.role,
        agency=wanted.agency if wanted.unit is None else agency_of_unit(look, wanted.unit),
        password=hashed,
        language=wanted.language,
        must_change_password=True,
        camera_purposes=plain(wanted.camera_purposes),
        unit=wanted.unit,
    )


def _check_new(look: Reading, wanted: NewAccount) -> None:
    if not SIGN_IN_NAME.fullmatch(wanted.name) or wanted.name.startswith(VIEWER_PREFIX):
        raise Invalid(
            Text(
                "아이디는 글자, 숫자, 점, 밑줄, 붙임표로 64자까지 쓸 수 있습니다.",
                "A sign-in name is up to 64 letters, digits, dots, underscores and hyphens.",
            ),
            field="name",
        )
    if not wanted.display_name.strip():
        raise Invalid(Text("이름을 적어 주십시오.", "A name to show is needed."), field="display_name")
    if (wanted.role is Role.AGENCY) != (wanted.agency is not None):
        raise Invalid(
            Text("기관 계정에만 기관을 정합니다.", "An agency belongs to the agency role and to no other."),
            field="agency_id",
        )
    if (wanted.role is Role.CREW) != (wanted.unit is not None):
        raise Invalid(NOT_A_CREW, field="unit_id")
    check_cameras(wanted.role, wanted.camera_purposes)
    if wanted.agency is not None and look.find_agency(wanted.agency) is None:
        raise Invalid(Text("그런 기관이 없습니다.", "There is no such agency."), field="agency_id")
    if look.find_account_by_name(wanted.name) is not None:
        raise Conflict(Text("이미 쓰이는 아이디입니다.", "The sign-in name is taken."))


def agency_of_unit(look: Reading, unit_id: UnitId) -> AgencyId:
    """Whose unit it is; raises Invalid for one that is not there."""
    unit = look.find_unit(unit_id)
    if unit is None or unit.removed_at is not None:
        raise Invalid(Text("그런 출동대가 없습니다.", "There is no such unit."), field="unit_id")
    return unit.agency


def check_cameras(role: Role, purposes: frozenset[Purpose] | None) -> None:
    """Raises Invalid for cameras of a duty that the role has not, or for none at all."""
    if purposes is None:
        return
    if role is not Role.OPERATOR:
        raise Invalid(
            Text("담당 카메라는 관제요원에게만 정합니다.", "Only an operator has cameras of a duty."),
            field="camera_purposes",
        )
    if not purposes:
        raise Invalid(
            Text("담당 카메라를 하나 이상 고르십시오.", "Choose at least one kind of camera."), field="camera_purposes"
        )


def plain(purposes: frozenset[Purpose] | None) -> frozenset[str] | None:
    """As an account keeps them; None for all."""
    return None if purposes is None else frozenset(purpose.value for purpose in purposes)
