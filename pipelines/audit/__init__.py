"""What an auditor does with a published month: compute it again, bundle it, trace it upwards, sample it, export it."""
