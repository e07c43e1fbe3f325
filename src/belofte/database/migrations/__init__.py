"""The steps from an empty database to the schema, run by Alembic.

`HEAD` is known without Alembic, so that opening an up-to-date database costs one query.
"""

HEAD = "0020"
