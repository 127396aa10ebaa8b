"""What a reader takes away: tables and figures as files, each stamped with what it is of."""
