"""The command line keeps its promises to scripts: exit codes, one clear message."""

import pytest

from trucewatch.plugin import names
from trucewatch.watch.cli import COMMANDS, code


def test_every_command_explains_itself(capsys):
    for name in names(COMMANDS):
        assert code([name, "--help"]) == 0
    assert "Usage: trucewatch" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run"], "mission"),
        (["run", "nowhere.yaml"], "nowhere.yaml cannot be read"),
        (["verify", "nowhere"], "neither a bulletin"),
        (["replay", "nowhere", "--bulletin", "x"], "holds no ledger"),
        (["bulletin", "nowhere", "--day", "yesterday"], "yesterday"),
        (["bulletin", "nowhere", "--day", "2025-04-20", "--stage", "Z"], "'Z'"),
        (["conjure"], "conjure"),
    ],
)
def test_bad_usage_leaves_with_2_and_one_message(arguments, says, capsys):
    assert code(arguments) == 2
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told


def test_a_fault_is_told_without_a_stack(monkeypatch, capsys):
    monkeypatch.delenv("TRUCEWATCH_DEBUG", raising=False)

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("trucewatch.watch.cli.get_command", broken)
    assert code(["run", "x"]) == 2
    assert "fault of trucewatch itself" in capsys.readouterr().err
