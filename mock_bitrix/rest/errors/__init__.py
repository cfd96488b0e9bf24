"""Every refusal of the REST surface: a code, a status, a text. No other file spells a code.

A class is one row of the error table; its docstring is its text, with {names} for what varies. The
refusals of entities stand apart, in `entities.py`.
"""

from mock_bitrix.rest.errors.arguments import *
from mock_bitrix.rest.errors.authorisation import *
from mock_bitrix.rest.errors.base import *
from mock_bitrix.rest.errors.bindings import *
from mock_bitrix.rest.errors.calls import *
from mock_bitrix.rest.errors.limits import *
