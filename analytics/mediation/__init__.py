"""Does the smaller infarct explain the better outcome."""
