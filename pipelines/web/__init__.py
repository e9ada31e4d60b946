"""The review site: where people decide. It reads what a run published and never runs a stage."""
