"""Documents to passages, vectors, postings and segments. Knows nothing of questions."""
