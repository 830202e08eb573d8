"""Claims: quoted statements with their source, held against results and facts.

The schema is in `baseload.claims.schema`, the judgement in `baseload.claims.judge`.
"""
