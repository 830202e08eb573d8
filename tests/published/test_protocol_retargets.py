"""Source: Bitcoin block headers (nBits and time of a period's first and last block, next nBits)."""

import pytest

from baseload.network import (
    MAX_TARGET_BITS,
    RETARGET_CLAMP,
    TARGET_SECONDS_PER_PERIOD,
    bits_to_target,
    block_work,
    next_bits,
    target_to_bits,
    target_to_difficulty,
)

# period, bits, time of its first block, time of its last block, bits of the next period: the first
# ones, the first above difficulty 1, the only one that met the clamp, the largest rises and falls
# of all and of the years since 2020, and some of the newest.
RETARGETS = (
    (0, 0x1D00FFFF, 1231006505, 1233061996, 0x1D00FFFF),
    (10, 0x1D00FFFF, 1248481816, 1252066931, 0x1D00FFFF),
    (14, 0x1D00FFFF, 1259358667, 1261128623, 0x1D00FFFF),
    (15, 0x1D00FFFF, 1261130161, 1262152739, 0x1D00D86A),
    (16, 0x1D00D86A, 1262153464, 1263249842, 0x1D00C428),
    (32, 0x1C0AE493, 1278381464, 1279007808, 0x1C05A3F4),
    (33, 0x1C05A3F4, 1279008237, 1279297671, 0x1C0168FD),
    (34, 0x1C0168FD, 1279297779, 1280196974, 0x1C010C5A),
    (42, 0x1B2F8E9D, 1286861705, 1287637343, 0x1B1E7ECA),
    (61, 0x1A6A93B3, 1304975844, 1305755857, 0x1A44B9F2),
    (62, 0x1A44B9F2, 1305756287, 1306435280, 0x1A269421),
    (64, 0x1A1D932F, 1307363105, 1308145551, 0x1A132185),
    (65, 0x1A132185, 1308145774, 1308914894, 0x1A0C2A12),
    (103, 0x1A04FAEB, 1352743186, 1353928117, 0x1A04E0EA),
    (308, 0x17110119, 1583751917, 1585191082, 0x17143B41),
    (311, 0x1711A333, 1587452724, 1588651347, 0x17117A39),
    (314, 0x17147F35, 1591273852, 1592326176, 0x1711D4F2),
    (324, 0x170E134E, 1602950620, 1604391477, 0x1710C433),
    (337, 0x170BEF93, 1618515703, 1619899807, 0x170DA863),
    (338, 0x170DA863, 1619900822, 1620896111, 0x170B3CE9),
    (339, 0x170B3CE9, 1620896338, 1622335745, 0x170D5F7B),
    (341, 0x170E1EF9, 1623614836, 1625293501, 0x171398CE),
    (375, 0x1708F9AE, 1664333794, 1665399026, 0x1707E772),
    (410, 0x1704005A, 1705761155, 1706888111, 0x1703BA5D),
    (412, 0x170371B1, 1708008110, 1709253900, 0x17038C12),
    (413, 0x17038C12, 1709253937, 1710397305, 0x17035A59),
    (460, 0x1701E63A, 1765424862, 1766633953, 0x1701E605),
    (461, 0x1701E605, 1766634486, 1767858836, 0x1701EBF2),
    (463, 0x1701FCA1, 1769110282, 1770471767, 0x17023C7E),
    (464, 0x17023C7E, 1770472605, 1771526952, 0x1701F303),
    (466, 0x1701F0CC, 1772731727, 1774043032, 0x17021A91),
    (468, 0x17020684, 1775208520, 1776448209, 0x17021369),
)


@pytest.mark.parametrize(("period", "bits", "first", "last", "following"), RETARGETS)
def test_every_listed_period_gets_the_target_that_the_chain_gave_it(
    period: int, bits: int, first: int, last: int, following: int
) -> None:
    assert next_bits(bits, first_timestamp=first, last_timestamp=last) == following


@pytest.mark.parametrize(
    "bits", sorted({row[1] for row in RETARGETS} | {row[4] for row in RETARGETS})
)
def test_bits_of_the_chain_survive_the_way_to_a_target_and_back(bits: int) -> None:
    assert target_to_bits(bits_to_target(bits)) == bits


def test_the_list_holds_the_clamp_and_the_limit_at_work() -> None:
    spans = {row[0]: row[3] - row[2] for row in RETARGETS}
    assert spans[33] < TARGET_SECONDS_PER_PERIOD // RETARGET_CLAMP
    assert spans[10] > TARGET_SECONDS_PER_PERIOD
    assert next(row for row in RETARGETS if row[0] == 10)[4] == MAX_TARGET_BITS


def test_the_difficulty_on_28_december_2025_is_what_a_public_calculator_showed() -> None:
    # Braiins Learn, mining calculator, feature sheet of 2025-12-28.
    assert int(target_to_difficulty(bits_to_target(0x1701E605))) == 148_258_433_855_481


def test_the_difficulty_of_june_2026_is_what_was_reported() -> None:
    # solobitaxe.com, "Bitcoin Mining Difficulty Dropped 10.09%" (block 953,568, 14 June 2026).
    before = target_to_difficulty(bits_to_target(0x1702068F))
    after = target_to_difficulty(bits_to_target(0x170240C3))
    assert (int(before), int(after)) == (138_955_357_012_247, 124_932_866_006_548)
    assert round(100 * (after / before - 1), 2) == -10.09


def test_the_easiest_block_stands_for_a_little_more_than_two_to_the_32_hashes() -> None:
    # Bitcoin Core, chain parameters of early releases: work of the genesis block 0x100010001.
    assert block_work(bits_to_target(MAX_TARGET_BITS)) == 0x1_0001_0001
