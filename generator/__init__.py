"""Hits to verified findings to a report. Knows nothing of files on disk."""
