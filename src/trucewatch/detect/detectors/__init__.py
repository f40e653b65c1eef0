"""One detector per file; the file name is its name in the mission file."""
