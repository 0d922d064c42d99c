"""Whether a sentence stands on its quotes."""
