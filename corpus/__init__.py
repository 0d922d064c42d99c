"""What a document is: values, errors, readers, dates, originals. Knows nothing of vectors or questions."""
