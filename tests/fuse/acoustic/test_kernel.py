import numpy as np

from trucewatch.fuse.acoustic.kernel import cache_folder, kernel, part
from trucewatch.fuse.acoustic.network import Network, Picks
from trucewatch.fuse.acoustic.scene import first_from, scene_of


@part
def _half(x):
    return 0.5 * x


@kernel
def _quarter(x):
    return _half(_half(x))


@part
def _times(x, n):
    return x * n


@kernel
def _twice_and_thrice(x):
    return _times(x, 2) + _times(x, 3)


def package(folder):
    folder.mkdir()
    (folder / "a.py").write_text("from here.there.b import y\n")
    (folder / "b.py").write_text("from here.there.c import z\n")
    (folder / "c.py").write_text("z = 1\n")
    (folder / "d.py").write_text("w = 1\n")
    return folder / "a.py"


def test_a_change_in_what_a_module_rests_on_asks_for_new_code(tmp_path):
    here = package(tmp_path / "p")
    before = cache_folder(here, "", tmp_path)
    (tmp_path / "p" / "d.py").write_text("w = 2\n")
    assert cache_folder(here, "", tmp_path) == before
    (tmp_path / "p" / "c.py").write_text("z = 2\n")
    assert cache_folder(here, "", tmp_path) != before


def test_a_package_that_cannot_be_written_leaves_its_code_with_the_user(tmp_path):
    here = package(tmp_path / "p")
    (tmp_path / "p" / "__pycache__").write_text("a file where a folder should be")
    folder = cache_folder(here, "", tmp_path / "home")
    assert (tmp_path / "home").resolve() in folder.resolve().parents


def test_the_folder_of_the_environment_goes_first(tmp_path):
    here = package(tmp_path / "p")
    folder = cache_folder(here, str(tmp_path / "given"), tmp_path / "home")
    assert folder.parent == tmp_path / "given"


def test_what_the_package_brings_is_used_and_copied_where_another_place_is_asked(
    tmp_path,
):
    here = package(tmp_path / "p")
    name = cache_folder(here, "", tmp_path).name
    brought = tmp_path / "p" / "compiled" / name
    brought.mkdir(parents=True)
    (brought / "code").write_bytes(b"compiled")
    assert cache_folder(here, "", tmp_path) == brought
    asked = cache_folder(here, str(tmp_path / "given"), tmp_path)
    assert (asked / "code").read_bytes() == b"compiled"


def test_kernels_use_parts():
    assert _quarter(2.0) == 0.5


def test_one_compilation_serves_calls_with_different_numbers():
    assert _twice_and_thrice(1.0) == 5.0
    assert len(_times.overloads) < 2  # none where the kernel came from disk


def test_the_first_pick_from_a_time_is_found_however_crowded_the_picks():
    at = np.concatenate([np.arange(5) * 400.0, 1_000.0 + np.arange(200) * 1e-3])
    sensor = np.zeros(at.size, np.int64)
    picks = Picks(
        time_s=np.sort(at), sensor=sensor, level_db=at * 0.0, snr_db=at * 0.0 + 9.0
    )
    three = np.array([0.0, 1_000.0, 0.0])
    network = Network(
        sensor_id=("a", "b", "c"),
        x_m=three,
        y_m=three[::-1] * 2.0,
        clock_sigma_s=three * 0.0 + 0.002,
        noise_db=three * 0.0 + 85.0,
    )
    scene, _ = scene_of(network, picks, None, 1_000.0)
    times = scene.time
    for t in np.concatenate([[-1e6, 1e6], times, times - 1e-4, times + 1e-4]):
        assert first_from(scene, 0, t) == np.searchsorted(times, t)
        assert first_from(scene, 1, t) == times.size
