"""Where waves heard at several arrays came from."""
