"""Who must agree: parties, the rights they hold, what rights let a coalition run, arrangements."""
