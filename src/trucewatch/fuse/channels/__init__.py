"""One channel per file; the file name is the detector whose detections it speaks for."""
