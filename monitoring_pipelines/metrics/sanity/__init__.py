"""What is odd about a column rather than bad: told in a sentence, and no reason to wake anybody."""
