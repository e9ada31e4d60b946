"""Settings that refuse an unknown key and never change."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A part of a source YAML."""

    model_config = ConfigDict(extra="forbid", frozen=True)
