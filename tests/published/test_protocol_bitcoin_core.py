"""Source: Bitcoin Core's own validation code, through the library py-bitcoinkernel (pbk)."""

import hashlib
import struct
from pathlib import Path
from typing import Any

import pytest

from baseload.network import bits_to_target, subsidy_sat, target_to_bits

pbk: Any = pytest.importorskip("pbk", reason="py-bitcoinkernel is not installed")

# The test chain halves every 150 blocks, so height h there is height 1,400 h on the main chain.
MAIN_BLOCKS_PER_TEST_BLOCK = 210_000 // 150
EASIEST_BITS = 0x207FFFFF
GENESIS_TIME = 1_296_688_602


def _double_hash(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def _hash_number(header: bytes) -> int:
    return int.from_bytes(_double_hash(header), "little")


def _coinbase(height: int, value_sat: int) -> bytes:
    if height <= 16:
        script = bytes([0x50 + height, 0])
    else:
        number = height.to_bytes((height.bit_length() + 8) // 8, "little")
        script = bytes([len(number)]) + number
    spend = b"\0" * 32 + b"\xff" * 4 + bytes([len(script)]) + script + b"\xff" * 4
    pay = struct.pack("<q", value_sat) + b"\x01\x51"
    return struct.pack("<i", 1) + b"\x01" + spend + b"\x01" + pay + b"\0" * 4


def _header(previous: bytes, root: bytes, time: int, bits: int, nonce: int) -> bytes:
    return struct.pack("<i", 0x2000_0000) + previous + root + struct.pack("<III", time, bits, nonce)


def _mined(previous: bytes, height: int, time: int, value_sat: int) -> bytes:
    coinbase = _coinbase(height, value_sat)
    root = _double_hash(coinbase)
    nonce = 0
    while True:
        header = _header(previous, root, time, EASIEST_BITS, nonce)
        if _hash_number(header) <= 0x7FFFFF << 232:
            return header + b"\x01" + coinbase
        nonce += 1


def test_core_takes_our_subsidy_and_refuses_one_satoshi_more_across_three_halvings(
    tmp_path: Path,
) -> None:
    manager = pbk.load_chainman(tmp_path, pbk.ChainType.REGTEST)
    chain = manager.get_active_chain()
    previous = bytes(chain.block_tree_entries[0].block_hash)
    time = GENESIS_TIME
    for height in range(1, 452):
        ours = subsidy_sat(height * MAIN_BLOCKS_PER_TEST_BLOCK)
        if height % 150 in (149, 0, 1):
            greedy = _mined(previous, height, time + 1, ours + 1)
            manager.process_block(pbk.Block(greedy))
            assert chain.height == height - 1, f"one satoshi too much taken at {height}"
        time += 600
        block = _mined(previous, height, time, ours)
        manager.process_block(pbk.Block(block))
        assert chain.height == height, f"our subsidy refused at {height}"
        previous = _double_hash(block[:80])
    assert subsidy_sat(451 * MAIN_BLOCKS_PER_TEST_BLOCK) == 625_000_000


def _core_takes_work(header: bytes, coinbase: bytes) -> bool:
    parameters = pbk.ChainParameters(pbk.ChainType.REGTEST)
    block = pbk.Block(header + b"\x01" + coinbase)
    state = block.check(parameters.consensus_params, pbk.BlockCheckFlags.POW)
    return bool(state.validation_mode == pbk.ValidationMode.VALID)


@pytest.mark.parametrize(
    # Targets near the top of the range, so that a few thousand hashes are enough.
    "bits",
    [0x20711111, 0x20123456, 0x2000FFFF, 0x20008000, 0x21007111, 0x21000012, 0x2200007F],
)
def test_core_draws_the_line_between_valid_and_invalid_hashes_at_our_target(bits: int) -> None:
    coinbase = _coinbase(1, 0)
    root = _double_hash(coinbase)
    target = bits_to_target(bits)
    below = above = None
    nonce = 0
    # Within a tenth of the target on either side, which pins mantissa and exponent.
    while below is None or above is None:
        header = _header(b"\0" * 32, root, GENESIS_TIME, bits, nonce)
        ratio = _hash_number(header) / target
        if 0.9 < ratio <= 1:
            below = header
        elif 1 < ratio < 1.1:
            above = header
        nonce += 1
    assert _core_takes_work(below, coinbase)
    assert not _core_takes_work(above, coinbase)


@pytest.mark.parametrize("bits", [0x01800000, 0x04923456, 0x20800001, 0x21010000, 0xFF123456, 0])
def test_core_takes_no_work_for_targets_that_we_refuse_or_that_are_zero(bits: int) -> None:
    coinbase = _coinbase(1, 0)
    root = _double_hash(coinbase)
    try:
        target = bits_to_target(bits)
    except ValueError:
        target = 0
    assert target == 0
    headers = (_header(b"\0" * 32, root, GENESIS_TIME, bits, nonce) for nonce in range(50))
    assert not any(_core_takes_work(header, coinbase) for header in headers)


def test_the_genesis_blocks_of_cores_chains_have_targets_in_our_compact_form(
    tmp_path: Path,
) -> None:
    for number, kind in enumerate((pbk.ChainType.MAINNET, pbk.ChainType.REGTEST)):
        manager = pbk.load_chainman(tmp_path / str(number), kind)
        header = manager.get_active_chain().block_tree_entries[0].block_header
        target = bits_to_target(header.bits)
        assert target_to_bits(target) == header.bits
        assert _hash_number(bytes(header)) <= target
