"""Record what people of the coordination cell decided about findings."""
