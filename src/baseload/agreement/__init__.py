"""The accord on a study: what coalitions are worth, who gains by what, what holds after signing.

Coalitions are worth what their rights let them run, and that is simulated: nothing is typed in
unless a user does. `accord_of` puts it together.
"""
