"""What every layer may use: errors, ids, the period, logging, settings."""
