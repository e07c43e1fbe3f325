"""The example company's maps hold against the schemas that it really has."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import shared_data

from belofte.datamap.check import map_findings
from belofte.datamap.load import load as load_map
from belofte.policy.load import load as load_policy
from belofte.stores.connect import connect
from belofte.stores.reflect import reflect

COMPANY = Path(__file__).resolve().parents[2] / "examples" / "alsico"


@pytest.mark.parametrize(
    ("store", "script", "dialect"), [("crm", "crm.sql", "postgres"), ("newsletter", "shop.sql", "mariadb")]
)
def test_the_examples_maps_break_nothing(store, script, dialect, request):
    url = request.getfixturevalue(dialect)()
    database = url.split("@/")[1].split("?")[0]
    load = shared_data.load_postgres if dialect == "postgres" else shared_data.load_mariadb
    load(request.getfixturevalue(f"{dialect}_running"), database, (COMPANY / "schema" / script).read_text())
    policy = load_policy({path.name: path.read_bytes() for path in (COMPANY / "policy").glob("*.yaml")})
    file = COMPANY / "stores" / f"{store}.yaml"
    opened = connect(url, read_only=True)
    findings = map_findings(load_map(file.name, file.read_bytes(), policy), policy.policy, reflect(opened.engine))
    opened.close()
    assert [f"{one.place}: {one.message}" for one in findings if one.severity != "note"] == []
