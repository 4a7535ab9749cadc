"""Clients written for Statuspage read our public JSON from a real server, without change (status-api.md 5)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cast import people
from tests.live import LiveServer
from tests.status.seed_api import Seed, seed

discordstatus = pytest.importorskip("discordstatus")
whadup = pytest.importorskip("whadup")
httpx = pytest.importorskip("httpx")
statuspageio = pytest.importorskip("statuscheck.services.bases._statuspageio")
EXPORTER = shutil.which("statuspage-prometheus-exporter", path=str(Path(sys.executable).parent))


@pytest.fixture
def filled(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Seed:
    """The seed, behind a server that no proxy stands before."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with live_server.app.app_context():
        return seed(people.build().editor)


def test_discordstatus_reads_every_list(live_server: LiveServer, filled: Seed) -> None:
    client = discordstatus.DiscordStatus()
    client.base_target = f"{live_server.url}/api/v2"
    assert client.status["status"]["indicator"] == "major"
    assert len(client.summary["components"]) == len(client.components["components"]) == 5
    assert [one["name"] for one in client.unresolved_incidents["incidents"]] == ["Tracking is slow"]
    assert len(client.all_incidents["incidents"]) == 2
    found = (client.upcoming_maintenances, client.active_maintenances, client.all_maintenances)
    assert [len(each["scheduled_maintenances"]) for each in found] == [1, 1, 3]


def test_whadup_reads_through_its_own_objects(live_server: LiveServer, filled: Seed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whadup, "API_BASE_URL", f"{live_server.url}/api/")
    client = whadup.GithubStatus()
    for read in (client.summary, client.status, client.components, client.Incidents, client.Maintenances):
        assert read() is not None
    assert client.Incidents.unresolved() is not None
    assert client.Maintenances.upcoming() is not None
    assert client.Maintenances.active() is not None


def test_statuscheck_accepts_every_word(live_server: LiveServer, filled: Seed) -> None:
    class Ours(statuspageio.BaseStatusPageAPI):
        name, status_url, service_url, domain_id = "Ventanilla", live_server.url, live_server.url, "x"

        def _get_base_url(self) -> str:
            return f"{live_server.url}/api/v2/"

    summary = Ours().get_summary()
    assert (summary.status.code, len(summary.components)) == ("major", 5)
    assert len(summary.incidents) == 3, "incidents and windows"


@pytest.mark.skipif(EXPORTER is None, reason="statuspage-prometheus-exporter is not installed")
def test_prometheus_exporter_writes_what_is_true(live_server: LiveServer, filled: Seed, tmp_path: Path) -> None:
    services, metrics = tmp_path / "services.json", tmp_path / "metrics.prom"
    services.write_text(f'{{"v":{{"url":"{live_server.url}/api/v2/summary.json","name":"Ventanilla"}}}}')
    settings = {"RUN_MODE": "once", "SERVICES_JSON_PATH": str(services), "METRICS_TEXTFILE_PATH": str(metrics)}
    done = subprocess.run([str(EXPORTER)], cwd=tmp_path, env=os.environ | settings, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [line for line in metrics.read_text().splitlines() if not line.startswith("#")]
    components = [line for line in lines if line.startswith("statuspage_component_status{")]
    assert len(components) == 5
    assert sum(line.endswith(" 1.0") for line in components) == 2
    assert len([line for line in lines if line.startswith("statuspage_incident_info{")]) == 1
    assert len([line for line in lines if line.startswith("statuspage_maintenance_info{")]) == 2
    assert any(line.startswith("statuspage_probe_check{") and line.endswith(" 1.0") for line in lines)
