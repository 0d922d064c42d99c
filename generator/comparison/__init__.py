"""What the archive's sources say of one fact: claims against each other, and who else tells it."""
