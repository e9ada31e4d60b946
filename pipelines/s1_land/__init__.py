"""Land: bytes as they came, checked against their sign-off, every physical line counted and addressed."""

from pipelines.s1_land.account import Fates, account
from pipelines.s1_land.land import DeliveredFile, Delivery, Landed, land
from pipelines.s1_land.sign_off import SignOff, read_sign_off

__all__ = ["DeliveredFile", "Delivery", "Fates", "Landed", "SignOff", "account", "land", "read_sign_off"]
