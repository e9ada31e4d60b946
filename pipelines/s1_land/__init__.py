"""Land: bytes as they came, checked against their sign-off, every physical line counted and addressed."""

from pipelines.s1_land.account import Fates, account
from pipelines.s1_land.content import Content
from pipelines.s1_land.land import DeliveredFile, Delivery, Landed, LandedWhole, land, land_whole
from pipelines.s1_land.readers import shown_cells
from pipelines.s1_land.sign_off import SignOff, read_sign_off

__all__ = [
    "Content",
    "DeliveredFile",
    "Delivery",
    "Fates",
    "Landed",
    "LandedWhole",
    "SignOff",
    "account",
    "land",
    "land_whole",
    "read_sign_off",
    "shown_cells",
]
