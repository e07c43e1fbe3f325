"""The small company of the request tests, at which several work at once."""

from tests.requests.conftest import company as company
from tests.requests.conftest import templates as templates
