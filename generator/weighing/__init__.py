"""What a finding means to the subject of a report: its impact, and what comes first."""
