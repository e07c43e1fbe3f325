"""The small company of the request tests, where something goes wrong."""

from tests.database.fixtures import db as db
from tests.database.fixtures import key as key
from tests.database.fixtures import migrated as migrated
from tests.requests.conftest import company as company
from tests.requests.conftest import templates as templates
