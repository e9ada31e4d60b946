"""A month's tables in words: cases with their evidence, sentences in two languages, masking. For papers and screens alike."""
