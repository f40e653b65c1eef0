"""Signed notes and cosignatures are those of C2SP."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.store import checkpoint, note
from trucewatch.store.checkpoint import Checkpoint
from trucewatch.store.note import Note, Signer

# Published examples of the form: the Go module sumdb/note, and a C2SP-conforming
# implementation in Elixir (hex.pm/packages/signed_note).
EXAMPLES = [
    (
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
        "\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2p"
        "ZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
    ),
    (
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "This is an example message.\n"
        "\n"
        "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1E"
        "RYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n",
    ),
]
SIGNER = Signer("ledger.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))
SIGNED = SIGNER.sign("one\n\ntwo\n")


@pytest.mark.parametrize(("key", "text"), EXAMPLES)
def test_published_notes_are_accepted(key, text):
    found = note.parsed(text.encode())
    assert found.signed_by(note.parsed_key(key))
    assert str(note.parsed_key(key)) == key
    assert found.encoded() == text.encode()


@pytest.mark.parametrize(("key", "text"), EXAMPLES)
def test_published_notes_are_refused_with_another_word(key, text):
    found = note.parsed(text.replace("is", "was", 1).encode())
    assert not found.signed_by(note.parsed_key(key))


@given(st.integers(0, len(SIGNED.encoded()) - 1), st.integers(1, 255))
def test_no_byte_of_a_signed_note_can_be_changed(at, mask):
    data = bytearray(SIGNED.encoded())
    data[at] ^= mask
    try:
        assert not note.parsed(bytes(data)).signed_by(SIGNER.key)
    except ValueError as error:
        assert str(error)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_note_or_refused(data):
    try:
        assert note.parsed(data).encoded() == data
    except ValueError as error:
        assert str(error)


@given(st.text(max_size=100))
def test_any_word_is_a_key_or_refused(word):
    with pytest.raises(ValueError):
        note.parsed_key(word)


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("ledger.example+00000000+" + str(SIGNER.key).rsplit("+", 1)[1], "the id of"),
        ("ledger.example", "not a public key"),
        (str(SIGNER.key)[:-1], "not base64"),
    ],
)
def test_a_spoilt_key_is_refused_with_the_reason(word, why):
    with pytest.raises(ValueError, match=why):
        note.parsed_key(word)


def test_one_name_and_another_key_is_another_signer():
    other = Signer(SIGNER.name, Ed25519PrivateKey.from_private_bytes(b"\1" * 32))
    assert not SIGNED.signed_by(other.key)


def test_a_false_line_of_a_known_key_spoils_the_note():
    false = SIGNER.sign("another text\n").signatures
    both = Note(SIGNED.text, (*SIGNED.signatures, *false))
    assert not both.signed_by(SIGNER.key)


def test_a_cosignature_holds_for_its_checkpoint_and_time_only():
    text = Checkpoint("ledger.example", 3, bytes(32)).text()
    when = datetime(2025, 4, 21, tzinfo=UTC)
    key = note.public_key(SIGNER.private, "witness.example", note.COSIGNATURE)
    line = note.cosigned(text, SIGNER.private, "witness.example", when)
    message = b"cosignature/v1\ntime 1745193600\n" + text.encode()
    assert line.raw == (1745193600).to_bytes(8) + SIGNER.private.sign(message)
    assert line.by(key)
    assert line.holds(text, key)
    assert not line.holds(text.replace("3", "4"), key)
    later = note.Signature(line.name, line.key_id, b"\0" * 8 + line.raw[8:])
    assert not later.holds(text, key)


def test_a_checkpoint_is_read_back_as_written():
    head = Checkpoint("ledger.example", 20, bytes(range(32)))
    assert checkpoint.parsed(head.text()) == head


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n01\nAAAA\n",
        "a\n-1\nAAAA\n",
        "a\n1\nAAAA\n",
        "a\n1\n!\n",
        f"a\n1\n{'A' * 43}=\nmore\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(text):
    with pytest.raises(ValueError):
        checkpoint.parsed(text)
