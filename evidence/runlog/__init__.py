"""The run log: one record for each answer, chained, kept on disk. Knows nothing of questions or models."""
