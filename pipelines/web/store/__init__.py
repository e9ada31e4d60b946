"""What the review site keeps: accounts, sessions, rate limits, the queue's projection, looks and drafts."""
