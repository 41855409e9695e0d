"""The files of the monitoring set-up say what lesson 08 says of them."""

from __future__ import annotations

from pathlib import Path

import yaml

from helpers.exercises.lesson_08 import EXERCISES
from helpers.model.image.reference import ImageReference

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "monitoring"
LESSON = (ROOT / "notebooks/source/08_monitoring_and_logs.md").read_text(encoding="utf-8")


def test_every_service_has_a_pinned_image_a_bound_and_a_door_for_this_machine_alone() -> None:
    services = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert services.keys() == {
        *("shop", "prometheus", "grafana", "fluent-bit", "elasticsearch", "kibana"),
    }
    for name, service in services.items():
        assert service["mem_limit"], name
        for port in service.get("ports", ()):
            address, outside, _ = port.split(":")
            assert (address, 4065 <= int(outside) <= 4069) == ("127.0.0.1", True), name
        if image := service.get("image"):
            assert ImageReference.parse(image).tag not in (None, "latest"), name
            assert image in LESSON, f"the lesson asks where {image} can be had"


def test_every_file_that_is_mounted_is_there() -> None:
    services = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))["services"]
    mounts = [mount for service in services.values() for mount in service.get("volumes", ())]
    files = [mount.split(":")[0] for mount in mounts if mount.startswith("./")]
    assert len(files) == 3
    for file in files:
        assert (FOLDER / file).is_file(), file
    assert (FOLDER / services["shop"]["build"] / "Dockerfile").is_file()


def test_prometheus_asks_app_engine_and_itself() -> None:
    jobs = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert {job["job_name"]: job["static_configs"][0]["targets"] for job in jobs} == {
        "shop": ["shop:80"],
        "engine": ["host.docker.internal:9323"],
        "prometheus": ["localhost:9090"],
    }


def test_the_starters_in_the_notebook_are_the_exercises_own() -> None:
    for exercise in EXERCISES:
        assert exercise.starter in LESSON
