"""The optimizer of FSRS, where it is installed: it makes parameters that fit a log."""
