"""The rows of fides_sample for MariaDB: its script there makes the tables only, so PostgreSQL's rows go into them."""

from __future__ import annotations

import re

from sqlalchemy import create_engine
from tests import shared_data


def fill(url: str) -> None:
    """Put the rows of the PostgreSQL script into the tables that MariaDB's script has too."""
    script = shared_data.script("fides_sample", "postgres")
    engine = create_engine(url)
    with engine.begin() as connection:
        for table, values in re.findall(r"INSERT INTO public\.(\w+) VALUES\s*(.*?);\n", script, re.DOTALL):
            if table in ("product", "composite_pk_test", "type_link_test", "loyalty", "dynamic_email_address_config"):
                continue
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES {values}".replace("%", "%%"))  # noqa: S608
    engine.dispose()
