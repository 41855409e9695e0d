"""What goes along from this machine, and above all what does not."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from helpers.engine.host.pip_settings import pip_settings, pip_traces, usable_url
from helpers.engine.host.trust import BUNDLE_INSIDE, Trust, machine_trust, own_certificates

SECRET = "hunter2"
# The index `pypi` of the user `root`: devpi's own mirror of PyPI.
DEVPI_MIRROR = "root/pypi"

Store = tuple[Path, Path]


def pem(word: str, width: int = 64) -> str:
    body = base64.b64encode(word.encode() * 20).decode()
    lines = [body[at : at + width] for at in range(0, len(body), width)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    for word in ("one", "two"):
        (shipped / f"{word}.crt").write_text(pem(word))
    return shipped, tmp_path / "bundle.crt"


def test_only_what_the_distribution_does_not_ship_is_taken(store: Store) -> None:
    shipped, bundle = store
    bundle.write_text(
        "# a comment\n" + pem("two") + pem("company") + pem("one", 76) + pem("company")
    )
    assert own_certificates(bundle, shipped) == (pem("company"),)


def test_the_distributions_own_bundle_is_nothing_special(store: Store) -> None:
    shipped, bundle = store
    bundle.write_text(pem("one") + pem("two"))
    trust = Trust(own_certificates(bundle, shipped))
    assert trust == Trust()
    assert trust.pip_conf() == ""
    assert trust.environment() == {}


def test_where_no_set_is_there_to_compare_with_nothing_is_taken(
    store: Store, tmp_path: Path
) -> None:
    _, bundle = store
    bundle.write_text(pem("company"))
    assert own_certificates(bundle, tmp_path / "nowhere") == ()
    assert own_certificates(tmp_path / "no-bundle", store[0]) == ()


def test_certificates_are_told_to_whoever_has_a_store_of_its_own() -> None:
    trust = Trust((pem("company"),), (("timeout", "30"),))
    assert set(trust.environment()) == {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"}
    assert trust.pip_conf() == f"[global]\ntimeout = 30\ncert = {BUNDLE_INSIDE}\n"
    assert trust
    assert not Trust(left_out=("pip's index-url: no",))
    assert Trust().fingerprint != trust.fingerprint != Trust((pem("company"),)).fingerprint


def test_pip_settings_that_make_sense_in_a_container_are_kept(tmp_path: Path) -> None:
    first, second = tmp_path / "a.conf", tmp_path / "b.conf"
    first.write_text("[global]\nindex-url = https://a.example/simple\ntimeout = 5\nuser = true\n")
    second.write_text(
        "[global]\nindex_url = https://b.example/simple\n"
        "extra-index-url = file:///srv/simple\n  https://c.example/simple\n  /srv/more\n"
        "[install]\ntrusted-host = b.example\n  c.example\n"
    )
    kept, left_out = pip_settings({"PIP_DEFAULT_TIMEOUT": "180", "PIP_CERT": "/x"}, (first, second))
    assert dict(kept) == {
        "index-url": "https://b.example/simple",
        "extra-index-url": "https://c.example/simple",
        "timeout": "60",
    }
    assert left_out == (
        "pip's extra-index-url: it is a path on this machine",
        "pip's trusted-host: it switches the check of certificates off",
    )


@pytest.mark.parametrize(
    "ending",
    [
        f"/{SECRET}/simple",
        f"/simple/{SECRET}",
        f"/pypi/{SECRET}/simple",
        f"/simple?token={SECRET}",
        f"/simple#{SECRET}",
        f"/simple/;{SECRET}",
        f"/simple%2f{SECRET}",
        f"/repository/{SECRET}/simple",
        f"/artifactory/api/pypi/{SECRET}/simple",
        f"/../{SECRET}",
        f"//{SECRET}/simple",
        f"\\{SECRET}",
        "/simple?",
        "/simple#",
        "/GLPATabcdef/simple",
        "/wJalrXUtnFEMIKMDENG/simple",
    ],
)
@pytest.mark.parametrize("option", ["index-url", "extra-index-url", "find-links", "proxy"])
def test_an_address_that_may_hold_a_token_is_left_out(ending: str, option: str) -> None:
    environment = {f"PIP_{option.upper().replace('-', '_')}": f"https://pypi.example{ending}"}
    kept, left_out = pip_settings(environment, ())
    assert kept == ()
    assert len(left_out) == 1
    assert SECRET not in str(left_out)
    assert "GLPAT" not in str(left_out)


@pytest.mark.parametrize(
    "url",
    [
        "https://pypi.example",
        "https://pypi.example/",
        "https://pypi.example:8443/simple/",
        "https://pypi.example/pypi/simple",
        f"http://10.0.0.7:3141/{DEVPI_MIRROR}/+simple/",
        "https://pypi.example/pypi/team/simple",
        "https://pypi.example/artifactory/api/pypi/pypi-remote/simple",
        "https://pypi.example/repository/pypi-proxy/simple",
        "https://[2001:db8::7]/simple",
    ],
)
def test_addresses_of_indexes_as_they_are_everywhere_go_along(url: str) -> None:
    assert pip_settings({"PIP_INDEX_URL": url}, ()) == ((("index-url", url),), ())


def test_numbers_are_numbers() -> None:
    environment = {"PIP_TIMEOUT": f"60 {SECRET}", "PIP_RETRIES": "7"}
    assert pip_settings(environment, ()) == ((("retries", "7"),), ())


@pytest.mark.parametrize("ending", [f"/{SECRET}", f"/?{SECRET}", f"#{SECRET}", "/simple"])
def test_a_proxy_is_a_host_and_a_port(ending: str) -> None:
    environment = {
        "https_proxy": f"http://proxy.example:3128{ending}",
        "PIP_CONFIG_FILE": "/dev/null",
    }
    trust = machine_trust(environment)
    assert trust.proxies == ()
    assert SECRET not in str(trust)


def test_no_password_is_kept_or_told(tmp_path: Path) -> None:
    environment = {
        "PIP_INDEX_URL": f"https://me:{SECRET}@pypi.example/simple",
        "PIP_PROXY": f"me:{SECRET}@proxy.example:3128",
        "https_proxy": f"http://me:{SECRET}@proxy.example:3128",
        "HTTP_PROXY": "http://127.0.0.1:3128",
        "PIP_CONFIG_FILE": "/dev/null",
    }
    trust = machine_trust(environment)
    assert (trust.pip, trust.proxies) == ((), ())
    assert SECRET not in repr(trust) + trust.pip_conf()
    assert trust.left_out == (
        "pip's index-url: the address at pypi.example has a password in it",
        "pip's proxy: the address at proxy.example has a password in it",
        "the http proxy: it is this machine's own loopback address",
        "the https proxy: the address at proxy.example has a password in it",
    )
    assert [words for words in trust.without_pip().left_out if "pip" in words] == []


def test_a_proxy_goes_along_with_its_exceptions() -> None:
    environment = {
        "https_proxy": "http://proxy.example:3128",
        "NO_PROXY": "localhost,.example",
        "PIP_CONFIG_FILE": "/dev/null",
    }
    assert dict(machine_trust(environment).proxies) == {
        "https_proxy": "http://proxy.example:3128",
        "HTTPS_PROXY": "http://proxy.example:3128",
        "no_proxy": "localhost,.example",
        "NO_PROXY": "localhost,.example",
    }
    assert machine_trust({"NO_PROXY": "x", "PIP_CONFIG_FILE": "/dev/null"}).proxies == ()


@pytest.mark.parametrize(
    "url",
    ["file:///srv", "/srv/wheels", "wheels", "http://localhost/x", "http://[::1]/", "http://["],
)
def test_addresses_of_this_machine_only_are_left_out(url: str) -> None:
    assert usable_url(url)
    assert usable_url("https://pypi.example/simple") == ""


def test_damaged_settings_are_as_none(tmp_path: Path) -> None:
    broken = tmp_path / "pip.conf"
    broken.write_bytes(b"index-url = x\n\xff\xfe[glo")
    assert pip_settings({}, (broken, tmp_path / "missing.conf")) == ((), ())


def test_pips_own_hosts_are_known_again_and_those_of_all_the_world_are_not() -> None:
    environment = {
        "PIP_INDEX_URL": f"https://me:{SECRET}@pypi.example:8443/token/simple",
        "PIP_EXTRA_INDEX_URL": "https://pypi.org/simple http://localhost:3141/simple http://[",
        "PIP_FIND_LINKS": "wheels /opt/wheels file:///opt/wheels",
        "PIP_TRUSTED_HOST": "pypi.example",
    }
    texts = pip_traces(environment, ())
    assert texts[0] == "//pypi.example:8443"
    assert texts[1:] == ("@pypi.example:8443", "trusted-host = pypi.example")
