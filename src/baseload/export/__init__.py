"""A year of a plant handed to another program, for whoever would rather believe that one."""
