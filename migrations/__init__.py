"""Alembic migrations, run by `turnabout db`. File names start with the date."""
