"""What a study says: names for its results, and claims held against them."""
