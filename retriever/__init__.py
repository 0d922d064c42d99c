"""A question and a window to ranked, dated hits. Knows nothing of prompts."""
