"""Events from the P and S arrivals that stations of a seismic network picked."""
