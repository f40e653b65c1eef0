"""Watch a ceasefire: from deliveries of every kind to signed, checkable bulletins."""
