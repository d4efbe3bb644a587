"""A page about one model in one file: plain values in, HTML out; it knows no database."""
