"""One channel per file; the file name is the detector it speaks for."""
