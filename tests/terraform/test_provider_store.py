"""The CLI configuration that makes every command take the one provider."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from gateprint.terraform.store import ProviderStore, command_settings

AT_ONCE = 16


def store(folder: Path) -> ProviderStore:
    return ProviderStore(folder, "5.100.0", folder / "5.100.0.lock.hcl")


def test_commands_take_the_provider_from_the_store_alone(tmp_path: Path) -> None:
    settings = command_settings(store(tmp_path / 'a "mirror"'), tmp_path)
    text = Path(settings["TF_CLI_CONFIG_FILE"]).read_text(encoding="utf-8")
    assert f'path = "{tmp_path}/a \\"mirror\\""' in text
    assert "direct" not in text


def test_stacks_that_start_at_once_in_a_fresh_project_do_not_disturb_each_other(
    tmp_path: Path,
) -> None:
    for attempt in range(10):
        project, ready = tmp_path / str(attempt), Barrier(AT_ONCE)

        def start(_: int, project: Path = project, ready: Barrier = ready) -> dict[str, str]:
            ready.wait()
            return command_settings(store(tmp_path), project)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            (path,) = {each["TF_CLI_CONFIG_FILE"] for each in pool.map(start, range(AT_ONCE))}
        assert [str(each) for each in Path(path).parent.iterdir()] == [path]
