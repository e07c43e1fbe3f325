"""The small company of the request tests, in which time has passed."""

from tests.requests.conftest import company as company
from tests.requests.conftest import templates as templates
