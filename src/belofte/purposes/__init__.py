"""Purpose-bound use: views and extracts."""
