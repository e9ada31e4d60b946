"""The review site: its place in the layers. Casework arrives with it; the static report lives in s7_report."""
