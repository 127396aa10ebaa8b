"""How large were the infarcts, and how do groups of patients differ."""
