"""Settings that refuse an unknown key and never change."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A part of a source YAML."""

    # A password put where it may not stand must not be repeated by the error about it.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
