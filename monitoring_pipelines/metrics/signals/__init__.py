"""What the calls of an LLM application, or the tasks of an agent, came to; one family a file."""
