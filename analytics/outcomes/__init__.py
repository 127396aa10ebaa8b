"""How did patients fare at 90 days."""
