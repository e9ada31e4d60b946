"""The papers a household and its officers hold in hand, set by Typst from a published month."""
