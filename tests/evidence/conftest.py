"""The small company of the request tests, whose history is looked at."""

from tests.requests.conftest import company as company
from tests.requests.conftest import templates as templates
