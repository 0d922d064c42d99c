"""The model's part: what it is asked, under which grammar, and what it has earned to be asked."""
