from pathlib import Path

import pytest
from shop.database import Database, database_from
from workbook_app.settings import BadSetting

URL_WANTED = "DATABASE_URL must be like postgresql://"


@pytest.mark.parametrize(
    ("environment", "database"),
    [
        ({}, None),
        ({"DATABASE_URL": "", "POSTGRES_HOST": "", "POSTGRES_PASSWORD": "x"}, None),
        ({"POSTGRES_HOST": "db"}, Database("db")),
        (
            {"POSTGRES_HOST": "db", "POSTGRES_USER": "shop", "POSTGRES_PASSWORD": "p@ss w"},
            Database("db", 5432, "shop", "p@ss w", "shop"),
        ),
        (
            {"POSTGRES_HOST": "::1", "POSTGRES_PORT": "5433", "POSTGRES_DB": "stock"},
            Database("::1", 5433, "postgres", None, "stock"),
        ),
        (
            {"DATABASE_URL": "postgresql://shop:p%40s%2Fs%25@db:5433/stock"},
            Database("db", 5433, "shop", "p@s/s%", "stock"),
        ),
        ({"DATABASE_URL": "postgres://shop@[::1]"}, Database("::1", 5432, "shop", None, "shop")),
        (
            {"DATABASE_URL": "postgresql://shop@db", "POSTGRES_PASSWORD": "secret"},
            Database("db", 5432, "shop", "secret", "shop"),
        ),
    ],
)
def test_the_environment_names_a_database(
    environment: dict[str, str], database: Database | None
) -> None:
    assert database_from(environment) == database


@pytest.mark.parametrize("written", ["secret", "secret\n", "secret\r\n"])
def test_a_password_may_stand_in_a_file(tmp_path: Path, written: str) -> None:
    file = tmp_path / "password"
    file.write_bytes(written.encode())
    environment = {"POSTGRES_HOST": "db", "POSTGRES_PASSWORD_FILE": str(file)}
    database = database_from(environment)
    assert database is not None
    assert database.password == "secret"
    assert "secret" not in f"{database} {database!r}"


def test_a_password_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    missing = {"POSTGRES_HOST": "db", "POSTGRES_PASSWORD_FILE": str(tmp_path / "none")}
    with pytest.raises(BadSetting, match=r"none' of POSTGRES_PASSWORD_FILE .*: No such"):
        database_from(missing)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(BadSetting, match=r"cannot be read: it is no text\.$"):
        database_from({**missing, "POSTGRES_PASSWORD_FILE": str(tmp_path / "bytes")})


@pytest.mark.parametrize(
    "url",
    [
        "mysql://shop:hush@db/shop",
        "db",
        "postgresql://",
        "postgresql://shop:hush@/shop",
        "postgresql://shop:hush@db:port/shop",
        "postgresql://shop:hush@db:70000/shop",
        "postgresql://shop:hu@sh@db/shop",
        "postgresql://shop:5/hush@db/shop",
        "postgresql://shop:5/hush@db",
        "postgresql://shop:5?hush@db/shop",
        "postgresql://shop:hush@db/shop?sslmode=off",
        "postgresql://shop:hush@db/shop/more",
        "postgresql://shop:hush@[db/shop",
        "postgresql://shop:hush@" + 64 * "a" + "/shop",
    ],
)
def test_a_url_that_is_wrong_is_told_without_a_word_of_it(url: str) -> None:
    with pytest.raises(BadSetting, match=URL_WANTED) as caught:
        database_from({"DATABASE_URL": url})
    assert "hush" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DATABASE_URL": "postgresql://db", "POSTGRES_HOST": "db"}, "Give DATABASE_URL or"),
        ({"POSTGRES_HOST": "d b"}, "POSTGRES_HOST must be .* not 'd b'"),
        ({"POSTGRES_HOST": "db", "POSTGRES_PORT": "0"}, "POSTGRES_PORT must be .* not '0'"),
        (
            {"POSTGRES_HOST": "db", "POSTGRES_PASSWORD": "a", "POSTGRES_PASSWORD_FILE": "b"},
            "Give POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE, not both",
        ),
    ],
)
def test_bad_settings_are_told(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadSetting, match=sentence):
        database_from(environment)
