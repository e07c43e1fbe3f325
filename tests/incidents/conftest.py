"""The small company of the request tests, where something goes wrong."""

from tests.requests.conftest import company as company
from tests.requests.conftest import templates as templates
