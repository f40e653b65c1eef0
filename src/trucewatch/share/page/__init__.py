"""A bulletin as a page of sentences and tables, the same for every format."""
