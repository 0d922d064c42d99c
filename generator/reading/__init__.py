"""What a text says: amounts, periods, names, measures, negations, sentences. Pure; knows nothing of findings."""
