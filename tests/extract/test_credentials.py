"""Credentials are checked as a whole, before anything is tried."""

from pathlib import Path

import pytest

from defog_metadata.errors import ConfigurationError
from defog_metadata.extract import engine_name, extract, fields_of
from defog_metadata.extract.connect import _url
from defog_metadata.extract.credentials import read_credentials

SERVER = {"host": "db", "database": "shop", "user": "ada", "password": "correct horse"}


@pytest.mark.parametrize(
    ("written", "engine"),
    [
        ("postgres", "postgres"),
        ("PostgreSQL", "postgres"),
        ("mysql", "mysql"),
        ("mariadb", "mysql"),
        (" sqlite ", "sqlite"),
        ("mssql", "sqlserver"),
    ],
)
def test_aliases(written: str, engine: str) -> None:
    assert engine_name(written) == engine
    assert fields_of(written) == fields_of(engine)


def test_unknown_engine() -> None:
    with pytest.raises(ConfigurationError, match=r'no db_type "oracle".*postgres, mysql, sqlite'):
        extract("oracle", {})


@pytest.mark.parametrize(
    ("db_type", "creds", "problems"),
    [
        ("postgres", {**SERVER, "user": ""}, ['"user" is missing']),
        ("postgres", {"usr": "ada"}, ['"host" is missing', '"usr" is not known']),
        ("mysql", {**SERVER, "port": "33o6"}, ['"port" must be a whole number']),
        ("mysql", {**SERVER, "port": 0}, ['"port" must be a whole number']),
        ("mysql", {**SERVER, "port": True}, ['"port" must be a whole number']),
        ("mysql", {**SERVER, "port": 65536}, ['"port" must be a whole number from 1 to 65535']),
        ("mysql", {**SERVER, "charset": "utf-8"}, ['no charset "utf-8"']),
        ("postgres", {**SERVER, "host": 5}, ['"host" must be a text']),
        ("postgres", {**SERVER, "user": "a\0b"}, ['"user" must be a text without control']),
        ("postgres", {**SERVER, "password": "\ud800"}, ['"password" must be a text']),
        ("sqlite", {}, ['"database" is missing', "They need database."]),
        ("sqlite", {"database": "a", "user": "b"}, ['"user" is not known']),
        ("snowflake", {}, ['"account" is missing', '"warehouse" is missing']),
    ],
)
def test_problems(db_type: str, creds: dict[str, object], problems: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        extract(db_type, creds)
    for problem in problems:
        assert problem in str(caught.value)
    assert "correct horse" not in str(caught.value)


def test_what_is_needed_and_what_may_be_given_is_listed() -> None:
    with pytest.raises(ConfigurationError) as caught:
        extract("postgres", {})
    assert str(caught.value).endswith(
        "They need host, database, user and may have port, password, sslmode, sslrootcert, "
        "connect_timeout."
    )


def test_numbers_may_be_texts_and_nothing_means_not_given() -> None:
    credentials = read_credentials("postgres", {**SERVER, "port": " 5433", "sslmode": None})
    assert credentials.number("port", 5432) == 5433
    assert "sslmode" not in credentials.values


def test_no_secret_is_shown() -> None:
    credentials = read_credentials("mysql", SERVER)
    assert credentials.secrets == ("correct horse",)
    assert "correct horse" not in repr(credentials)


@pytest.mark.parametrize(
    ("db_type", "creds", "url"),
    [
        (
            "redshift",
            {**SERVER, "schema": "sales"},
            "redshift+redshift_connector://ada:***@db:5439/shop",
        ),
        (
            "snowflake",
            {"account": "acme", "warehouse": "small", "user": "ada", "password": "p"},
            "snowflake://ada:***@acme?warehouse=small",
        ),
        (
            "databricks",
            {"server_hostname": "acme", "access_token": "p", "http_path": "/sql/1"},
            "databricks://token:***@acme?http_path=%2Fsql%2F1",
        ),
        (
            "sqlserver",
            {"server": "db", "database": "shop", "user": "ada", "password": "p"},
            "mssql+pymssql://ada:***@db:1433/shop",
        ),
    ],
)
def test_urls_of_engines_whose_drivers_are_not_here(
    db_type: str, creds: dict[str, object], url: str
) -> None:
    assert str(_url(read_credentials(db_type, creds))) == url


def test_the_url_of_bigquery_takes_the_project_from_the_key(tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    key.write_text('{"project_id": "acme"}')
    url = _url(read_credentials("bigquery", {"json_key_path": str(key)}))
    assert (url.host, url.query) == ("acme", {"credentials_path": str(key)})
