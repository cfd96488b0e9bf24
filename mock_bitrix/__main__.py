"""`python -m mock_bitrix`."""

from mock_bitrix.cli import main

main(prog_name="mock-bitrix")
