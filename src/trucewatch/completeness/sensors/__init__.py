"""One response model per file; the file name is the procedure family."""
