"""The tree of RFC 6962 and its paths, and bytes in which no two rows look alike."""

import pytest

from bank.ledger.tree import canonical, leaf_hash, node_hash, path_to, tree_root

# The vectors of the RFC's reference implementation.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes.fromhex(each)) for each in INPUTS]


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_that_of_the_rfc(size: int) -> None:
    assert tree_root(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "length"), [(0, 8, 3), (5, 8, 3), (2, 3, 1), (1, 5, 3), (4, 5, 1), (0, 1, 0)])
def test_a_path_is_as_long_as_in_the_rfc(index: int, size: int, length: int) -> None:
    assert len(path_to(index, LEAVES[:size])) == length


def test_a_path_names_the_siblings_from_the_leaf_up() -> None:
    left = node_hash(node_hash(LEAVES[0], LEAVES[1]), node_hash(LEAVES[2], LEAVES[3]))
    assert path_to(4, LEAVES[:6]) == [LEAVES[5], left]


def test_no_two_rows_have_the_same_bytes() -> None:
    rows = [("a", "bc"), ("ab", "c"), ("a", "b", "c"), ("abc",), (None,), ("None",), ("",), ("-1:",), ("1:a",), ("好",), ("å¥½",)]
    assert len({canonical(row) for row in rows}) == len(rows)


def test_lengths_are_in_bytes() -> None:
    assert canonical(["好", 7, None]) == b"3:" + "好".encode() + b"1:7-1:"
